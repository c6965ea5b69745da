// Gives schemas to Prisma's parser, formatter and schema engine, and says what they make of them, as JSON. The first
// argument is where they are installed; on standard input is what is asked, [{files: {name: text}, provider, url,
// external}, …]: with an url a schema is compared with that database, but for tables that are external.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.argv[2];
const require = createRequire(join(folder, "x.js"));
// What the engine calls the types of the columns that it asks its questions in, by PostgreSQL's numbers; else a text.
const BOOLEAN = 5;
const TEXT = 7;
const KINDS = { 16: BOOLEAN, 18: 6, 20: 1, 21: 0, 23: 0, 26: 1, 1000: 69, 1002: 70, 1003: 71, 1005: 64, 1007: 64 };
const LISTS = { 1009: 71, 1016: 65, 1028: 65 };

async function schemaEngine() {
  const path = join(folder, "node_modules/@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = await import(`${path}.js`);
  const imports = { "./schema_engine_bg.js": bindings };
  const { instance } = await WebAssembly.instantiate(readFileSync(`${path}.wasm`), imports);
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

async function postgres(url) {
  const pg = require("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const kindOf = (number) => KINDS[number] ?? LISTS[number] ?? TEXT;
  const plain = (number) => kindOf(number) === TEXT || number === 20 || number === 26;
  const types = {
    getTypeParser: (number, format) => (plain(number) ? (value) => value : pg.types.getTypeParser(number, format)),
  };
  return {
    async ask({ sql, args }) {
      const { fields, rows } = await client.query({ text: sql, values: args, rowMode: "array", types });
      return {
        columnNames: fields.map(({ name }) => name),
        columnTypes: fields.map(({ dataTypeID }) => kindOf(dataTypeID)),
        rows,
      };
    },
    close: () => client.end(),
  };
}

function sqlite(path) {
  const { Database } = require("node-sqlite3-wasm");
  const database = new Database(path, { readOnly: true });
  const kindOf = (value) => (["bigint", "number"].includes(typeof value) ? 1 : TEXT);
  return {
    async ask({ sql, args }) {
      // The engine asks for an index by a name in double quotes, which this build of SQLite takes for a column's.
      const asked = sql.replace(/ name = "(.*)";$/, (_, name) => ` name = '${name.replaceAll("'", "''")}'`);
      const rows = database.all(asked, args);
      const names = Object.keys(rows[0] ?? {});
      return {
        columnNames: names,
        columnTypes: names.map((name) => kindOf(rows.map((row) => row[name]).find((value) => value !== null))),
        rows: rows.map((row) => names.map((name) => row[name])),
      };
    },
    close: () => database.close(),
  };
}

// The adapter that the engine wants of a driver.
function adapterOf(provider, driver) {
  const told = (work) => async (given) => {
    try {
      return { ok: true, value: await work(given) };
    } catch (error) {
      const message = String(error.message);
      const code = provider === "sqlite" ? { extendedCode: 1 } : { code: error.code ?? "XX000", severity: "ERROR" };
      return { ok: false, error: { kind: provider, message, ...code } };
    }
  };
  const adapter = {
    adapterName: "dbmcp-tests",
    provider,
    queryRaw: told((query) => driver.ask(query)),
    executeRaw: told(async (query) => (await driver.ask(query)).rows.length),
    executeScript: told((sql) => driver.ask({ sql, args: [] })),
    dispose: told(() => undefined),
    getConnectionInfo: () => ({ ok: true, value: { supportsRelationJoins: true } }),
  };
  const connect = told(() => adapter);
  return { adapterName: "dbmcp-tests", provider, errorRegistry: { consumeError: () => undefined }, connect };
}

const loaded = schemaEngine();

async function differences({ files, provider, url, external }) {
  const driver = await (provider === "sqlite" ? sqlite : postgres)(url);
  const { SchemaEngine } = await loaded;
  const engine = await SchemaEngine.new({ datamodels: files }, () => {}, adapterOf(provider, driver));
  const schemas = files.map(([path, content]) => ({ path, content }));
  const filters = { externalTables: external, externalEnums: [] };
  const live = { tag: "schemaDatasource", files: schemas, configDir: "/" };
  const written = { tag: "schemaDatamodel", files: schemas };
  const found = {};
  for (const [name, from, to] of [
    ["toSchema", live, written],
    ["toDatabase", written, live],
  ]) {
    const { stdout } = await engine.diff({ from, to, script: true, exitCode: null, filters });
    found[name] = stdout.split("\n").filter((line) => line && !line.startsWith("--"));
  }
  await driver.close();
  return found;
}

const { validate, format } = require("@prisma/prisma-schema-wasm");

async function answer(asked) {
  const files = Object.entries(asked.files);
  let invalid = "";
  try {
    validate(JSON.stringify({ prismaSchema: files, noColor: true }));
  } catch (error) {
    invalid = JSON.parse(error.message).message;
  }
  const place = { textDocument: { uri: `file:///${files[0][0]}` }, options: { tabSize: 2, insertSpaces: true } };
  const formatted = Object.fromEntries(JSON.parse(format(JSON.stringify(files), JSON.stringify(place))));
  const compared = asked.url && !invalid ? await differences({ ...asked, files }) : {};
  return { invalid, formatted, ...compared };
}

const answers = [];
for (const asked of JSON.parse(readFileSync(0, "utf-8"))) answers.push(await answer(asked));
console.log(JSON.stringify(answers));
