// Parses diagrams as Mermaid does: a JSON list of texts on standard input, a JSON list of what each holds on standard
// output, with Mermaid's own references turned into their characters. The argument is Mermaid's file.
const fs = require("fs");
require("vm").runInThisContext(fs.readFileSync(process.argv[2], "utf8"));

const shown = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)));

async function held(text) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const entities = [...db.getEntities().values()];
    const names = Object.fromEntries(entities.map((entity) => [entity.id, shown(entity.label)]));
    return {
      entities: entities.map((entity) => ({
        name: shown(entity.label),
        alias: shown(entity.alias),
        attributes: entity.attributes.map((item) => [item.type, item.name, item.keys, shown(item.comment)]),
      })),
      relationships: db
        .getRelationships()
        .map((item) => [names[item.entityA], item.relSpec.cardB, item.relSpec.cardA, names[item.entityB], shown(item.roleA)]),
    };
  } catch (error) {
    return { error: String(error.message) };
  }
}

(async () => {
  const found = [];
  for (const text of JSON.parse(fs.readFileSync(0, "utf8"))) found.push(await held(text));
  process.stdout.write(JSON.stringify(found));
})();
