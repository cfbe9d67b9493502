#!/bin/sh
# Makes the virtual environment "$1" if it is not there: finds a Python from 3.11 to 3.13 (PYTHON=... names one) and,
# where the machine has no uv, brings the pinned one into the environment. Prints what is missing and how to get it.
set -eu
venv=$1
here=$(dirname "$0")

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if fits "$name"; then
            echo "$name"
            return
        fi
    done
    echo "Dateline needs Python 3.11, 3.12 or 3.13; found: $(python3 --version 2>&1 || echo none)." >&2
    echo "On Debian or Ubuntu: apt-get install -y python3 python3-venv. Or name one: make PYTHON=/path/to/python3.12" >&2
    return 1
}

if ! fits "$venv/bin/python"; then
    python=$(find_python)
    echo "==> Environment: $("$python" --version) in $venv"
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        if command -v uv >/dev/null 2>&1; then
            exec uv venv --quiet --clear --python "$python" "$venv"
        fi
        echo "Python lacks its venv module. On Debian or Ubuntu: apt-get install -y python3-venv" >&2
        exit 1
    fi
    "$python" -m venv --clear "$venv"
fi
if ! command -v uv >/dev/null 2>&1 && ! [ -x "$venv/bin/uv" ]; then
    echo "==> uv, which installs packages"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements-uv.txt"
fi
