#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Functions that are not used here, and where some may be.
. "${srcdir:=.}/tests/lint/tap.sh"

# calls PATTERN [GREP OPTION]...: lines that call such a function, outside of
# comments of one line.
calls() {
    pattern=$1
    shift
    (
        cd "$srcdir" || exit
        grep -rnE "(^|[^A-Za-z0-9_])($pattern) *\\(" etl --include='*.c' "$@"
    ) | sed 's|/\*.*\*/||' | grep -E "(^|[^A-Za-z0-9_])($pattern) *\\("
}

for name in strcpy strcat sprintf vsprintf gets strtok atoi atol atof scanf \
    sscanf fscanf system popen tmpnam alloca; do
    judge "no $name" "$(calls "$name")"
done
judge 'heap memory comes from base/mem.c' \
    "$(calls 'malloc|calloc|realloc' | grep -v '^etl/base/mem.c:')"
judge 'only main exits' \
    "$(calls exit | grep -vE '^etl/(main|rehearsal/rehearsal_main)\.c:')"
judge 'only base/log.c and cli/ print to standard error' "$(
    (cd "$srcdir" && grep -rnE 'fprintf\(stderr|fputs\([^;]*stderr' etl \
        --include='*.c') |
        grep -vE '^etl/(base/(log|mem)\.c|cli/|rehearsal/rehearsal_main\.c)'
)"
finish
