#!/usr/bin/env bash
# Installs what tests/codegen/ checks generated TypeScript and Prisma schemas with, into a folder of its own: the
# compiler, prettier, which lays it out, Kysely and Drizzle, node's PostgreSQL driver, whose values the types must fit, a
# driver for SQLite, and Prisma's parser, formatter and schema engine.
#
#   scripts/install_typescript.sh [FOLDER]     FOLDER is .typescript in the checkout unless named
#
# Needs node and npm, of version 20 or later; takes about 80 MB. Tests find another folder by DBMCP_TEST_TYPESCRIPT_DIR.
# No script of a package is run, and npm's own settings say where packages come from.
set -euo pipefail

typescript=7.0.2
pg=8.23.1
prettier=3.10.1
kysely=0.28.18
drizzle=0.45.4
sqlite=0.8.60
prisma=8.1.0-2.59be4fda12412a79eeb9c2ae727b6aa723593323

checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="${1:-$checkout/.typescript}"

for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "$program is absent: install Node.js, version 20 or later, with npm" >&2
    exit 1
  }
done

mkdir -p "$folder"
cd "$folder"
cat >package.json <<PACKAGE
{
  "private": true,
  "dependencies": {
    "typescript": "$typescript",
    "pg": "$pg",
    "prettier": "$prettier",
    "kysely": "$kysely",
    "drizzle-orm": "$drizzle",
    "node-sqlite3-wasm": "$sqlite",
    "@prisma/prisma-schema-wasm": "$prisma",
    "@prisma/schema-engine-wasm": "$prisma"
  }
}
PACKAGE
npm install --ignore-scripts --no-package-lock --no-audit --no-fund --no-update-notifier --loglevel=error
echo "TypeScript $(node_modules/.bin/tsc --version) in $folder"
