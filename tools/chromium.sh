#!/bin/sh
# Brings Chromium for the browser tests. With Debian's packages and the rights to install them it does so itself.
set -eu
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "==> Chromium, for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit
fi
echo "The browser tests need Chromium at /usr/bin/chromium. On Debian: sudo apt-get install -y chromium" >&2
exit 1
