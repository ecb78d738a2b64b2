#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Arithmetic against Python's decimal module. CASES and SEED may be set.
: "${srcdir:=.}" "${builddir:=.}"
exec python3 "$srcdir/tests/property/decimal_cases.py" \
    "$builddir/tests/property/decimal_driver" "${CASES:-10000}" "${SEED:-1}"
