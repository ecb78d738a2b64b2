#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Date patterns and time zones against Python's. CASES and SEED may be set.
: "${srcdir:=.}" "${builddir:=.}"
exec python3 "$srcdir/tests/property/date_cases.py" \
    "$builddir/tests/property/date_driver" "${CASES:-5000}" "${SEED:-1}"
