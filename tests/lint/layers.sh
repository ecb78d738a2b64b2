#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The table of floors of architecture.md, held against the includes: a folder
# may include its own headers and those of the folders named here.
. "${srcdir:=.}/tests/lint/tap.sh"

stages='source mapping stage sink results report ledger'

sees() {
    case $1 in
    base) echo ;;
    model) echo base ;;
    http) echo base ;;
    salesforce) echo http model base ;;
    sink) echo salesforce http model base ;;
    source | mapping | stage | results | report | ledger) echo model base ;;
    pipeline) echo "$stages" salesforce http model base ;;
    cli) echo pipeline "$stages" salesforce http model base ;;
    rehearsal) echo base ;;
    *) return 1 ;;
    esac
}

# complaints FOLDER: the includes that lead where they may not.
complaints() {
    allowed=" $1 $(sees "$1") "
    grep -rnE '^#include "' "$srcdir/etl/$1" --include='*.[ch]' |
        while IFS= read -r line; do
            target=${line#*\"}
            case $allowed in
            *" ${target%%/*} "*) ;;
            *) echo "${line#"$srcdir/"}" ;;
            esac
        done
}

for path in "$srcdir"/etl/*/; do
    folder=$(basename "$path")
    [ -n "$(find "$path" -name '*.[ch]' | head -n 1)" ] || continue
    if sees "$folder" >/dev/null; then
        judge "etl/$folder looks down only" "$(complaints "$folder")"
    else
        judge "etl/$folder has a floor" "not in the table of this test"
    fi
done
judge "etl/main.c sees the command line only" "$(
    grep -n '^#include "' "$srcdir/etl/main.c" | grep -v '"cli/cli.h"'
)"
finish
