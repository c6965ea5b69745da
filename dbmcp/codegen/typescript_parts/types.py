"""The types of columns in TypeScript: what Node.js's drivers return unless told otherwise, and what they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.typescript_parts.source import literal

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import DataType
    from dbmcp.codegen.plan import Plan

# What pg parses: kind → what it returns and what it takes.
_PARSED = {
    "boolean": ("boolean", "boolean"),
    "float": ("number", "number"),
    "decimal": ("string", "string | number"),
    "date": ("Date", "Date | string"),
    "timestamp": ("Date", "Date | string"),
    "interval": ("Interval", "Interval | string"),
    "json": ("unknown", "unknown"),
    "binary": ("Uint8Array", "Uint8Array"),
}
_NAMED = {
    "oid": ("number", "number"),
    "point": ("Point", "string"),
    "circle": ("Circle", "string"),
}
# The arrays that pg parses; it returns others as the engine writes them. Of numeric it makes numbers.
_ARRAYS = {
    "boolean": "boolean",
    "integer": "number",
    "float": "number",
    "decimal": "number",
    "date": "Date",
    "timestamp": "Date",
    "interval": "Interval",
    "json": "unknown",
    "binary": "Uint8Array",
    "time": "string",
    "uuid": "string",
    "money": "string",
}
_NAMED_ARRAYS = {
    "text": "string",
    "character varying": "string",
    "character": "string",
    "bpchar": "string",
    "inet": "string",
    "cidr": "string",
    "macaddr": "string",
    "numrange": "string",
    "regproc": "string",
    "oid": "number",
    "point": "Point",
}
_ANY = "number | string | Uint8Array"
# SQLite's drivers return what is stored.
_SQLITE = {
    "boolean": "number",
    "integer": "number",
    "float": "number",
    "decimal": "number",
    "binary": "Uint8Array",
    "any": _ANY,
    "other": _ANY,
}


class Types:
    """The types of a plan's columns."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def selected(self, relation: Relation, column: Column) -> list[str]:
        """Return what a value may be that was read, without null."""
        labels = self.labels(relation, column)
        return list(map(literal, labels)) or _parts(self._types(column.data_type)[0])

    def inserted(self, relation: Relation, column: Column) -> list[str]:
        """Return what may be written, without null."""
        labels = self.labels(relation, column)
        return list(map(literal, labels)) or _parts(self._types(column.data_type)[1])

    def _types(self, item: DataType) -> tuple[str, str]:
        if self._plan.catalog.dialect == "sqlite":
            return (_SQLITE.get(item.kind, "string"),) * 2
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        if item.kind == "domain" and known is not None:
            return self._types(known.data_type)
        if item.reference and item.reference in self._plan.enum_of:
            return (self._plan.enum_of[item.reference].name,) * 2
        if item.kind == "array" and item.element is not None:
            return self._array(item.element)
        if item.kind in _PARSED:
            return _PARSED[item.kind]
        if item.kind == "integer":
            return ("string", "string | number | bigint") if item.bits == 64 else ("number", "number")
        if item.kind in ("composite", "range", "multirange"):
            self._plan.leave_out("types whose values are texts here", self._shown(item))
        return _NAMED.get(item.name, ("string", "string"))

    def _array(self, item: DataType) -> tuple[str, str]:
        _, taken = self._types(item)
        many = f"({taken})[]" if "|" in taken else f"{taken}[]"
        inner = _NAMED_ARRAYS.get(item.name) or (_ARRAYS.get(item.kind) if item.reference is None else None)
        if inner is None:
            self._plan.leave_out("arrays that pg returns as text", self._shown(item))
            return "string", f"{many} | string" if many != "string[]" else "string[] | string"
        if item.kind == "integer" and item.bits == 64:
            inner = "string"
        return f"{inner}[]", many

    def _shown(self, item: DataType) -> str:
        return self._plan.shown_name(item.reference or ("", item.name))

    def labels(self, relation: Relation, column: Column) -> tuple[str, ...]:
        """Return the texts that a check allows, if it allows nothing else."""
        if column.data_type.kind != "text" or column.data_type.reference or not self._plan.choices.constraints:
            return ()
        if self._plan.catalog.dialect == "sqlite":
            return () if column.collation else column.labels
        held = (
            key.expression or ""
            for key in relation.constraints
            if key.kind == "check" and key.columns == (column.name,) and key.validated and key.enforced
        )
        return column.labels if any("= ANY (" in text and " OR " not in text for text in held) else ()


def _parts(text: str) -> list[str]:
    return text.split(" | ") if "(" not in text else [text]
