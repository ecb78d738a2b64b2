#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Manual pages are sound mdoc.
. "${srcdir:=.}/tests/lint/tap.sh"

command -v mandoc >/dev/null || skip_all 'mandoc is not installed'

# A page that refers to another of ours finds it here.
for path in "$srcdir"/man/*.[1-9]; do
    judge "$(basename "$path")" "$(
        mandoc -T lint -W warning "$path" 2>&1
        sed -n 's/^\.Xr \(sfetl[a-z-]*\) \([1-9]\).*/\1.\2/p' "$path" |
            sort -u | while IFS= read -r page; do
            [ -f "$srcdir/man/$page" ] || echo "refers to $page"
        done
    )"
done
finish
