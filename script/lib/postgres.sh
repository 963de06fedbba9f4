# shellcheck shell=bash
# Throw-away PostgreSQL clusters for tests: start one, name it by URL, stop it, delete it. Sourced.
#
# A cluster lives in one directory: data/, log, url. It listens on 127.0.0.1 only, asks for a random
# password, and trades durability for speed: nothing that must be kept belongs in it.

postgres_durability="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"

# Runs a program of PostgreSQL. The server refuses root, so root runs it as the user `postgres`.
postgres_run() { # postgres_run PROGRAM ARGUMENT…
  local program=$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$(postgres_bin)/$program" "$@")
  else
    "$(postgres_bin)/$program" "$@"
  fi
}

# The directory of PostgreSQL's programs, the newest version found.
postgres_bin() {
  local newest
  newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
  [ -n "$newest" ] || newest=$(command -v initdb) ||
    die "PostgreSQL is not installed; script/bootstrap --dev installs it"
  dirname "$newest"
}

# Makes and starts a cluster in DIR, an existing directory that the caller owns; writes DIR/url.
postgres_start() { # postgres_start DIR
  local dir=$1 password port attempt
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  rm -rf "${dir:?}/data" "$dir/url" "$dir/log"
  printf '%s\n' "$password" >"$dir/password"
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres: "$dir" "$dir/password"
  fi
  chmod 700 "$dir"
  postgres_run initdb -D "$dir/data" -U postgres -A password --pwfile="$dir/password" \
    --locale=C.UTF-8 -E UTF8 --no-sync >"$dir/initdb.log" 2>&1 ||
    die "initdb failed: $(tail -n 3 "$dir/initdb.log")"
  for attempt in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 12000))
    if postgres_run pg_ctl -D "$dir/data" -l "$dir/log" -w -t 30 -o "-p $port \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
      $postgres_durability -c shared_buffers=256MB" \
      start >"$dir/start.log" 2>&1 </dev/null; then
      printf 'postgres://postgres:%s@127.0.0.1:%s/postgres\n' "$password" "$port" >"$dir/url.new"
      mv "$dir/url.new" "$dir/url"
      return 0
    fi
    grep -q 'Address already in use' "$dir/log" || break
  done
  die "PostgreSQL did not start (attempt $attempt): $(tail -n 5 "$dir/log" 2>/dev/null)"
}

# True when the cluster in DIR answers.
postgres_answers() { # postgres_answers DIR
  [ -s "$1/url" ] && "$(postgres_bin)/pg_isready" -q -t 5 -d "$(cat "$1/url")"
}

# Stops the cluster in DIR, if one runs, and deletes DIR.
postgres_stop() { # postgres_stop DIR
  if [ -e "$1/data/postmaster.pid" ]; then
    postgres_run pg_ctl -D "$1/data" -m immediate -w -t 30 stop >/dev/null 2>&1 || true
  fi
  rm -rf "${1:?}"
}
