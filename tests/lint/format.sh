#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sources are as clang-format 14 writes them.
. "${srcdir:=.}/tests/lint/tap.sh"

clang-format --version 2>/dev/null | grep -q 'version 14\.' ||
    skip_all 'clang-format 14 is not installed'

for path in $(cd "$srcdir" && find etl tests -name '*.[ch]' | sort); do
    judge "$path" "$(cd "$srcdir" &&
        clang-format --style=file --dry-run "$path" 2>&1 | head -n 5)"
done
finish
