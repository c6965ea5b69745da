"""Fields: the class and arguments of each column's, by its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dbmcp.codegen.django_parts.defaults import database_default, raw
from dbmcp.codegen.python_source import Bracketed, Source, call, literal, several

if TYPE_CHECKING:
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import DataType, Name
    from dbmcp.codegen.django_parts.relations import Relation, Shape
    from dbmcp.codegen.plan import Field, Plan

_INTEGERS = {16: "SmallInteger", 32: "Integer", 64: "BigInteger"}
_SIMPLE = {
    "boolean": "models.BooleanField",
    "float": "models.FloatField",
    "binary": "models.BinaryField",
    "date": "models.DateField",
}
_POSTGRESQL = {
    "interval": "models.DurationField",
    "uuid": "models.UUIDField",
    "hstore": "pg_fields.HStoreField",
    "tsvector": "pg_search.SearchVectorField",
    "jsonb": "models.JSONField",
    "json": "PlainJSONField",
    "int4range": "pg_fields.IntegerRangeField",
    "int8range": "pg_fields.BigIntegerRangeField",
    "numrange": "pg_fields.DecimalRangeField",
    "daterange": "pg_fields.DateRangeField",
    "tstzrange": "pg_fields.DateTimeRangeField",
}
# Arrays of these come as one text from the driver, which does not know them.
_TEXTS = ("enum", "composite")
_AS_TEXT = "types that Django has no field for, whose values are as the driver gives them"


class Fields:
    """Writes the fields of one plan's columns."""

    def __init__(self, plan: Plan, shapes: Mapping[Name, Shape]) -> None:
        self._plan = plan
        self._shapes = shapes
        self._is_postgresql = plan.catalog.dialect == "postgresql"

    def field(self, shape: Shape, item: Field) -> Source:
        """Return the field of a column."""
        column = item.column
        key = shape.keys.get(column.name)
        is_primary = shape.identity == (column.name,)
        if column.generated is not None:
            return self._generated(shape, item)
        made = self._key(shape, key) if key is not None else self._typed(shape, column)
        return _with(made, *self._options(shape, item, is_primary=is_primary))

    def _options(self, shape: Shape, item: Field, *, is_primary: bool) -> list[tuple[str, Source]]:
        column = item.column
        key = shape.keys.get(column.name)
        found: list[tuple[str, Source]] = []
        if is_primary and (key is None or key.kind == "OneToOneField"):
            found.append(("primary_key", "True"))
        if not self._plan.is_needed(column) and column.name not in shape.identity:
            found += [("null", "True"), ("blank", "True")]
        default = None if _is_auto(shape, column) else database_default(self._plan, shape.model.relation, column)
        if default is not None and not shape.is_read_only:
            found.append(("db_default", default))
        return found + self._said(item, f"{key.name}_id" if key else item.name)

    def _said(self, item: Field, attribute: str) -> list[tuple[str, Source]]:
        found: list[tuple[str, Source]] = []
        if attribute != item.column.name:
            found.append(("db_column", literal(quoted(item.column.name))))
        if item.column.comment and self._is_postgresql:
            found.append(("db_comment", literal(item.column.comment)))
        return found

    def _key(self, shape: Shape, key: Relation) -> Bracketed:
        target = self._shapes[key.link.target]
        columns = key.link.key.target_columns
        return call(
            f"models.{key.kind}",
            literal("self" if target is shape else target.model.name),
            on_delete(key),
            to_field=None if columns == target.identity else literal(target.field_name(columns[0])),
            related_name=literal(key.related_name),
        )

    def _typed(self, shape: Shape, column: Column) -> Bracketed:
        if _is_auto(shape, column):
            return call(f"models.{_AUTO.get(column.data_type.bits or 32, '')}AutoField")
        labels = column.labels if self._may_be_labels(column) else ()
        made = self.typed(column.data_type, column.type)
        if column.collation is not None and made.head in ("models.TextField", "models.CharField"):
            made = _with(made, ("db_collation", literal(_collation(*column.collation))))
        length = column.data_type.length
        if labels and made.head != "DatabaseField" and (length is None or max(map(len, labels)) <= length):
            pairs = several(several((literal(label), literal(label)), "()") for label in labels)
            made = _with(made, ("choices", pairs))
        return made

    def _may_be_labels(self, column: Column) -> bool:
        item = column.data_type
        return self._plan.choices.constraints and item.kind == "text" and item.reference is None

    def _generated(self, shape: Shape, item: Field) -> Source:
        column = item.column
        made = call(
            "models.GeneratedField",
            expression=raw(column.generated or ""),
            output_field=self._typed(shape, column),
            db_persist=str(column.stored),
        )
        return _with(made, *self._said(item, item.name))

    def typed(self, item: DataType, text: str) -> Bracketed:
        """Return the field of a type, which the engine writes as a text."""
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        if known is not None and known.kind == "domain":
            return self.typed(known.data_type, known.type)
        if item.kind == "array" and item.element is not None:
            return self._array(item.element, text)
        if item.reference in self._plan.enum_of and item.reference is not None:
            choices = self._plan.enum_of[item.reference].name
            return call("DatabaseField", literal(text), choices=choices)
        return self._plain(item, text) or self._other(text)

    def _array(self, item: DataType, text: str) -> Bracketed:
        text = text.removesuffix("[]")
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        name = "DatabaseArrayField" if known is not None and known.kind in _TEXTS else "pg_fields.ArrayField"
        return call(name, self.typed(item, text))

    def _plain(self, item: DataType, text: str) -> Bracketed | None:
        if item.reference is None:
            if item.kind in _SIMPLE:
                return call(_SIMPLE[item.kind])
            if item.kind == "integer":
                return call(f"models.{_INTEGERS.get(item.bits or 32, 'BigInteger')}Field")
            found = _text(item) or _moment(item, is_postgresql=self._is_postgresql)
            if found is not None:
                return found
        if item.kind == "decimal":
            return _decimal(item, text)
        if not self._is_postgresql:
            return call("models.JSONField") if item.kind == "json" else None
        name = item.reference[1] if item.reference else item.name
        known = item.reference is None or item.reference not in self._plan.catalog.types_by_name
        field = _POSTGRESQL.get(item.kind if item.kind in ("interval", "uuid") else name)
        return call(field) if field is not None and known else None

    def _other(self, text: str) -> Bracketed:
        if text:
            self._plan.leave_out(_AS_TEXT, re.sub(r"\(.*\)$", "", text))
        return call("DatabaseField", literal(text))


_AUTO = {16: "Small", 64: "Big"}


def on_delete(key: Relation) -> str:
    """Return what Django does when the target is deleted: nothing that the database does itself."""
    rule = key.link.key.on_delete
    if rule == "cascade":
        return "DB_CASCADE"
    return "DB_SET_NULL" if rule == "set null" and key.link.is_optional else "models.DO_NOTHING"


def quoted(name: str) -> str:
    """Return a name as Django takes it: it puts quotes around all that has none, and knows no other signs in it."""
    name = name.replace("%", "%%")
    return '"' + name.replace('"', '""') + '"' if '"' in name else name


def table_name(schema: str | None, name: str) -> str:
    """Return the name of a table; one with a schema is given in quotes, so that Django adds none."""
    if schema is None:
        return quoted(name)
    return ".".join('"' + part.replace("%", "%%").replace('"', '""') + '"' for part in (schema, name))


def _is_auto(shape: Shape, column: Column) -> bool:
    """Say whether the engine numbers the rows by this one column."""
    if shape.identity != (column.name,) or column.data_type.kind != "integer" or column.data_type.reference:
        return False
    is_numbered = column.identity is not None or (column.default or "").startswith("nextval(")
    return is_numbered and column.name not in shape.keys and column.generated is None


def _with(made: Bracketed, *more: tuple[str, Source]) -> Bracketed:
    return Bracketed(made.head, (*made.parts, *call("", **dict(more)).parts), made.brackets, made.tail)


def _collation(schema: str, name: str) -> str:
    return name if schema in ("", "pg_catalog") else table_name(schema, name)


def _decimal(item: DataType, text: str) -> Bracketed:
    if item.precision is None or not 0 <= (item.scale or 0) <= item.precision or item.reference is not None:
        return call("NumericField", literal(text)) if text not in ("numeric", "") else call("NumericField")
    return call("models.DecimalField", max_digits=str(item.precision), decimal_places=str(item.scale or 0))


def _text(item: DataType) -> Bracketed | None:
    if item.kind not in ("text", "char") or item.name in ("name", '"char"', "citext"):
        return None
    if item.length is not None:
        return call("models.CharField", max_length=str(item.length))
    return None if item.kind == "char" else call("models.TextField")


def _moment(item: DataType, *, is_postgresql: bool) -> Bracketed | None:
    if item.kind == "timestamp":
        is_local = is_postgresql and not item.with_timezone
        return call("LocalDateTimeField" if is_local else "models.DateTimeField")
    if item.kind == "time" and not item.with_timezone:
        return call("models.TimeField")
    return None
