#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fault tests for `make check`: 30 random kills, the fault matrix on small
# data, and the ways of going on, at the same time, for most of it is waiting.
# The long ones are tests/fault/all.sh (`make check-all`).
set -u
: "${srcdir:=.}" "${builddir:=.}"
here=$(cd "$srcdir/tests/fault" && pwd)
schema=$(cd "$srcdir/samples" && pwd)/rehearsal-schema.yaml
top=$(cd "$builddir" && pwd)
work=$top/tests/fault.tmp
preload=$top/tests/fault/fault_preload.so
unset SFETL_CONFIG http_proxy https_proxy
export TZ=UTC LC_ALL=C.UTF-8 NO_COLOR=1

if ldd "$top/sfetl" 2>/dev/null | grep -Eq 'lib(a|ub)san'; then
    echo '1..0 # SKIP sanitizers and an interposer do not go together'
    exit 0
fi
rm -rf "$work"
mkdir -p "$work"

play() {
    local name=$1 script=$2
    shift 2
    timeout 170 python3 "$here/$script" "$@" --sfetl "$top/sfetl" \
        --rehearsal "$top/sfetl-rehearsal" --schema "$schema" \
        --work "$work/$name" >"$work/$name.tap" 2>&1 ||
        echo "not ok - $name ends with $?" >>"$work/$name.tap"
}

play kills fault_loop.py random-kill --rounds 30 --latency 5 &
play kills_xml fault_loop.py random-kill --xml --rounds 6 --latency 5 &
play matrix fault_matrix.py --quick --workers 8 &
play going_on going_on.py --preload "$preload" &
wait

# One count of the tests of all.
cat "$work"/*.tap | awk '
    /^1\.\.[0-9]+$/ { next }
    /^(not )?ok / {
        word = /^not/ ? "not ok" : "ok"
        sub(/^(not )?ok [0-9]* ?-? ?/, "")
        print word, ++count, "-", $0
        bad = bad || word != "ok"
        next
    }
    { print }
    END { print "1.." count; exit bad }' && rm -rf "$work"
exit 0
