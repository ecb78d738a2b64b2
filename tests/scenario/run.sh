#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Scenario tests: whole runs against one rehearsal org. A folder a case:
#
#   cmd          shell lines; $SFETL is the program, $URL the org's address,
#                $ORG its folder, $SAMPLES and $MAPPINGS the shipped ones
#   faults.yaml  what the org shall do wrong meanwhile
#   orgs.yaml    orgs to choose from; @URL@ is the org's address
#   want.exit    the code that cmd ends with
#   want.stdout, want.stderr
#                a line an extended regular expression that must be found; one
#                that begins with ! must not
#   history      arguments for the judge (tests/history), a line a run: source,
#                results and the org's commit log must tell the same
#   want/        files of the case's folder, byte for byte; Ids read as ID
#
# Each case begins with an empty org. Whatever a run leaves behind must add up
# (accounting.py). UPDATE=1 writes want/ anew; CASES="a b" runs only these.
set -u
: "${srcdir:=.}" "${builddir:=.}"
cases=$(cd "$srcdir/tests/scenario" && pwd)
checker=$(cd "$srcdir/tests/history" && pwd)/check_history.py
top=$(cd "$builddir" && pwd)
work=$top/tests/scenario.tmp
export SFETL=$top/sfetl URL='' ORG=$work/state/sfetl/rehearsal
SAMPLES=$(cd "$srcdir/samples" && pwd)
MAPPINGS=$(cd "$srcdir/mappings" && pwd)
export SAMPLES MAPPINGS

prepare() {
    export XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
    [ ! -d "$work" ] || stop_org
    chmod -R u+w "$work" 2>/dev/null
    rm -rf "$work"
    mkdir -p "$work/state" "$work/config"
    export TZ=UTC LC_ALL=C.UTF-8 NO_COLOR=1
    unset SFETL_CONFIG http_proxy https_proxy
}

start_org() {
    "$SFETL" rehearsal start --port 0 --latency-ms 5 \
        --schema "$SAMPLES/rehearsal-schema.yaml" >"$work/start" 2>&1 &&
        find_org && return
    cat "$work/start" >&2
    return 1
}

# Its address, which may be another after a reset.
find_org() {
    URL=$("$SFETL" rehearsal status | grep -Eo 'http://127\.0\.0\.1:[0-9]+')
}

stop_org() {
    "$SFETL" rehearsal stop >/dev/null 2>&1 || true
}

# org_control PATH [FILE]: a change of the running org.
org_control() {
    python3 - "$URL$1" "${2-}" <<'PY'
import sys
import urllib.error
import urllib.request
body = open(sys.argv[2], "rb").read() if sys.argv[2] else b""
request = urllib.request.Request(sys.argv[1], data=body, method="POST")
try:
    urllib.request.urlopen(request).read()
except urllib.error.HTTPError as err:
    sys.exit(err.read().decode())
PY
}

# run_case NAME: leaves stdout, stderr and code.
run_case() {
    local folder=$work/$1
    cp -R "$cases/$1" "$folder"
    chmod -R u+w "$folder"
    rm -rf "$folder/want"
    { "$SFETL" rehearsal reset >"$folder/reset" 2>&1 && find_org; } ||
        { cat "$folder/reset"; return; }
    if [ -f "$folder/faults.yaml" ]; then
        org_control /rehearsal/faults "$folder/faults.yaml" ||
            echo "the org refuses faults.yaml" >"$folder/refused"
    fi
    if [ -f "$folder/orgs.yaml" ]; then
        sed -i "s|@URL@|$URL|" "$folder/orgs.yaml"
        export SFETL_CONFIG=$folder/orgs.yaml
    else
        unset SFETL_CONFIG
    fi
    (
        cd "$folder" || exit 99
        bash -u ./cmd >stdout 2>stderr </dev/null
        echo $? >code
    )
}

# The three letters of an object, its number, the checksum.
hide_ids() {
    sed -E 's/\b(001|003|a[0-9]{2})[A-Za-z0-9]{12}([A-Z0-5]{3})?\b/ID/g' "$1"
}

update() {
    local file
    [ -d "$cases/$1/want" ] || return
    while read -r file; do
        hide_ids "$work/$1/$file" >"$cases/$1/want/$file"
    done < <(cd "$cases/$1/want" && find . -type f)
}

match_patterns() {
    local pattern status=0
    [ -f "$cases/$1/want.$2" ] || return 0
    while IFS= read -r pattern; do
        if [ "${pattern#!}" = "$pattern" ]; then
            grep -aqE -e "$pattern" "$work/$1/$2" && continue
            echo "not found in $2: $pattern"
        else
            grep -aqE -e "${pattern#!}" "$work/$1/$2" || continue
            echo "found in $2: ${pattern#!}"
        fi
        status=1
    done <"$cases/$1/want.$2"
    return $status
}

judge_history() {
    local line words status=0
    [ -f "$cases/$1/history" ] || return 0
    while read -r line; do
        read -r -a words <<<"$line"
        (cd "$work/$1" &&
            python3 "$checker" --commits "$ORG/commits.jsonl" "${words[@]}") ||
            status=1
    done <"$cases/$1/history"
    return $status
}

judge() {
    local file status=0
    diff -u "$cases/$1/want.exit" "$work/$1/code" || status=1
    match_patterns "$1" stdout || status=1
    match_patterns "$1" stderr || status=1
    if [ -d "$cases/$1/want" ]; then
        while read -r file; do
            diff -a -u "$cases/$1/want/$file" \
                <(hide_ids "$work/$1/$file") || status=1
        done < <(cd "$cases/$1/want" && find . -type f)
    fi
    [ ! -f "$work/$1/refused" ] || { cat "$work/$1/refused"; status=1; }
    python3 "$cases/accounting.py" "$work/$1" || status=1
    judge_history "$1" || status=1
    return $status
}

report() {
    if [ "$2" -eq 0 ]; then
        echo "ok $number - $1"
        return
    fi
    failures=$((failures + 1))
    echo "not ok $number - $1"
    { cat "$work/$1/judged"; tail -n 20 "$work/$1/stderr"; } | sed 's/^/# /'
}

prepare
trap stop_org EXIT
mapfile -t names < <(cd "$cases" && printf '%s\n' */cmd)
names=("${names[@]%/cmd}")
[ -z "${CASES-}" ] || read -r -a names <<<"$CASES"
echo "1..${#names[@]}"
start_org || { echo "Bail out! the rehearsal org does not start"; exit 0; }
number=0
failures=0
for name in "${names[@]}"; do
    number=$((number + 1))
    run_case "$name"
    [ -z "${UPDATE-}" ] || update "$name"
    judge "$name" >"$work/$name/judged" 2>&1
    report "$name" $?
done
stop_org
# What failed stays, to be looked at.
[ "$failures" -gt 0 ] || rm -rf "$work"
exit 0
