#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Real and hostile XML from ../shared/data, where it lies beside the source
# tree: every well-formed file is read, every other one ends with exit 4 and a
# place in it, and nothing takes long or much memory.
set -u
: "${srcdir:=.}" "${builddir:=.}"
data=$(cd "$srcdir/../shared/data" 2>/dev/null && pwd)
if [ ! -d "$data/erp-xml" ] || [ ! -d "$data/xml-attacks" ]; then
    echo "1..0 # SKIP no XML beside the source tree"
    exit 0
fi
work=$(cd "$builddir" && pwd)/tests/xml.tmp
sfetl=$(cd "$builddir" && pwd)/sfetl
memory_kb=400000
seconds=20

# What is not well-formed in erp-xml, and what is no attack but plain data.
broken='ado-rowset-hierarchical-malformed-ampersand
sap-idoc-zmatmas05-unescaped-ampersand'
plain='defusedxml-external-dtd libxml2-lol-ip-content libxml2-recursive
libxml2-txtinclude long-text-node-400k xinclude-file xxe-xxe-inside-svg'

wanted() {
    local name
    name=$(basename "$1" .xml)
    case $1 in
    */erp-xml/*) ! grep -qxF "$name" <<<"$broken" ;;
    *) grep -qwF -- "$name" <<<"$plain" ;;
    esac && echo 0 || echo 4
}

# A sanitizer's shadow takes more than any limit.
limit_memory() {
    "$sfetl" --version >/dev/null 2>&1 && ulimit -v $memory_kb &&
        "$sfetl" --version >/dev/null 2>&1
}

read_file() {
    cat >"$work/mapping.yaml" <<YAML
sfetl: 1
source: { format: xml, path: "$1", record: "/*" }
loads:
  - object: Account
    operation: insert
    fields:
      Name: "*[1]"
      Description: "@none"
YAML
    (
        (limit_memory) && ulimit -v $memory_kb
        timeout $seconds "$sfetl" preview "$work/mapping.yaml" --offline \
            --rows all --format csv >"$work/out" 2>"$work/err" </dev/null
    )
}

export XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config NO_COLOR=1
mkdir -p "$work"
files=("$data"/erp-xml/*.xml "$data"/xml-attacks/*.xml)
echo "1..${#files[@]}"
number=0
for file in "${files[@]}"; do
    number=$((number + 1))
    read_file "$file"
    got=$?
    want=$(wanted "$file")
    place=$(grep -cE "$(basename "$file"):[0-9]+" "$work/err")
    if [ "$got" = "$want" ] && { [ "$want" = 0 ] || [ "$place" -gt 0 ]; }; then
        echo "ok $number - $(basename "$file")"
    else
        echo "not ok $number - $(basename "$file")"
        echo "# exit $got instead of $want"
        sed 's/^/# /' "$work/err"
    fi
done
rm -rf "$work"
exit 0
