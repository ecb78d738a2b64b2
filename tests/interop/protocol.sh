#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the rehearsal org shows on the wire and what it refuses: sign-in, the
# life of a Bulk 2.0 job, faults, and a restart in mid-job.
: "${srcdir:=.}" "${builddir:=.}"
here=$(cd "$srcdir/tests/interop" && pwd)
program=$(cd "$builddir" && pwd)/sfetl-rehearsal
work=$(cd "$builddir" && pwd)/tests/interop/protocol

rm -rf "$work"
mkdir -p "$work" || exit 99
trap '"$program" stop --dir "$work/org" >/dev/null' EXIT
"${PYTHON3:-python3}" "$here/protocol_test.py" "$program" "$work/org" \
    "$here/schema.yaml"
