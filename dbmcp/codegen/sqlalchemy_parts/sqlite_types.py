"""SQLite's types: any word may be one, and SQLAlchemy's reflection knows some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.python_source import call
from dbmcp.codegen.sqlalchemy_parts.written import Written

if TYPE_CHECKING:
    from dbmcp.catalog.types import DataType

_KNOWN = {
    "integer": ("sa.Integer", "int"),
    "int": ("sa.Integer", "int"),
    "bigint": ("sa.BigInteger", "int"),
    "smallint": ("sa.SmallInteger", "int"),
    "text": ("sa.Text", "str"),
    "varchar": ("sa.String", "str"),
    "nvarchar": ("sa.NVARCHAR", "str"),
    "char": ("sa.CHAR", "str"),
    "nchar": ("sa.NCHAR", "str"),
    "blob": ("sa.LargeBinary", "bytes"),
    "real": ("sa.REAL", "float"),
    "float": ("sa.Float", "float"),
    "double": ("sa.Double", "float"),
    "numeric": ("sa.Numeric", "_decimal.Decimal"),
    "decimal": ("sa.DECIMAL", "_decimal.Decimal"),
    "boolean": ("sa.Boolean", "bool"),
    "bool": ("sa.Boolean", "bool"),
    "date": ("sa.Date", "_dt.date"),
    "time": ("sa.Time", "_dt.time"),
    "datetime": ("sa.DateTime", "_dt.datetime"),
    "timestamp": ("sa.TIMESTAMP", "_dt.datetime"),
    "json": ("sa.JSON", "Any"),
}


def written(item: DataType) -> Written | None:
    """Return a type that SQLAlchemy knows; None for others."""
    if item.name not in _KNOWN:
        return None
    source, annotation = _KNOWN[item.name]
    numbers = [str(part) for part in (item.length, item.precision, item.scale) if part is not None]
    takes = item.kind in ("text", "char", "decimal")
    return Written(call(source, *numbers) if numbers and takes else source, annotation)


def compared(text: str) -> str | None:
    """Return what reflection takes a type for: what SQLite itself would do with its values."""
    name = text.upper()
    for parts, meant in ((("INT",), "INTEGER"), (("CHAR", "CLOB", "TEXT"), "TEXT"), (("REAL", "FLOA", "DOUB"), "REAL")):
        if any(part in name for part in parts):
            return meant
    return None if "BLOB" in name or not name else "NUMERIC"
