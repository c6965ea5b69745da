"""The columns of tables in Drizzle: the builder of each type, and what is said of it behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.codegen.drizzle_parts.layout import Calls, Items, Node, Properties, call
from dbmcp.codegen.typescript_parts.source import literal
from dbmcp.codegen.typescript_parts.types import Types

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Column, Sequence
    from dbmcp.catalog.types import DataType
    from dbmcp.codegen.plan import Model, Plan

# PostgreSQL's own name of a type → Drizzle's builder.
_PLAIN = {
    "boolean": "boolean",
    "smallint": "smallint",
    "integer": "integer",
    "real": "real",
    "double precision": "doublePrecision",
    "text": "text",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "jsonb",
    "date": "date",
    "inet": "inet",
    "cidr": "cidr",
    "macaddr": "macaddr",
    "macaddr8": "macaddr8",
    "point": "point",
    "line": "line",
}
_SERIAL = {16: "smallserial", 32: "serial", 64: "bigserial"}
# What the driver gives of types that have no builder, by kind, and by name where the kind does not say it.
_GIVEN = {"boolean": "boolean", "float": "number", "json": "unknown", "binary": "Uint8Array"}
_CIRCLE = "{ x: number; y: number; radius: number }"
_GIVEN_NAMES = {"oid": "number", "point": "{ x: number; y: number }", "circle": _CIRCLE}
_SQLITE = {"integer": "integer", "text": "text", "real": "real", "blob": "blob"}
_ANY = "number | string | Uint8Array | null"
_SQLITE_GIVEN = {
    "boolean": "number",
    "integer": "number",
    "float": "number",
    "decimal": "number",
    "any": _ANY,
    "other": _ANY,
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CAST = r"(?:::[\w. ]+(?:\([\d, ]*\))?)?"
_TEXT = re.compile(rf"'((?:[^']|'')*)'{_CAST}", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^']|'')*)'", re.DOTALL)


def sql(text: str) -> str:
    """Return an expression of SQL."""
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"sql`{''.join(map(_shown, escaped))}`"


def _shown(sign: str) -> str:
    """Return a sign as it stands in backquotes: lines may end there."""
    return sign if sign.isprintable() or sign == "\n" else f"\\u{{{ord(sign):x}}}"


class Columns:
    """The columns of a plan's tables. `used` are the builders to import, `customs` what makes the others."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._types = Types(plan)
        self._is_sqlite = plan.catalog.dialect == "sqlite"
        self._named = {**{(item.schema, item.name): name for name, item in plan.types}, **plan.other_types}
        self._customs: dict[tuple[str, str], str] = {}
        self.used: set[str] = set()
        self.uses_sql = False
        # Of sequences that stand alone, or are called otherwise than Drizzle would: schema.name, without quotes.
        self.sequences: set[str] = set()
        # Of those that come with a serial column.
        self.serials: set[str] = set()

    def customs(self) -> list[tuple[str, str, str]]:
        """Return the types that have no builder: the name of each, its own text in the database, what it gives."""
        return [(name, text, given) for (text, given), name in self._customs.items()]

    def column(self, model: Model, column: Column) -> Calls:
        """Return a column as Drizzle defines it."""
        item = model.relation
        found = self._sqlite_type(item, column) if self._is_sqlite else self._type(model, column)
        if model.is_view or item.kind in ("foreign table", "virtual table"):
            return found.then("notNull") if column.not_null else found
        is_key = item.primary_key == (column.name,) and is_usual_key(self._plan, item)
        is_serial = found.parts[0][0] in _SERIAL.values()
        if is_key:
            found = self._key(found, column)
        elif self._plan.is_needed(column) and column.identity is None:
            found = found.then("notNull")
        if column.identity is not None and not self._is_sqlite:
            return self._identity(found, column)
        if column.generated is not None:
            mode = (Properties((("mode", literal("stored" if column.stored else "virtual")),)),) * self._is_sqlite
            return found.then("generatedAlwaysAs", self._sql(column.generated), *mode)
        if column.default is None or is_serial or column.default.upper().startswith("NULL"):
            return found
        return self._with_default(found, column)

    def _key(self, found: Calls, column: Column) -> Calls:
        counts = column.identity is not None and column.identity.kind == "autoincrement"
        return found.then("primaryKey", *((Properties((("autoIncrement", "true"),)),) if counts else ()))

    def _builder(self, name: str, column: Column, *options: tuple[str, Node]) -> Calls:
        self.used.add(name)
        return call(name, literal(column.name), *((Properties(options),) if options else ()))

    def _type(self, model: Model, column: Column) -> Calls:
        item, is_array = column.data_type, column.data_type.kind == "array"
        element = item.element if is_array and item.element is not None else item
        found = self._scalar(model, column, element, is_element=is_array)
        return found.then("array") if is_array else found

    def _scalar(self, model: Model, column: Column, item: DataType, *, is_element: bool) -> Calls:
        enum = self._plan.enum_of.get(item.reference) if item.reference else None
        if enum is not None and enum.members:
            return call(enum.name, literal(column.name))
        if item.reference is not None:
            return self._custom(column, item, is_element=is_element)
        if item.kind == "integer" and not is_element and (made := self._owned(model, column)):
            self.serials.add(f"{made.schema}.{made.name}".replace('"', ""))
            options = (("mode", literal("bigint")),) if item.bits == 64 else ()
            return self._builder(_SERIAL[item.bits or 32], column, *options)
        if item.name == "text" and not is_element and (labels := self._types.labels(model.relation, column)):
            return self._builder("text", column, ("enum", Items(tuple(map(literal, labels)))))
        if item.name in _PLAIN:
            return self._builder(_PLAIN[item.name], column)
        found = _with_options(item)
        return (
            self._builder(found[0], column, *found[1]) if found else self._custom(column, item, is_element=is_element)
        )

    def _owned(self, model: Model, column: Column) -> Sequence | None:
        """Return the sequence that a column has for itself, where it is numbered by it and by nothing else."""
        if column.identity is not None or not (column.default or "").startswith("nextval("):
            return None
        found = self._plan.sequence_of.get((*model.relation.key, column.name))
        named = found is not None and found.name == f"{model.relation.name}_{column.name}_seq"
        return found if named and found is not None and f"{found.name}'" in (column.default or "") else None

    def _custom(self, column: Column, item: DataType, *, is_element: bool) -> Calls:
        # What is no list in itself: pg does not know the lists of most types, whose elements are texts then.
        text = column.type.removesuffix("[]") if is_element else column.type
        text = text.removeprefix(f"{self._plan.catalog.default_schema}.")
        given = "string" if is_element and item.reference else self._given(item)
        return call(self._custom_name(text, given, item), literal(column.name))

    def _custom_name(self, text: str, given: str, item: DataType) -> str:
        if (text, given) not in self._customs:
            # The plan has a name for each type, but none for its lengths.
            name = self._named.get(item.reference or ("", item.name))
            if name is None or name in self._customs.values():
                wish = self._plan.style.class_name(text or "untyped") or "custom"
                name = self._plan.names.take(wish, f"{wish}Type")
            self._customs[text, given] = name
        return self._customs[text, given]

    def _given(self, item: DataType) -> str:
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        if known is not None and known.kind == "domain":
            inner = known.data_type
            if inner.kind == "array" and inner.element is not None:
                return "string" if inner.element.reference else f"{self._given(inner.element)}[]"
            return self._given(inner)
        if item.kind == "integer":
            return "string" if item.bits == 64 else "number"
        return _GIVEN_NAMES.get(item.name) or _GIVEN.get(item.kind, "string")

    def _identity(self, found: Calls, column: Column) -> Calls:
        identity = column.identity
        if identity is None:
            raise AssertionError(column)
        name = "generatedAlwaysAsIdentity" if identity.kind == "always" else "generatedByDefaultAsIdentity"
        made = identity.sequence
        if made is None:
            return found.then(name)
        return found.then(name, Properties((("name", literal(made.name)), *sequence_options(made))))

    def _with_default(self, found: Calls, column: Column) -> Calls:
        text, builder = column.default or "", found.parts[0][0]
        if named := re.match(r"nextval\('(.*?)'::regclass", text):
            self.sequences.add(named[1].replace('"', ""))
        is_one = len(found.parts) < 2 or found.parts[1][0] != "array"
        if builder in ("timestamp", "date", "time") and text == "now()" and is_one:
            return found.then("defaultNow")
        value = self._value(text, builder, column) if is_one else None
        return found.then("default", value if value is not None else self._sql(text, is_default=True))

    def _value(self, text: str, builder: str, column: Column) -> str | None:
        """Return a default as a value of TypeScript, where it is one."""
        if builder in ("smallint", "integer", "real", "doublePrecision") and _NUMBER.fullmatch(text):
            return text if len(text) < 15 else None
        if builder == "boolean" and text in ("true", "false"):
            return text
        if builder == "numeric" and _NUMBER.fullmatch(text):
            return literal(text)
        is_text = builder in ("text", "varchar", "char", "uuid") or (
            column.data_type.kind == "enum" and column.data_type.reference in self._plan.enum_of
        )
        found = (_QUOTED if self._is_sqlite else _TEXT).fullmatch(text) if is_text else None
        return literal(found[1].replace("''", "'")) if found else None

    def _sqlite_type(self, item: Relation, column: Column) -> Calls:
        strict = any(option.lower() == "strict" for option in item.options)
        said = "" if column.type.lower() == "any" and not strict else column.type.lower()
        labels = self._types.labels(item, column)
        if said in _SQLITE:
            options: tuple[tuple[str, Node], ...] = ()
            if said == "text" and labels:
                options = (("enum", Items(tuple(map(literal, labels)))),)
            if said == "blob":
                options = (("mode", literal("buffer")),)
            return self._builder(_SQLITE[said], column, *options)
        given = (
            "Uint8Array" if column.data_type.kind == "binary" else _SQLITE_GIVEN.get(column.data_type.kind, "string")
        )
        return call(self._custom_name(said, given, column.data_type), literal(column.name))

    def _sql(self, text: str, *, is_default: bool = False) -> str:
        self.uses_sql = True
        # SQLite wants what is no literal in brackets.
        is_plain = re.fullmatch(r"'(?:[^']|'')*'|-?[\d.]+|[A-Za-z_]+|x'[0-9a-fA-F]*'", text, re.DOTALL)
        return sql(text if is_plain or not (self._is_sqlite and is_default) else f"({text})")


def _with_options(item: DataType) -> tuple[str, tuple[tuple[str, Node], ...]] | None:
    """Return the builder of a type that takes options, and these; None where there is none."""
    zone: tuple[tuple[str, Node], ...] = (("withTimezone", "true"),) if item.with_timezone else ()
    fields: tuple[tuple[str, Node], ...] = (("fields", literal(item.fields)),) if item.fields else ()
    found: dict[str, tuple[str, tuple[tuple[str, Node], ...]]] = {
        "bigint": ("bigint", (("mode", literal("bigint")),)),
        "numeric": ("numeric", _numbers(precision=item.precision, scale=item.scale)),
        "character varying": ("varchar", _numbers(length=item.length)),
        "character": ("char", _numbers(length=item.length)),
        "time": ("time", (*_numbers(precision=item.precision), *zone)),
        "timestamp": ("timestamp", (*_numbers(precision=item.precision), *zone)),
        "interval": ("interval", (*fields, *_numbers(precision=item.precision))),
    }
    # bpchar without a length is no char(1), and no builder knows a scale below zero.
    if (item.name == "character" and item.length is None) or (item.scale or 0) < 0:
        return None
    return found.get(item.name) or found.get(item.kind if item.kind in ("time", "timestamp", "interval") else "")


def sequence_options(made: Sequence) -> tuple[tuple[str, Node], ...]:
    """Return what is said of a sequence, but for what is usual."""
    is_up = made.increment > 0
    highest = {"smallint": 2**15, "integer": 2**31}.get(made.type, 2**63) - 1
    lowest, highest = (1, highest) if is_up else (-highest - 1, -1)
    said = {
        "startWith": (made.start, made.minimum if is_up else made.maximum),
        "increment": (made.increment, 1),
        "minValue": (made.minimum, lowest),
        "maxValue": (made.maximum, highest),
        "cache": (made.cache, 1),
    }
    options = [(key, _integer(value)) for key, (value, usual) in said.items() if value != usual]
    return (*options, *((("cycle", "true"),) if made.cycle else ()))


def _numbers(**given: int | None) -> tuple[tuple[str, Node], ...]:
    return tuple((name, str(value)) for name, value in given.items() if value is not None)


def _integer(value: int) -> str:
    return str(value) if abs(value) < 2**53 else literal(str(value))


def is_usual_key(plan: Plan, item: Relation) -> bool:
    """Say whether the primary key of one column is called as the engine would call it."""
    key = next(key for key in item.constraints if key.kind == "primary")
    usual = key.name in ("", f"{item.name}_pkey") and not key.include
    return usual or plan.catalog.dialect == "sqlite"
