#!/usr/bin/env bash
# Fetches pyright, which tests/codegen/test_checked.py gives generated Python to, into a folder of its own.
#
#   scripts/install_pyright.sh [FOLDER]     FOLDER is .pyright in the checkout unless named
#
# Needs node and npm, of version 20 or later; takes about 25 MB. Tests find another folder by DBMCP_TEST_PYRIGHT_DIR.
# npm's own settings say where packages come from.
set -euo pipefail

pyright=1.1.414

checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$checkout/.pyright}"

for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "$program is absent: install Node.js, version 20 or later, with npm" >&2
    exit 1
  }
done

mkdir -p "$folder"
cd "$folder"
package="$(npm pack --silent "pyright@$pyright")"
tar -xzf "$package" --strip-components=1
rm "$package"
echo "pyright $pyright in $folder"
