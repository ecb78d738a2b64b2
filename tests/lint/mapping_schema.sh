#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mappings/mapping.schema.json, which editors read: it knows the keys that the
# program knows, takes each mapping of the project, and refuses wrong ones.
. "${srcdir:=.}/tests/lint/tap.sh"

python3 -W ignore -c 'import jsonschema, yaml' 2>/dev/null ||
    skip_all "python3-jsonschema and python3-yaml are not installed"

exec python3 -W ignore "$srcdir/tests/lint/mapping_schema.py" "$srcdir"
