#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The long fault tests, for `make check-all`: every call of a small run is
# killed at, loses its power, and fails; 1,000 random kills; every fault at
# every phase for every operation; chaos. Prints TAP; exits 1 when one failed.
#
#   KILLS    random kills (1000)
#   ROUNDS   calls tried of each kind that fails, 0 for all (0)
#   MALLOCS  allocations that fail, 0 for all (1000)
#   SECONDS_OF_CHAOS (300), SEED (1)
set -u
: "${srcdir:=.}" "${builddir:=.}"
: "${KILLS:=1000}" "${ROUNDS:=0}" "${MALLOCS:=1000}"
: "${SECONDS_OF_CHAOS:=300}" "${SEED:=1}"
here=$(cd "$srcdir/tests/fault" && pwd)
schema=$(cd "$srcdir/samples" && pwd)/rehearsal-schema.yaml
top=$(cd "$builddir" && pwd)
work=$top/tests/fault-all.tmp
preload=$top/tests/fault/fault_preload.so
unset SFETL_CONFIG http_proxy https_proxy
export TZ=UTC LC_ALL=C.UTF-8 NO_COLOR=1
bad=0

play() {
    local script=$1
    shift
    python3 "$here/$script" "$@" --sfetl "$top/sfetl" \
        --rehearsal "$top/sfetl-rehearsal" --schema "$schema" \
        --work "$work" | tee "$work.tap"
    if [ "${PIPESTATUS[0]}" -ne 0 ] || grep -q '^not ok' "$work.tap"; then
        bad=1
    fi
}

play going_on.py --whole --preload "$preload"
play fault_matrix.py
play fault_matrix.py --api rest
play fault_matrix.py --api soap
for mode in kill powercut; do
    play fault_loop.py "$mode" --latency 5 --preload "$preload"
done
play fault_loop.py fail --latency 5 --preload "$preload" --rounds "$ROUNDS" \
    --kinds write,fsync,rename,open,read,connect
play fault_loop.py fail --latency 5 --preload "$preload" \
    --rounds "$MALLOCS" --kinds malloc
play fault_loop.py random-kill --latency 5 --rounds "$KILLS" --seed "$SEED"
for operation in insert upsert; do
    play fault_loop.py random-kill --latency 5 --rounds $((KILLS / 10)) \
        --seed "$SEED" --api soap --operation "$operation"
done
play fault_loop.py random-kill --xml --latency 5 --rounds $((KILLS / 10)) \
    --seed "$SEED"
play fault_loop.py kill --xml --latency 5 --preload "$preload" --rounds 200
play fault_loop.py kill --latency 5 --preload "$preload" --rounds 300 \
    --operation upsert --tree
for operation in insert upsert; do
    play fault_loop.py kill --latency 5 --preload "$preload" --api rest \
        --operation "$operation"
done
for operation in update delete; do
    play fault_loop.py kill --latency 5 --preload "$preload" --rounds 150 \
        --operation "$operation"
done
play chaos.py --seconds "$SECONDS_OF_CHAOS" --seed "$SEED"
rm -rf "$work" "$work.tap"
exit $bad
