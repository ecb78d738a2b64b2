#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# foo.c exports only foo and foo_*, and no two files share a name.
. "${srcdir:=.}/tests/lint/tap.sh"
: "${builddir:=.}"

command -v nm >/dev/null || skip_all 'nm is not installed'

# Its object in the build tree; automake may put "PROGRAM-" before the name.
object_of() {
    folder=$builddir/$(dirname "$1")
    name=$(basename "$1" .c)
    for object in "$folder/$name.o" "$folder"/*-"$name.o"; do
        [ -f "$object" ] && echo "$object" && return
    done
}

# Symbols that others can see; a leading _ is the compiler's own.
strangers() {
    name=$(basename "$1" .c)
    nm -g --defined-only "$2" |
        awk -v name="$name" '$3 !~ "^_" && $3 != name && $3 != "main" &&
            index($3, name "_") != 1 { print $3 }'
}

for path in $(cd "$srcdir" && find etl -name '*.c' ! -name main.c | sort); do
    object=$(object_of "$path")
    [ -n "$object" ] || continue
    judge "$path" "$(strangers "$path" "$object")"
done
judge 'names of files are unique' "$(
    find "$srcdir/etl" -name '*.c' -exec basename {} \; | sort | uniq -d
)"
finish
