#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every source says its licence in its first lines.
. "${srcdir:=.}/tests/lint/tap.sh"

sources() {
    cd "$srcdir" || exit
    find etl man tests \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \
        -o -name '*.mk' -o -name '*.[15]' \) -type f | sort
    for path in configure.ac Makefile.am bootstrap; do
        [ ! -f "$path" ] || echo "$path"
    done
}

for path in $(sources); do
    judge "$path" "$(
        head -n 3 "$srcdir/$path" |
            grep -q 'SPDX-License-Identifier: Apache-2.0' || echo 'it does not'
    )"
done
finish
