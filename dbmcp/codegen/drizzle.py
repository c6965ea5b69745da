"""Drizzle: the tables and views of a database in TypeScript, with their keys, indexes and relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import Generated
from dbmcp.codegen.drizzle_parts.columns import Columns, sequence_options
from dbmcp.codegen.drizzle_parts.constraints import Constraints
from dbmcp.codegen.drizzle_parts.layout import Calls, Function, Items, Node, Properties, assigned, call
from dbmcp.codegen.drizzle_parts.relations import relations
from dbmcp.codegen.naming import Style
from dbmcp.codegen.typescript_parts.source import WIDTH, comment, literal, note, object_key
from dbmcp.codegen.typescript_parts.tables import TAKEN
from dbmcp.codegen.words import camel

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog
    from dbmcp.catalog.parts import Sequence
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.plan import EnumClass, Model

DESCRIPTION = "Drizzle's tables and views in TypeScript, with keys, indexes and relations"

# What the file imports, and how it calls what is around it.
_IMPORTED = frozenset(
    """PgTableExtraConfigValue SQLiteTableExtraConfigValue bigint bigserial blob boolean char check cidr customType date
    doublePrecision foreignKey index inet integer interval json jsonb line macaddr macaddr8 many numeric one
    pgEnum pgMaterializedView pgSchema pgSequence pgTable pgView point primaryKey real relations serial smallint
    smallserial sql sqliteTable sqliteView table text time timestamp unique uniqueIndex uuid varchar""".split()
)
# What a table has beside its columns.
_MEMBERS = frozenset(
    "$inferInsert $inferSelect _ __proto__ constructor enableRLS getSQL shouldOmitSQLParens toString valueOf".split()
)


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    style = Style(
        class_name=_name,
        attribute=_name if choices.naming == "idiomatic" else _kept,
        member=str,
        taken_module=TAKEN | _IMPORTED,
        taken_class=_MEMBERS,
        hides_classes=False,
    )
    return _Module(plans.build(catalog, choices, style)).generated()


def _name(name: str) -> str:
    """Return filmActor for film_actor."""
    found = camel(name)
    return found if not found or found.isidentifier() else f"n{found}" if f"n{found}".isidentifier() else ""


def _kept(name: str) -> str:
    """Return a name as it is, but for a number, which would stand before all others whatever its place."""
    return f"n{name}" if name.isascii() and name.isdigit() else name


class _Module:
    """One writing: what is imported is known when everything else has been written."""

    def __init__(self, plan: plans.Plan) -> None:
        self._plan = plan
        self._is_sqlite = plan.catalog.dialect == "sqlite"
        self._models = [item for item in plan.models if item.role != "part"]
        self._columns = Columns(plan)
        self._written = {item.relation.key: item for item in self._models if not _is_read(item)}
        self._constraints = Constraints(plan, self._written)
        self._functions: set[str] = set()
        schemas = sorted(
            {item.schema for item in plan.catalog.relations} | {item.schema for item in plan.catalog.types}
        )
        home = plan.catalog.default_schema
        self._schemas = {each: plan.names.take(_schema_name(each)) for each in schemas if each != home}

    def generated(self) -> Generated:
        """Return the files."""
        plan = self._plan
        tables = [block for model in self._models for block in self._blocks(model)]
        enums = [self._enum(item) for item in plan.enums if item.members]
        links = [block for model in self._models if (block := self._relations(model))]
        sequences = [self._sequence(item) for item in plan.catalog.sequences if self._is_used(item)]
        self._note()
        customs = [_custom(*each) for each in self._columns.customs()]
        if customs:
            self._functions.add("customType")
        needed = {item.relation.schema for item in self._models} | {item.type.schema for item in plan.enums}
        needed |= {item.schema for item in plan.catalog.sequences if self._is_used(item)}
        schemas = [
            assigned(f"export const {name} =", call("pgSchema", literal(schema)))
            for schema, name in self._schemas.items()
            if schema in needed
        ]
        if schemas:
            self._functions.add("pgSchema")
        header = note(self._plan.header("Drizzle's tables", "What Drizzle cannot say is left out"))
        first = [
            header,
            *self._imports(has_relations=bool(links)),
        ]
        text = "\n\n".join(
            [*first, *("\n".join(each) for each in (schemas,) if each), *customs, *enums, *sequences, *tables, *links]
        )
        views = sum(_is_read(item) for item in self._models)
        counts = {"tables": len(self._models) - views, "views": views, "enums": len(enums)}
        return Generated({"schema.ts": f"{text}\n"}, counts, plan.left_out)

    def _imports(self, *, has_relations: bool) -> list[str]:
        general = ["relations"] * has_relations + ["sql"] * (self._columns.uses_sql or self._constraints.uses_sql)
        names = sorted(self._functions | self._columns.used | self._constraints.used, key=str.casefold)
        lines = [_imported(general, "drizzle-orm")] if general else []
        own = "sqlite-core" if self._is_sqlite else "pg-core"
        lines += [_imported(names, f"drizzle-orm/{own}")] if names else []
        return ["\n".join(lines)] if lines else []

    def _blocks(self, model: Model) -> list[str]:
        item = model.relation
        lines = [tuple(comment(column.comment)) for column in item.columns]
        found = tuple((object_key(each.name), self._columns.column(model, each.column)) for each in model.fields)
        columns = Properties(found, is_open=True, comments=tuple(lines))
        said = comment(item.comment or f"{item.kind.capitalize()} {self._plan.shown_name(item.key)}.")
        head = f"export const {model.name} ="
        if _is_read(model):
            defined = assigned(head, self._made(model, "View", columns).then("existing"))
            return ["\n".join([*said, defined])]
        defined = assigned(head, self._made(model, "Table", columns))
        types = [_alias(self._plan.names.take(_upper(model.name, kind)), model.name, kind) for kind in _KINDS]
        return ["\n".join([*said, defined]), "\n".join(types)]

    def _made(self, model: Model, what: str, columns: Properties) -> Calls:
        item = model.relation
        extra = list(self._constraints.of(model)) if what == "Table" else []
        given: list[Node] = [literal(item.name), columns]
        if extra:
            # Its type is said, so that tables may point to each other.
            values = f"{'SQLite' if self._is_sqlite else 'Pg'}TableExtraConfigValue"
            self._functions.add(f"type {values}")
            given.append(Function(f"(table): {values}[]", Items(tuple(extra))))
        if item.kind == "materialized view":
            what = "MaterializedView"
        if item.schema in self._schemas:
            return call(what[0].lower() + what[1:], *given, owner=self._schemas[item.schema])
        name = f"{'sqlite' if self._is_sqlite else 'pg'}{what}"
        self._functions.add(name)
        return call(name, *given)

    def _enum(self, item: EnumClass) -> str:
        labels = Items(tuple(map(literal, item.type.labels)))
        owner = self._schemas.get(item.type.schema, "")
        if not owner:
            self._functions.add("pgEnum")
        made = call("enum" if owner else "pgEnum", literal(item.type.name), labels, owner=owner)
        return "\n".join([*comment(item.type.comment), assigned(f"export const {item.name} =", made)])

    def _is_used(self, item: Sequence) -> bool:
        name = f"{item.schema}.{item.name}".replace('"', "")
        return name in self._columns.sequences and name not in self._columns.serials

    def _sequence(self, item: Sequence) -> str:
        owner = self._schemas.get(item.schema, "")
        if not owner:
            self._functions.add("pgSequence")
        options = sequence_options(item)
        given: list[Node] = [literal(item.name), *([Properties(options)] if options else [])]
        name = self._plan.names.take(_name(item.name) or "sequence")
        return assigned(f"export const {name} =", call("sequence" if owner else "pgSequence", *given, owner=owner))

    def _relations(self, model: Model) -> str | None:
        found = relations(model, self._written) if model.relation.key in self._written else None
        if found is None:
            return None
        return assigned(f"export const {self._plan.names.take(f'{model.name}Relations')} =", found)

    def _note(self) -> None:
        for model in self._plan.models:
            item, shown = model.relation, self._plan.shown_name(model.relation.key)
            if model.role == "part":
                self._plan.leave_out("partitions, whose rows the whole has", shown)
                continue
            for trigger in item.triggers:
                self._plan.leave_out("triggers", f"{trigger.name} of {shown}")
            if item.row_security or item.policies:
                self._plan.leave_out("row security", shown)


_KINDS = ("Select", "Insert")


def _is_read(model: Model) -> bool:
    """Say whether Drizzle only reads it, and creates nothing."""
    return model.is_view or model.relation.kind in ("foreign table", "virtual table")


def _schema_name(name: str) -> str:
    return f"{_name(name) or 'other'}Schema"


def _upper(name: str, kind: str) -> str:
    """Return the name of a type: Film, and FilmInsert of what an INSERT takes."""
    return f"{name[:1].upper()}{name[1:]}{'' if kind == 'Select' else kind}"


def _alias(name: str, table: str, kind: str) -> str:
    line = f"export type {name} = typeof {table}.$infer{kind};"
    return line if len(line) <= WIDTH else f"export type {name} =\n  typeof {table}.$infer{kind};"


def _imported(names: list[str], source: str) -> str:
    line = f'import {{ {", ".join(names)} }} from "{source}";'
    if len(line) <= WIDTH:
        return line
    return "\n".join(["import {", *(f"  {name}," for name in names), f'}} from "{source}";'])


def _custom(name: str, text: str, given: str) -> str:
    value = f"() => {literal(text)}"
    made = Properties((("dataType", value),), is_open=True)
    return assigned(f"const {name} =", call(f"customType<{{ data: {given} }}>", made))
