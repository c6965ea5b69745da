// Writes the rows that node's pg returns, with its own parsers, as values in TypeScript: of tables given as JSON on
// standard input, [[name, statement], …]; the first argument is where pg is installed, the second the database.
const { createRequire } = require("node:module");
const { Client } = createRequire(process.argv[2] + "/")("pg");

function shown(value) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" && !Number.isFinite(value)) return `Number("${value}")`;
  if (typeof value !== "object") return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array) return `new Uint8Array([${[...value]}])`;
  // The types of lists leave nulls out, as their header says.
  if (Array.isArray(value)) return `[${value.filter((item) => item !== null).map(shown)}]`;
  const methods = "toPostgres" in value ? ["toPostgres", "toISO", "toISOString"].map((name) => `${name}: () => ""`) : [];
  const parts = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${shown(part)}`);
  return `{ ${[...parts, ...methods].join(", ")} }`;
}

async function main() {
  const tables = JSON.parse(require("node:fs").readFileSync(0, "utf-8"));
  const client = new Client({ connectionString: process.argv[3] });
  await client.connect();
  const found = {};
  for (const [name, statement] of tables) {
    try {
      found[name] = (await client.query(statement)).rows.map(shown);
    } catch (error) {
      found[name] = null;
    }
  }
  await client.end();
  console.log(JSON.stringify(found));
}

main();
