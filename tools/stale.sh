#!/bin/sh
# Whether a step has to run: stale.sh MADE STAMP INPUT... succeeds where MADE or STAMP is missing, or where a file under
# an INPUT is newer than STAMP. Spares the seconds that it takes to start Python and ask.
set -eu
made=$1 stamp=$2
shift 2
[ -e "$made" ] && [ -e "$stamp" ] || exit 0
[ -n "$(find "$@" -name __pycache__ -prune -o -type f -newer "$stamp" -print | head -n 1)" ]
