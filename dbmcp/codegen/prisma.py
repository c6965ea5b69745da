"""Prisma: a schema of models, relations and enums, which the database is equal to as Prisma reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.codegen import plan as plans
from dbmcp.codegen.base import MARK, Generated
from dbmcp.codegen.naming import Names, Style
from dbmcp.codegen.prisma_parts.defaults import default, sqlite_default
from dbmcp.codegen.prisma_parts.relations import Relations
from dbmcp.codegen.prisma_parts.source import Line, block, literal
from dbmcp.codegen.prisma_parts.tables import Table, is_written, table
from dbmcp.codegen.prisma_parts.types import Types
from dbmcp.codegen.typescript_parts.source import note
from dbmcp.codegen.words import camel, pascal, singular_name, words

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.codegen.base import Choices
    from dbmcp.codegen.plan import EnumClass, Field

DESCRIPTION = "Prisma's schema: models with relations, native types, keys and indexes, and enums"

# The names that the client or TypeScript has, and Prisma's own types.
_TAKEN = frozenset(
    """Array BatchPayload BigInt Boolean Buffer Bytes Date DateTime Decimal Enumerable Error Exact Float Function Int
    Json JsonArray JsonObject JsonValue Map Model ModelName Number Object Prisma PrismaClient PrismaPromise Promise
    Record Set Sql String Symbol Unsupported Uint8Array async await break case catch class const continue debugger
    default delete do else enum export extends false finally for function if implements import in instanceof interface
    let new null package private protected public return super static switch this throw true try type typeof using var
    void while with yield""".split()
)
# What a filter has beside the fields.
_FIELDS = frozenset(("AND", "OR", "NOT"))
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def generate(catalog: Catalog, choices: Choices) -> Generated:
    """Return the files for what a caller may know of a database."""
    style = Style(
        class_name=lambda name: _started(pascal(singular_name(name), ascii_only=True), "N"),
        attribute=_field_name if choices.naming == "idiomatic" else _kept,
        member=_kept,
        taken_module=_TAKEN,
        taken_class=_FIELDS,
        hides_classes=False,
    )
    return _Schema(plans.build(catalog, choices, style)).generated()


def _field_name(name: str) -> str:
    return _started(camel(name, ascii_only=True), "n")


def _kept(name: str) -> str:
    """Return a name as it is, where Prisma lets it be one."""
    return name if _IDENTIFIER.fullmatch(name) else _started("_".join(words(name, ascii_only=True)), "n")


def _started(name: str, letter: str) -> str:
    name = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign == "_"))
    return f"{letter}{name}" if name and not name[0].isalpha() else name


class _Schema:
    """One writing."""

    def __init__(self, plan: plans.Plan) -> None:
        self._plan = plan
        models = [model for model in plan.models if is_written(model)]
        self._enums = [item for item in plan.enums if item.members]
        self._labels = {item.name: {label: name for name, label in item.members} for item in self._enums}
        schemas = {model.relation.schema for model in models} | {item.type.schema for item in self._enums}
        # Prisma's own default needs no name.
        self._schemas = sorted(schemas) if schemas - {"public"} and plan.catalog.dialect != "sqlite" else []
        types = Types(plan, frozenset(schemas))
        self._tables = {model.relation.key: table(plan, model, types) for model in models}
        self._relations = Relations(plan, self._tables)
        if not plan.choices.constraints:
            needed = self._relations.needed()
            self._tables = {key: item.only(needed.get(key, set())) for key, item in self._tables.items()}
            self._relations = Relations(plan, self._tables)

    def generated(self) -> Generated:
        """Return the files."""
        blocks = {item.model.name: self._block(item) for item in self._tables.values()}
        enums = [self._enum(item) for item in self._enums]
        self._note()
        views = sum(item.model.is_view for item in self._tables.values())
        counts = {"models": len(blocks) - views, "views": views, "enums": len(enums)}
        header = note(self._plan.header("Prisma's models", "What Prisma cannot say is left out"))
        first = [
            header,
            self._generator(),
            self._datasource(),
        ]
        if not self._plan.choices.is_package:
            files = {"schema.prisma": _text([*first, *blocks.values(), *enums])}
            return Generated(files, counts, self._plan.left_out)
        names = Names(("schema",), folds_case=True)
        files = {"schema.prisma": _text([*first, *enums])}
        for name, text in blocks.items():
            files[f"{names.take(name)}.prisma"] = _text([f"// A model of a database, {MARK}.", text])
        return Generated(files, counts, self._plan.left_out)

    def _generator(self) -> str:
        features = ["partialIndexes"] * any(key.predicate for item in self._tables.values() for key in item.keys)
        features += ["views"] * any(item.model.is_view for item in self._tables.values())
        lines = [Line(("provider", '= "prisma-client"')), Line(("output", '= "./generated/prisma"'))]
        if features:
            lines.append(Line(("previewFeatures", f"= [{', '.join(map(literal, features))}]")))
        return block("generator client", lines, ())

    def _datasource(self) -> str:
        provider = "sqlite" if self._plan.catalog.dialect == "sqlite" else "postgresql"
        lines = [Line(("provider", f"= {literal(provider)}"))]
        if self._schemas:
            lines.append(Line(("schemas", f"= [{', '.join(map(literal, self._schemas))}]")))
        return block("datasource db", lines, ())

    def _block(self, item: Table) -> str:
        model, relation = item.model, item.model.relation
        lines = [self._line(item, each) for each in item.fields]
        lines += self._relations.lines(item)
        own = sorted((key for key in item.keys if not key.is_of_field), key=lambda key: _ORDER.index(key.kind))
        attributes = [key.attribute(item.names) for key in own]
        names = self._names(model.name, relation.name, relation.schema)
        if item.is_ignored:
            names.insert(len(names) - bool(self._schemas), "@@ignore")
            self._plan.leave_out("tables whose rows the client cannot tell apart", self._plan.shown_name(relation.key))
        return block(
            f"{'view' if model.is_view else 'model'} {model.name}", lines, attributes + names, relation.comment
        )

    def _names(self, name: str, own: str, schema: str) -> list[str]:
        found = [f"@@map({literal(own)})"] if name != own else []
        return [*found, f"@@schema({literal(schema)})"] if self._schemas else found

    def _line(self, item: Table, each: Field) -> Line:
        column = each.column
        type_ = item.types[column.name]
        attributes = [
            key.attribute(item.names) for key in item.keys if key.is_of_field and key.columns == (column.name,)
        ]
        attributes.sort(key=lambda text: not text.startswith("@id"))
        value = None if item.model.is_view else self._default(item, each)
        attributes += [f"@default({value})"] if value else []
        attributes += [f"@map({literal(column.name)})"] if each.name != column.name else []
        attributes += [f"@db.{type_.native}"] if type_.native else []
        mark = "[]" if type_.is_list else "?" * item.is_optional(column.name)
        return Line((each.name, f"{type_.name}{mark}", " ".join(attributes)), column.comment)

    def _default(self, item: Table, each: Field) -> str | None:
        column, type_ = each.column, item.types[each.column.name]
        if self._plan.catalog.dialect == "sqlite":
            return sqlite_default(column, type_)
        return default(column, type_, self._labels.get(type_.name, {}), self._plan.catalog.default_schema)

    def _enum(self, item: EnumClass) -> str:
        lines = [Line((name, f"@map({literal(label)})" if name != label else "")) for name, label in item.members]
        return block(
            f"enum {item.name}", lines, self._names(item.name, item.type.name, item.type.schema), item.type.comment
        )

    def _note(self) -> None:
        self._relations.note()
        for model in self._plan.models:
            item, shown = model.relation, self._plan.shown_name(model.relation.key)
            if model.role == "part":
                self._plan.leave_out("partitions, whose rows the whole has", shown)
            elif item.key not in self._tables:
                self._plan.leave_out("foreign and virtual tables, and those without columns", shown)
            else:
                self._note_table(item, shown)

    def _note_table(self, item: Relation, shown: str) -> None:
        for column in item.columns:
            if column.generated is not None:
                self._plan.leave_out("how columns are generated", f"{shown}.{column.name}")
        for trigger in item.triggers:
            self._plan.leave_out("triggers", f"{trigger.name} of {shown}")
        if item.row_security or item.policies:
            self._plan.leave_out("row security", shown)


_ORDER = ("id", "unique", "index")


def _text(blocks: list[str]) -> str:
    return "\n\n".join(blocks) + "\n"
