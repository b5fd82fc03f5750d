#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests; installs one from Debian or Ubuntu when root.
set -euo pipefail

find_one() {
    local name
    for name in "${CHROMIUM_BIN:-}" chromium chromium-browser google-chrome-stable google-chrome; do
        # Ubuntu's chromium-browser is a stub that only says "install the snap".
        if [ -n "$name" ] && command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

if find_one; then exit 0; fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    sudo="sudo -n"
    $sudo true 2>/dev/null || sudo=""
fi
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || [ -n "$sudo" ]; }; then
    echo "Installing Chromium for the browser tests." >&2
    $sudo apt-get -qq update >&2 || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
        chromium >/dev/null || true
    if find_one; then exit 0; fi
fi
# Where the distribution has none (Ubuntu): the build that Playwright's authors offer.
cd "$(dirname "$0")/../frontend"
if node_modules/.bin/playwright install --with-deps chromium >&2; then
    node -p 'require("playwright-core").chromium.executablePath()'
    exit 0
fi
echo "No Chromium was found. Install one, or name it in CHROMIUM_BIN." >&2
exit 1
