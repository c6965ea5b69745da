"""The types of columns, as Prisma's engine reads them of a database: what it does not know is Unsupported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbmcp.codegen.prisma_parts.source import literal

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import DataType
    from dbmcp.codegen.plan import Plan


@dataclass(frozen=True, slots=True)
class FieldType:
    """A type: Prisma's name for it, the database's own where there are several, and whether it is a list.

    `family` is Prisma's scalar type, "Enum", "Uuid" for a String that is one, or "Unsupported".
    """

    name: str
    native: str | None = None
    is_list: bool = False
    family: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether Prisma's client can read its values."""
        return self.family != "Unsupported"


# PostgreSQL's own name of a type → Prisma's type, and its attribute unless it is the usual type.
_POSTGRESQL = {
    "boolean": ("Boolean", None),
    "smallint": ("Int", "SmallInt"),
    "integer": ("Int", None),
    "bigint": ("BigInt", None),
    "oid": ("Int", "Oid"),
    "real": ("Float", "Real"),
    "double precision": ("Float", None),
    "money": ("Decimal", "Money"),
    "text": ("String", None),
    '"char"': ("String", "Char"),
    "xml": ("String", "Xml"),
    "inet": ("String", "Inet"),
    "uuid": ("String", "Uuid"),
    "bytea": ("Bytes", None),
    "json": ("Json", "Json"),
    "jsonb": ("Json", None),
    "date": ("DateTime", "Date"),
}
_WITH_LENGTH = {"character varying": "VarChar", "character": "Char", "bit": "Bit", "bit varying": "VarBit"}
_WITH_PRECISION = {
    "timestamp without time zone": "Timestamp",
    "timestamp with time zone": "Timestamptz",
    "time without time zone": "Time",
    "time with time zone": "Timetz",
}
# What PostgreSQL calls a type within, where it is not what it says: these stand in Unsupported.
_INNER = {"integer": "int4", "bigint": "int8", "smallint": "int2", "boolean": "bool", "real": "float4"}
_SQLITE = {
    "int": "Int",
    "integer": "Int",
    "serial": "Int",
    "bigint": "BigInt",
    "real": "Float",
    "float": "Float",
    "double": "Float",
    "boolean": "Boolean",
    "text": "String",
    "date": "DateTime",
    "datetime": "DateTime",
    "timestamp": "DateTime",
    "binary": "Bytes",
    "blob": "Bytes",
    "jsonb": "Json",
}


class Types:
    """The types of a plan's columns. `schemas` are those that the written file names."""

    def __init__(self, plan: Plan, schemas: frozenset[str]) -> None:
        self._plan = plan
        self._schemas = schemas

    def of(self, relation: Relation, column: Column) -> FieldType:
        """Return the type of a column."""
        if self._plan.catalog.dialect == "sqlite":
            found = _of_sqlite(relation, column)
        else:
            found = self._of(self._base(column.data_type))
        if not found.is_known:
            self._plan.leave_out(
                "types that Prisma's client does not read",
                f"{column.type} of {self._plan.shown_name(relation.key)}.{column.name}",
            )
        return found

    def _base(self, item: DataType) -> DataType:
        # The engine looks behind one domain alone: one over another is of a type that it does not know.
        known = self._plan.catalog.types_by_name.get(item.reference) if item.reference else None
        return known.data_type if known is not None and known.kind == "domain" else item

    def _of(self, item: DataType) -> FieldType:
        if item.kind == "array" and item.element is not None:
            inner = self._scalar(item.element)
            if inner.is_known:
                return FieldType(inner.name, inner.native, is_list=True, family=inner.family)
            # An extension's own type is named as itself, an array of another one as PostgreSQL calls the array.
            own = item.element.reference is not None and item.element.reference not in self._plan.catalog.types_by_name
            mark = "" if own and item.element.reference and item.element.reference[0] in self._schemas else "_"
            return _unsupported(mark + _name(item.element), is_list=True)
        return self._scalar(item)

    def _scalar(self, item: DataType) -> FieldType:
        if item.reference is not None:
            enum = self._plan.enum_of.get(item.reference)
            # Prisma does not see an enum without labels.
            if enum is not None and enum.members:
                return FieldType(enum.name, family="Enum")
            return _known("String", "Citext") if item.reference[1] == "citext" else _unsupported(_name(item))
        if item.name in _POSTGRESQL:
            return _known(*_POSTGRESQL[item.name])
        if item.name in _WITH_LENGTH:
            return _known("String", _with(_WITH_LENGTH[item.name], item.length))
        if item.name == "bpchar":
            return _known("String", "Char")
        if item.name in _WITH_PRECISION:
            precision = 6 if item.precision is None else item.precision
            return _known("DateTime", _with(_WITH_PRECISION[item.name], precision))
        if item.name == "numeric" and (item.scale or 0) >= 0:
            return _known("Decimal", _with("Decimal", item.precision, item.scale))
        return _unsupported(_name(item))


def _known(family: str, native: str | None) -> FieldType:
    return FieldType(family, native, family="Uuid" if native == "Uuid" else family)


def _unsupported(name: str, *, is_list: bool = False) -> FieldType:
    return FieldType(f"Unsupported({literal(name)})", is_list=is_list, family="Unsupported")


def _name(item: DataType) -> str:
    return item.reference[1] if item.reference else _INNER.get(item.name, item.name)


def _with(name: str, *numbers: int | None) -> str:
    given = [str(number) for number in numbers if number is not None]
    return f"{name}({', '.join(given)})" if given else name


def _of_sqlite(relation: Relation, column: Column) -> FieldType:
    said = column.type.lower()
    # A column without a type takes any; the word itself stands in strict tables alone.
    if said == "any" and not any(option.lower() == "strict" for option in relation.options):
        said = ""
    family = _SQLITE.get(said)
    if family is None and "char" in said:
        family = "String"
    elif family is None and ("numeric" in said or "decimal" in said):
        family = "Decimal"
    return FieldType(family, family=family) if family else _unsupported(said)
