#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The SOAP Partner API: what the rehearsal org shows and refuses, and that all
# that it and sfetl say to one another fits the Partner WSDL's schemas. The
# WSDL is Salesforce's and no part of this tree: where it lies beside it, or
# WSDL_DIR names a folder with partner-v*.wsdl, messages are validated.
: "${srcdir:=.}" "${builddir:=.}"
here=$(cd "$srcdir/tests/interop" && pwd)
top=$(cd "$builddir" && pwd)
work=$top/tests/interop/soap

rm -rf "$work"
mkdir -p "$work" || exit 99
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
trap '"$top/sfetl-rehearsal" stop --dir "$work/org" >/dev/null' EXIT
"${PYTHON3:-python3}" "$here/soap_test.py" "$top" "$work" \
    "$here/schema.yaml" "${WSDL_DIR:-$srcdir/../shared/data/wsdl}"
