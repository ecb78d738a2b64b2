#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sources at addresses: whole runs whose rows come by HTTPS, from a server with
# a CA of its own that shows faults, and by SFTP from a real sshd, both on
# loopback. The sshd runs as the user of the test with keys made here; where
# none can be started, its tests are skipped.
# shellcheck disable=SC2317  # functions are called through ok
set -u
: "${srcdir:=.}" "${builddir:=.}"
here=$(cd "$srcdir/tests/fetch" && pwd)
history=$(cd "$srcdir/tests/history" && pwd)/check_history.py
samples=$(cd "$srcdir/samples" && pwd)
top=$(cd "$builddir" && pwd)
work=$top/tests/fetch.tmp
SFETL=$top/sfetl
ROWS=300
pids=()

rm -rf "$work"
mkdir -p "$work/www" "$work/config/sfetl" "$work/home/.ssh"
cd "$work" || exit 1
export XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config HOME=$work/home
export TZ=UTC LC_ALL=C.UTF-8 NO_COLOR=1
unset SFETL_CONFIG http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY

stop() {
    local pid
    "$SFETL" rehearsal stop >/dev/null 2>&1
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
}
trap stop EXIT

number=0
failures=0

# ok NAME COMMAND...: the command's end is the verdict.
ok() {
    local name=$1
    shift
    number=$((number + 1))
    if "$@" >judged 2>&1; then
        echo "ok $number - $name"
    else
        failures=$((failures + 1))
        echo "not ok $number - $name"
        sed 's/^/# /' judged out 2>/dev/null | tail -n 20
    fi
}

skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}

make_input() {
    seq -f 'A%g,the first of all' 0 "$ROWS" | sed '1s/.*/No,Name/' >customers.csv
    cp customers.csv www/customers.csv
    cat >mapping.yaml <<'YAML'
sfetl: 1
name: fetched
params: { from: "" }
source: { path: "${from}" }
loads:
  - object: Account
    operation: upsert
    external_id: ERP_Id__c
    fields:
      ERP_Id__c: No
      Name: Name
      Description: =FILENAME()
YAML
}

make_certificates() {
    local quiet=(-nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256)
    {
        openssl req -x509 "${quiet[@]}" -keyout ca.key -out ca.pem -days 2 \
            -subj '/CN=a CA of this test' -addext keyUsage=critical,keyCertSign
        openssl req "${quiet[@]}" -keyout server.key -out server.csr \
            -subj /CN=localhost
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >server.ext
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key \
            -CAcreateserial -days 2 -extfile server.ext -out server.crt
    } >openssl.log 2>&1
    cat server.crt server.key >www/server.pem
}

wait_for_file() {
    local tries=0
    until [ -s "$1" ] || [ $((tries += 1)) -gt 200 ]; do sleep 0.02; done
    [ -s "$1" ]
}

# run NAME ADDRESS [OPTION]...: leaves out and code, and the run in NAME/.
run() {
    local name=$1 from=$2
    shift 2
    "$SFETL" rehearsal reset >/dev/null 2>&1
    "$SFETL" run mapping.yaml --org rehearsal --set "from=$from" \
        --run-dir "$name" "$@" >out 2>&1
    code=$?
}

holds() {
    python3 "$history" --source "${2-customers.csv}" --run "$1" \
        --key No=ERP_Id__c --commits "$ORG/commits.jsonl" --no-doubt
}

# loads NAME ADDRESS PATTERN: all rows, and the requests that were made.
loads() {
    : >www/requests
    run "$1" "$2"
    [ "$code" -eq 0 ] && holds "$1" "${4-customers.csv}" &&
        grep -qE -e "$3" www/requests && [ ! -e "$1/source" ] &&
        [ -z "$(find state/sfetl/spool -name '*.csv*')" ]
}

# refuses CODE PATTERN ADDRESS [OPTION]...
refuses() {
    local wanted=$1 pattern=$2 from=$3
    shift 3
    run refused "$from" "$@"
    rm -rf refused
    [ "$code" -eq "$wanted" ] && grep -qE -e "$pattern" out &&
        ! grep -rq -e 'pass word' -e abc123 out state
}

https_cases() {
    local port base
    python3 "$here/file_server.py" www &
    pids+=($!)
    wait_for_file www/port || return
    port=$(cat www/port)
    base=https://localhost:$port
    printf 'pass word\n' >password
    chmod 600 password
    cat >config/sfetl/orgs.yaml <<YAML
connections:
  $base/: { ca_file: $work/ca.pem }
  $base/auth/:
    { ca_file: $work/ca.pem, username: sfetl, password_file: $work/password }
  $base/token: { ca_file: $work/ca.pem, token_env: FETCH_TOKEN }
YAML
    export FETCH_TOKEN=abc123
    ok 'https: a file' loads plain "$base/plain/customers.csv" ' - - 200$'
    ok 'https: FILENAME() is its own name' \
        grep -q '"Description":"customers.csv"' "$ORG/commits.jsonl"
    ok 'https: an answer that is cut is gone on with' \
        loads cut "$base/cut/customers.csv" ' bytes=[0-9]+- "cut-1" 206$'
    sed 's/first/other/' customers.csv >other.csv
    ok 'https: not with that of another file' loads changed \
        "$base/changed/customers.csv" ' bytes=.* "changed-1" 200$' other.csv
    ok 'https: nor when nothing proves that it is the same' \
        loads untagged "$base/untagged/customers.csv" '^/untagged.* - - 200$'
    ok 'https: a busy server is asked again' \
        loads busy "$base/busy/customers.csv" 503
    ok 'https: user and password' loads auth "$base/auth/customers.csv" 200
    ok 'https: a token' loads token "$base/token/customers.csv" 200
    ok 'https: a packed file' packed "$base"
    ok 'https: a wrong token' eval \
        "FETCH_TOKEN=abc124 refuses 4 'status 401.*source-refused' \
            $base/token/customers.csv"
    ok 'https: a redirect' refuses 4 'redirects are not followed' \
        "$base/moved/customers.csv"
    ok 'https: no file' refuses 4 'there is no file at .*no-input' \
        "$base/gone/customers.csv"
    ok 'https: no marker' refuses 0 'nothing to do: there is no marker' \
        "$base/plain/customers.csv" --marker '*.done'
    : >www/customers.csv.done
    ok 'https: a marker' refuses 0 'all 300 rows' \
        "$base/plain/customers.csv" --marker '*.done'
    ok 'https: a CA that is not known' refuses 6 'certificate .* not valid' \
        "https://127.0.0.1:$port/plain/customers.csv"
    ok 'http: not over the network' refuses 3 'is not encrypted' \
        http://erp.example.com/customers.csv
    ok 'a user in an address' refuses 3 'user or password' \
        https://sfetl:secret@localhost/customers.csv
    ok 'an address that leads up' refuses 3 'leads up' \
        "$base/plain/%2e%2e/auth/customers.csv"
    ok 'another scheme' refuses 3 'begins with https://, sftp:// or ftps://' \
        file:///etc/passwd
    ok 'options that need a file here' refuses 2 "'--archive' moves files" \
        "$base/plain/customers.csv" --archive away
    ok 'check, plan and preview' looks "$base/plain/customers.csv"
    ok 'a resume reads what was fetched' goes_on "$base/plain/customers.csv"
}

packed() {
    gzip -c customers.csv >www/customers.csv.gz
    cat www/customers.csv.gz >>www/both.gz
    loads packed "$1/plain/both.gz" 200
}

looks() {
    local command
    for command in check plan preview; do
        "$SFETL" "$command" mapping.yaml --org rehearsal --set "from=$1" || return
    done
    [ -z "$(find state/sfetl/spool -name '*.csv*')" ]
}

# Killed while it reads: a first chunk is enough to be resumable.
goes_on() {
    local pid
    seq -f 'A%g,some name' 0 20000 | sed '1s/.*/No,Name/' >many.csv
    cp many.csv www/customers.csv
    "$SFETL" rehearsal reset
    "$SFETL" run mapping.yaml --org rehearsal --set "from=$1" --run-dir killed \
        --api bulk2 --chunk-rows 5000 &
    pid=$!
    until "$SFETL" status killed >/dev/null 2>&1; do
        kill -0 "$pid" 2>/dev/null || break
    done
    kill -9 "$pid"
    wait "$pid"
    printf 'No,Name\nB1,another\n' >www/customers.csv
    cp customers.csv www/customers.csv
    if [ -d killed/source ]; then
        find killed/source -type f | grep -q customers.csv || return
    fi
    "$SFETL" resume killed && holds killed many.csv && [ ! -e killed/source ]
}

loads_by_ftps() {
    [ "$code" -eq 0 ] && holds ftps
}

ftps_cases() {
    local base
    cp customers.csv www/customers.csv
    python3 "$here/ftps_server.py" www &
    pids+=($!)
    wait_for_file www/ftps_port || return
    base=ftps://localhost:$(cat www/ftps_port)
    cat >config/sfetl/orgs.yaml <<YAML
connections:
  $base/:
    { ca_file: $work/ca.pem, username: sfetl, password_file: $work/password }
YAML
    run ftps "$base/customers.csv"
    ok 'ftps: a file, cut once' loads_by_ftps
    ok 'ftps: no file' refuses 4 'there is no file at' "$base/nothing.csv"
    printf 'another\n' >password
    ok 'ftps: a wrong password' refuses 4 'refuses the sign-in' \
        "$base/customers.csv"
}

# As the user of the test, on a port that is free, with files of its own.
start_sshd() {
    local sshd
    sshd=$(command -v sshd || echo /usr/sbin/sshd)
    [ -x "$sshd" ] && command -v ssh-keygen >/dev/null || return
    ssh-keygen -q -t ed25519 -N '' -f host_key &&
        ssh-keygen -q -t ed25519 -N '' -C sfetl -f user_key &&
        ssh-keygen -q -t ed25519 -N 'open up' -C sfetl -f locked_key || return
    cat user_key.pub locked_key.pub >authorized_keys
    chmod 600 authorized_keys
    ssh_port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
    cat >sshd_config <<CONFIG
ListenAddress 127.0.0.1
Port $ssh_port
HostKey $work/host_key
PidFile $work/sshd.pid
AuthorizedKeysFile $work/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
CONFIG
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    "$sshd" -D -e -f sshd_config 2>sshd.log &
    pids+=($!)
    local tries=0
    until (: </dev/tcp/127.0.0.1/"$ssh_port") 2>/dev/null; do
        [ $((tries += 1)) -lt 100 ] && kill -0 "${pids[-1]}" 2>/dev/null ||
            return
        sleep 0.03
    done
}

connect() {
    cat >config/sfetl/orgs.yaml <<YAML
connections:
  sftp://127.0.0.1:$ssh_port/: { username: $(id -un), $1 }
YAML
}

fetches() {
    run "$1" "sftp://127.0.0.1:$ssh_port$work/customers.csv"
    [ "$code" -eq 0 ] && holds "$1"
}

# What an earlier process left of the same file, or of another.
goes_on_by_sftp() {
    local url=sftp://127.0.0.1:$ssh_port$work/customers.csv folder
    rm -rf state/sfetl/spool
    run halved "$url" --marker 'no such file'
    folder=$(dirname state/sfetl/spool/*/lock)
    head -c 2000 customers.csv | tr a b >"$folder/customers.csv"
    printf '\n%s\n%s\n' "$(stat -c %Y customers.csv)" "$1" \
        >"$folder/customers.csv.version"
    rm -rf halved
    run halved "$url" --limit 5
    [ "$code" -eq "$2" ]
}

sftp_cases() {
    local keys="private_key_file: $work/user_key" base file
    local hosts="known_hosts_file: $work/known_hosts"
    base=sftp://127.0.0.1:$ssh_port
    file=$base$work/customers.csv
    printf '[127.0.0.1]:%s %s\n' "$ssh_port" "$(cut -d ' ' -f 1,2 host_key.pub)" \
        >known_hosts
    cp known_hosts home/.ssh/known_hosts
    connect "$keys, $hosts"
    ok 'sftp: a file' fetches sftp
    connect "$keys"
    ok "sftp: the user's own known hosts" fetches sftp-home
    printf 'open up\n' >passphrase
    chmod 600 passphrase
    connect "private_key_file: $work/locked_key, $hosts,
      passphrase_file: $work/passphrase"
    ok 'sftp: a key with a passphrase' fetches sftp-locked
    connect "$keys, $hosts"
    ok 'sftp: no file' refuses 4 'there is no file at' "$base$work/nothing.csv"
    ok 'sftp: no marker' refuses 0 'nothing to do' "$file" --marker '*.done'
    ok 'sftp: goes on with the same file' \
        goes_on_by_sftp "$(stat -c %s customers.csv)" 3
    ok 'sftp: not with another' goes_on_by_sftp 12345 0
    ssh-keygen -q -t ed25519 -N '' -C sfetl -f stranger_key
    connect "private_key_file: $work/stranger_key, $hosts"
    ok 'sftp: a key that is refused' refuses 4 \
        'refuses the sign-in.*source-refused' "$file"
    chmod 644 user_key
    connect "$keys, $hosts"
    ok 'sftp: a key that others can read' refuses 3 secret-exposed "$file"
    chmod 600 user_key
    printf '[127.0.0.1]:%s %s\n' "$ssh_port" \
        "$(cut -d ' ' -f 1,2 stranger_key.pub)" >known_hosts
    ok 'sftp: a host with another key' refuses 4 unknown-host "$file"
    : >known_hosts
    ok 'sftp: a host that is not known' refuses 4 unknown-host "$file"
    rm known_hosts
    ok 'sftp: no known hosts' refuses 3 'there is no .*known_hosts' "$file"
    echo 'connections: {}' >config/sfetl/orgs.yaml
    ok 'sftp: no connection' refuses 3 'no connection in orgs.yaml' "$file"
}

make_input
make_certificates || { echo "1..0 # SKIP openssl makes no certificates"; exit 0; }
"$SFETL" rehearsal start --port 0 --latency-ms 5 \
    --schema "$samples/rehearsal-schema.yaml" >started 2>&1 || cat started >&2
ORG=$work/state/sfetl/rehearsal
https_cases
ftps_cases
if start_sshd; then
    sftp_cases
else
    skip 'sftp' 'no sshd can be started'
fi
echo "1..$number"
[ "$failures" -gt 0 ] || { stop; trap - EXIT; cd "$top" && rm -rf "$work"; }
exit 0
