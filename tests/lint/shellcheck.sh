#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shell scripts are sound, and so is the completion that sfetl prints for bash.
. "${srcdir:=.}/tests/lint/tap.sh"
: "${builddir:=.}"

command -v shellcheck >/dev/null || skip_all 'shellcheck is not installed'

for path in bootstrap .ci/run $(cd "$srcdir" && find tests -name '*.sh' | sort)
do
    [ ! -f "$srcdir/$path" ] || judge "$path" \
        "$(cd "$srcdir" && shellcheck -x -e SC1091 "$path" 2>&1)"
done
if [ -x "$builddir/sfetl" ]; then
    judge 'bash completion' "$(
        "$builddir/sfetl" completion bash | shellcheck -s bash - 2>&1
    )"
fi
finish
