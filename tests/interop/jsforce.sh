#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A third-party client, npm's jsforce, works against the rehearsal org
# unchanged. It is installed into the build tree; without node, npm or a
# registry the test is skipped.
: "${srcdir:=.}" "${builddir:=.}"
here=$(cd "$srcdir/tests/interop" && pwd)
program=$(cd "$builddir" && pwd)/sfetl-rehearsal
work=$(cd "$builddir" && pwd)/tests/interop/work

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

command -v node >/dev/null || skip_all 'node is not installed'
command -v npm >/dev/null || skip_all 'npm is not installed'

mkdir -p "$work/client" || exit 99
cp "$here/package.json" "$here/package-lock.json" "$work/client" || exit 99
chmod u+w "$work/client"/package*.json
if ! [ -d "$work/client/node_modules/jsforce" ]; then
    (cd "$work/client" &&
        npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1) ||
        skip_all 'jsforce could not be installed'
fi

rm -rf "$work/org"
"$program" start --dir "$work/org" --schema "$here/schema.yaml" --port 0 \
    --latency-ms 10 >"$work/start.log" 2>&1 || {
    sed 's/^/# /' "$work/start.log"
    echo 'not ok 1 - the rehearsal org starts'
    echo '1..1'
    exit 0
}
trap '"$program" stop --dir "$work/org" >/dev/null' EXIT
node "$here/jsforce_test.js" "$work/org/address.json" "$work/client"
