#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Golden tests: a folder a case, with mapping.yaml or args, and in want/ what
# sfetl says and with which code it ends, byte for byte. No org is asked:
# types come from the describes in describe/.
#
#   args   the command, one word a line; absent: preview, all rows, as CSV
#   setup  shell lines that make what can't be kept as a file
#   want/  out, err, exit
#
# UPDATE=1 tests/golden/run.sh writes want/ anew; look at the diff then.
# CASES="a b" runs only these.
set -u
: "${srcdir:=.}" "${builddir:=.}"
cases=$(cd "$srcdir/tests/golden" && pwd)
top=$(cd "$builddir" && pwd)
work=$top/tests/golden.tmp
sfetl=$top/sfetl

prepare() {
    chmod -R u+w "$work" 2>/dev/null
    rm -rf "$work"
    mkdir -p "$work/state/sfetl/describe/golden" "$work/config/sfetl"
    cp "$cases"/describe/*.json "$work/state/sfetl/describe/golden/"
    cat >"$work/config/sfetl/orgs.yaml" <<'YAML'
default: golden
orgs:
  golden:
    instance_url: http://127.0.0.1:9
    auth: access_token
    access_token_env: SFETL_TOKEN
YAML
    export XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
    export SFETL_TOKEN=unused TZ=UTC LC_ALL=C.UTF-8 NO_COLOR=1
    unset SFETL_CONFIG
}

# run_case NAME: leaves out, err and exit in got/.
run_case() {
    local folder=$work/$1
    local args=(preview mapping.yaml --offline --rows all --format csv)
    cp -R "$cases/$1" "$folder"
    chmod -R u+w "$folder"
    rm -rf "$folder/want"
    mkdir "$folder/got"
    [ ! -f "$folder/args" ] || mapfile -t args <"$folder/args"
    (
        cd "$folder" || exit 99
        # shellcheck source=/dev/null
        [ ! -f setup ] || . ./setup
        "$sfetl" "${args[@]}" >got/out 2>got/err </dev/null
        echo $? >got/exit
    )
}

update() {
    rm -rf "${cases:?}/$1/want"
    find "$work/$1/got" -empty -delete
    cp -R "$work/$1/got" "$cases/$1/want"
}

# An empty out or err need not be in want/.
compare() {
    local file status=0
    for file in out err exit; do
        if [ ! -s "$cases/$1/want/$file" ] && [ ! -s "$work/$1/got/$file" ]
        then
            continue
        fi
        diff -a -u "$cases/$1/want/$file" "$work/$1/got/$file" || status=1
    done
    return $status
}

prepare
mapfile -t names < <(cd "$cases" &&
    printf '%s\n' */mapping.yaml */args | sed 's|/.*||' | sort -u)
[ -z "${CASES-}" ] || read -r -a names <<<"$CASES"
echo "1..${#names[@]}"
number=0
failures=0
for name in "${names[@]}"; do
    number=$((number + 1))
    run_case "$name"
    [ -z "${UPDATE-}" ] || update "$name"
    if difference=$(compare "$name"); then
        echo "ok $number - $name"
    else
        failures=$((failures + 1))
        echo "not ok $number - $name"
        printf '%s\n' "$difference" | sed 's/^/# /'
    fi
done
# What failed stays, to be looked at.
[ "$failures" -gt 0 ] || rm -rf "$work"
exit 0
