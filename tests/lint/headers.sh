#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each header compiles alone, and its guard is named after its path.
. "${srcdir:=.}/tests/lint/tap.sh"

modules='libxml-2.0 libcurl jansson yaml-0.1 sqlite3 libjwt libmicrohttpd'
# shellcheck disable=SC2086 # words
flags=$(pkg-config --cflags $modules libxxhash 2>/dev/null)

compile() {
    # shellcheck disable=SC2086 # words
    printf '#include "%s"\n' "$1" |
        $CC -std=gnu17 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra $flags \
            -I"$srcdir/etl" -x c - 2>&1
}

guard() {
    name=ETL_$(printf '%s' "$1" | tr 'a-z/.' 'A-Z__')
    grep -qx "#ifndef $name" "$srcdir/etl/$1" || echo "the guard is not $name"
}

for path in $(cd "$srcdir/etl" && find . -name '*.h' | sort); do
    path=${path#./}
    judge "etl/$path" "$(compile "$path")$(guard "$path")"
done
finish
