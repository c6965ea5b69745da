#!/usr/bin/env bash
# Installs the clients that tests/clients/ runs, and the Node.js they run on, into a folder of their own.
#
#   scripts/install_clients.sh [FOLDER]     FOLDER is .clients in the checkout unless named
#
# Needs npm, of whatever Node.js; takes about 700 MB. Tests find another folder by DBMCP_TEST_CLIENTS_DIR.
# No script of a package is run, and npm's own settings say where packages come from.
set -euo pipefail

node=22.23.3
claude_code=2.1.329
inspector=2.12.0

checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$checkout/.clients}"

command -v npm >/dev/null || {
  echo "npm is absent: install Node.js, of any version, with npm" >&2
  exit 1
}
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64 | Linux-arm64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *)
    echo "there is no Node.js package for $(uname -s) on $(uname -m): use Linux or macOS, on x64 or arm64" >&2
    exit 1
    ;;
esac

mkdir -p "$folder"
cd "$folder"
cat >package.json <<PACKAGE
{
  "private": true,
  "dependencies": {
    "node-$platform": "$node",
    "@anthropic-ai/claude-code": "$claude_code",
    "@modelcontextprotocol/inspector": "$inspector"
  }
}
PACKAGE
# loglevel: npm would complain that the Node.js it runs on itself is too old for what it installs.
npm install --ignore-scripts --no-package-lock --no-audit --no-fund --no-update-notifier --loglevel=error

modules="$PWD/node_modules"
echo "node $("$modules/.bin/node" --version)"
"$modules/.bin/node" "$modules/@anthropic-ai/claude-code/cli-wrapper.cjs" --version
echo "MCP Inspector $("$modules/.bin/node" "$modules/.bin/mcp-inspector" --cli --version)"
