#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL with PostGIS: tools/postgres.sh COMMAND...
#
# The server listens on 127.0.0.1 only, on a port of its own, with its data in a new folder below ${TMPDIR:-/tmp}. The
# command finds its address in DATELINE_TEST_POSTGIS. Server and folder are gone when the command ends, however it ends.
# What is missing comes from Debian's packages where this runs as root; otherwise it says what to install.
set -euo pipefail

say() { echo "==> $*" >&2; }

# The newest PostgreSQL that has PostGIS beside it; Debian keeps each version's programs apart, outside the PATH.
find_programs() {
    local folder
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        if [ -x "$folder/initdb" ] && [ -e "/usr/share/postgresql/$(basename "$(dirname "$folder")")/extension/postgis.control" ]; then
            echo "$folder"
            return
        fi
    done
}

bin=$(find_programs)
if [ -z "$bin" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        say "PostgreSQL with PostGIS is not installed, and only root can: apt-get install postgresql-15 postgresql-15-postgis-3"
        exit 1
    fi
    say "PostgreSQL and PostGIS (Debian packages)"
    # without this file the package would start a server of its own
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends postgresql-15 postgresql-15-postgis-3 > /dev/null
    bin=$(find_programs)
    [ -n "$bin" ] || { say "PostgreSQL is still not to be found below /usr/lib/postgresql"; exit 1; }
fi

# initdb refuses root; the package has made a user for it
as_owner=()
[ "$(id -u)" != 0 ] || as_owner=(setpriv --reuid postgres --regid postgres --clear-groups)

folder=$(mktemp -d "${TMPDIR:-/tmp}/dateline-postgres.XXXXXX")
server=""
finish() {
    local status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$server" ] && kill -QUIT "$server" 2> /dev/null; then wait "$server" 2> /dev/null || true; fi
    rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "$password" > "$folder/password"
[ "$(id -u)" != 0 ] || chown -R postgres "$folder"
(cd "$folder" && "${as_owner[@]}" "$bin/initdb" --pgdata="$folder/data" --username=dateline --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync > "$folder/initdb.log" 2>&1) || { cat "$folder/initdb.log" >&2; exit 1; }

# Nothing of it has to outlive a power cut. A kernel kills the server should this script be killed (pdeathsig).
settings=(fsync=off synchronous_commit=off full_page_writes=off max_wal_size=4GB shared_buffers=128MB
    listen_addresses=127.0.0.1 "unix_socket_directories=" max_connections=100 jit=off)
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
for attempt in 1 2 3; do  # another program may take the port between
    port=$(free_port)
    (cd "$folder" && exec setpriv --pdeathsig QUIT "${as_owner[@]:1}" "$bin/postgres" -D "$folder/data" -p "$port" \
        "${settings[@]/#/-c}") > "$folder/server.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" && break 2
        kill -0 "$server" 2> /dev/null || break
        sleep 0.1
    done
    kill -QUIT "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
    server=""
done
[ -n "$server" ] || { say "PostgreSQL does not start:"; cat "$folder/server.log" >&2; exit 1; }

export DATELINE_TEST_POSTGIS="postgresql://dateline:$password@127.0.0.1:$port/postgres"
"$@"
