#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each mapping, or piece of one, that sfetl-mapping(5) shows is read without a
# fault, and the examples in it pass.
. "${srcdir:=.}/tests/lint/tap.sh"

exec python3 "$srcdir/tests/lint/man_examples.py" \
    "$srcdir/man/sfetl-mapping.5" "$builddir/sfetl"
