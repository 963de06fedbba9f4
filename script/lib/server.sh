# shellcheck shell=bash
# A live Liberty for tests: the debug binary on a temporary data directory with the demo. Sourced
# from the root, after say.sh.
#
#   server_start     sets SERVER_URL, SERVER_DATA (with demo.json) and SERVER_LOG; /readyz answers
#   server_stop      ends it as an operator would (TERM), then by force; deletes the data
#
# SERVER_BINARY names another binary. LIBERTY_* variables reach the server, so set its options by them.

SERVER_PID=
SERVER_DATA=

# True when something listens on the port of 127.0.0.1.
port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    port=$((20000 + RANDOM % 12000))
    port_in_use $port || { echo $port; return; }
  done
  die "found no free port"
}

# The binary as the tests build it, so that nothing is compiled twice.
server_build() {
  [ -z "${SERVER_BINARY:-}" ] || return 0
  cargo test --workspace --locked --no-run --quiet || die "the workspace does not build"
  SERVER_BINARY=${CARGO_TARGET_DIR:-target}/debug/liberty
}

server_start() {
  local port tries
  server_build
  port=$(free_port)
  SERVER_DATA=$(mktemp -d "${TMPDIR:-/tmp}/liberty-test-server.XXXXXX")
  SERVER_LOG=$SERVER_DATA/server.log
  SERVER_URL=http://127.0.0.1:$port
  unset LIBERTY_TEST_POSTGRES # the tests' own, no option of the server
  export LIBERTY_LISTEN=127.0.0.1:$port LIBERTY_DATA_DIR=$SERVER_DATA
  export SERVER_URL SERVER_DATA SERVER_LOG
  "$SERVER_BINARY" migrate >>"$SERVER_LOG" 2>&1 || server_failed "liberty migrate failed"
  "$SERVER_BINARY" demo >>"$SERVER_LOG" 2>&1 || server_failed "liberty demo failed"
  [ -s "$SERVER_DATA/demo.json" ] || server_failed "liberty demo left no demo.json"
  "$SERVER_BINARY" serve >>"$SERVER_LOG" 2>&1 &
  SERVER_PID=$!
  for ((tries = 0; tries < 300; tries++)); do
    kill -0 "$SERVER_PID" 2>/dev/null || server_failed "liberty serve ended at once"
    ! curl -fs -m 2 -o /dev/null "$SERVER_URL/readyz" || return 0
    sleep 0.1
  done
  server_failed "$SERVER_URL/readyz did not answer within 30 seconds"
}

server_failed() {
  tail -n 20 "$SERVER_LOG" >&2 2>/dev/null || true
  die "$1"
}

server_stop() {
  local tries
  if [ -n "$SERVER_PID" ]; then
    kill -TERM "$SERVER_PID" 2>/dev/null || true
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "$SERVER_PID" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$SERVER_PID" 2>/dev/null || true
    wait "$SERVER_PID" 2>/dev/null || true
    SERVER_PID=
  fi
  if [ -n "$SERVER_DATA" ]; then
    rm -rf "${SERVER_DATA:?}"
    SERVER_DATA=
  fi
}
