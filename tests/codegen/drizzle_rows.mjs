// Reads a database through a generated module of Drizzle, and says what it found, as JSON: of every table and view how
// Drizzle would define it, how many rows it gave, which values are of other types than it says, and what became of each
// relation. Arguments: where Drizzle and the drivers are installed, the module, the database's URL or file.
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, module, url] = process.argv.slice(2);
const load = (name) => import(join(folder, "node_modules", name));
const require = createRequire(join(folder, "x.js"));
const LIMIT = 60;

async function connectPostgresql(schema) {
  const { drizzle } = await load("drizzle-orm/node-postgres/index.js");
  const { Client } = require("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    db: drizzle(client, { schema }),
    core: await load("drizzle-orm/pg-core/index.js"),
    close: () => client.end(),
  };
}

async function connectSqlite(schema) {
  const { drizzle } = await load("drizzle-orm/sqlite-proxy/index.js");
  const { Database } = require("node-sqlite3-wasm");
  const database = new Database(url, { readOnly: true });
  const ask = async (sql, given, method) => {
    const rows = database.all(sql, given).map(Object.values);
    return { rows: method === "get" ? rows[0] : rows };
  };
  const core = await load("drizzle-orm/sqlite-core/index.js");
  return { db: drizzle(ask, { schema }), core, close: () => database.close() };
}

function sqlType(column) {
  if (column.columnType === "PgArray") return `${sqlType(column.baseColumn)}[]`;
  const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
  if (column.enum) return `${quoted(column.enum.schema ?? "public")}.${quoted(column.enum.enumName)}`;
  return column.getSQLType();
}

function kindOf(value) {
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  if (value instanceof Uint8Array) return "buffer";
  return typeof value;
}

// Values of types of one's own are told with the type, for the module's text says what they are.
function strange(column, value) {
  if (value === null || value === undefined || column.dataType === "json") return null;
  if (column.columnType === "PgArray") {
    return Array.isArray(value) ? value.map((each) => strange(column.baseColumn, each)).find(Boolean) : "no array";
  }
  const found = kindOf(value);
  if (column.dataType === "custom") return `custom ${column.getSQLType()}: ${found}`;
  return found === column.dataType ? null : `${column.dataType} ${column.getSQLType()}: ${found}`;
}

const tried = async (work) => {
  try {
    return { rows: await work() };
  } catch (error) {
    return { error: String(error.cause?.message ?? error.message) };
  }
};

const found = {};
const schema = await import(module);
const { is, getTableColumns, Table, View, Relations, createTableRelationsHelpers } = await load("drizzle-orm/index.js");
const { db, core, close } = await (url.startsWith("postgres") ? connectPostgresql : connectSqlite)(schema);
const configOf = (item) =>
  is(item, Table)
    ? core.getTableConfig(item)
    : (core.getMaterializedViewConfig && is(item, core.PgMaterializedView)
        ? core.getMaterializedViewConfig
        : core.getViewConfig)(item);
for (const [name, item] of Object.entries(schema)) {
  if (!is(item, Table) && !is(item, View)) continue;
  const config = configOf(item);
  const columns = is(item, Table) ? getTableColumns(item) : config.selectedFields;
  const { rows, error } = await tried(() => db.select().from(item).limit(LIMIT));
  const values = (rows ?? []).flatMap((row) =>
    Object.entries(columns).map(([key, column]) => strange(column, row[key])),
  );
  const relations = Object.values(schema).find((each) => is(each, Relations) && each.table === item);
  const loaded = {};
  for (const link of Object.keys(relations?.config(createTableRelationsHelpers(item)) ?? {})) {
    const answer = await tried(() => db.query[name].findMany({ with: { [link]: true }, limit: 5 }));
    loaded[link] =
      answer.error ??
      (answer.rows.every((row) => link in row) ? answer.rows.filter((row) => row[link]).length : "absent");
  }
  const names = (keys) => keys.map((column) => column.name);
  found[name] = {
    table: [config.schema ?? "", config.name],
    columns: Object.values(columns).map((column) => [column.name, sqlType(column), column.notNull]),
    keys: Object.keys(rows?.[0] ?? {}),
    rows: rows ? rows.length : null,
    error: error ?? null,
    strange: [...new Set(values.filter(Boolean))],
    relations: loaded,
    primary: [
      ...names(Object.values(columns).filter((column) => column.primary)),
      ...(config.primaryKeys ?? []).flatMap((key) => names(key.columns)),
    ],
    foreign: (config.foreignKeys ?? []).map((key) => {
      const { columns: own, foreignColumns } = key.reference();
      return [names(own), names(foreignColumns), key.onDelete ?? "no action", key.onUpdate ?? "no action"];
    }),
    unique: (config.uniqueConstraints ?? []).map((key) => names(key.columns)),
    checks: (config.checks ?? []).map((check) => check.name),
    indexes: (config.indexes ?? []).map((index) => index.config.name),
  };
}
await close();
console.log(JSON.stringify(found));
