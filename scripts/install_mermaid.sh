#!/usr/bin/env bash
# Fetches Mermaid, whose parser tests/catalog/test_mermaid.py gives every diagram to, into a folder of its own.
#
#   scripts/install_mermaid.sh [FOLDER]     FOLDER is .mermaid in the checkout unless named
#
# Needs node and npm, of version 20 or later. Its one file has all that it needs, so that nothing else is installed: 6 MB.
# Tests find another folder by DBMCP_TEST_MERMAID_DIR. npm's own settings say where packages come from.
set -euo pipefail

mermaid=12.3.0

checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$checkout/.mermaid}"

for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "$program is absent: install Node.js, version 20 or later, with npm" >&2
    exit 1
  }
done

mkdir -p "$folder"
cd "$folder"
package="$(npm pack --silent "mermaid@$mermaid")"
tar -xzf "$package" --strip-components=2 package/dist/mermaid.min.js
rm "$package"
echo "Mermaid $mermaid in $folder"
