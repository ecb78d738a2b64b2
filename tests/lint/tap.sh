# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The Test Anything Protocol for the lint scripts, which source this file.
: "${srcdir:=.}" "${builddir:=.}" "${CC:=cc}"
number=0

# judge NAME COMPLAINTS: passes when there are none.
judge() {
    number=$((number + 1))
    if [ -z "$2" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        printf '%s\n' "$2" | sed 's/^/# /'
    fi
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

finish() {
    echo "1..$number"
    exit 0
}
