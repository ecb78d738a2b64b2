#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
: "${srcdir:=.}"
export srcdir builddir
exec python3 "$srcdir/tests/xml/attacks.py"
