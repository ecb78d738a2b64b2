#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every stable name of an error has a page of 'sfetl explain', and no page is
# of a name that does not exist.
. "${srcdir:=.}/tests/lint/tap.sh"

cd "$srcdir" || exit

sources() {
    sed -n 's/#.*//;s/.*%D%\/\([^ ]*\.c\).*/etl\/\1/p' etl/local.mk |
        grep -vE '^etl/(cli|http/http|rehearsal|main)'
}

# Our pages; Salesforce's codes are in the other two files.
pages() {
    for theme in value source run mapping formula yaml loader; do
        sed -n 's/.*\.name = "\([^"]*\)".*/\1/p' \
            "etl/cli/explain/pages_$theme.c"
    done | sort
}

# A name stands at the end of a message, or is a text of its own. What has a
# hyphen and is no name: encodings, and words for a protocol.
with_brackets() {
    # shellcheck disable=SC2046 # paths without blanks
    grep -shoE '\[[a-z][a-z0-9-]*\]"' $(sources) | tr -d '[]"'
}

alone() {
    # shellcheck disable=SC2046
    grep -shoE '"[a-z]+[0-9]*(-[a-z0-9]+)+"' $(sources) | tr -d '"' |
        grep -vxE 'utf-8|windows-[0-9]+|iso-[0-9-]+'
}

assigned() {
    # shellcheck disable=SC2046
    grep -shoE '\.code = "[a-z-]+"' $(sources) | cut -d'"' -f2
}

names() {
    { with_brackets && alone && assigned; } | sort -u
}

# Short ones without a hyphen are looked for by the page's name.
is_there() {
    # shellcheck disable=SC2046
    grep -sqF -e "\"$1\"" -e "[$1]\"" $(sources)
}

judge 'there are names, and pages' "$(
    [ "$(names | wc -l)" -gt 50 ] && [ "$(pages | wc -l)" -gt 50 ] ||
        echo 'too few: has the way changed in which they are written?'
)"
judge 'every name has a page' "$(
    names | grep -vxF -e "$(pages)"
)"
judge 'every page is of a name' "$(
    for name in $(pages); do
        is_there "$name" || echo "$name"
    done
)"
judge 'no name has two pages' "$(
    sed -n 's/.*\.name = "\([^"]*\)".*/\1/p' etl/cli/explain/pages_*.c |
        tr '[:upper:]' '[:lower:]' | sort | uniq -d
)"
finish
