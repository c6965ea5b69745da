"""PostgreSQL's own types, and those of extensions that SQLAlchemy knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.python_source import Source, call, literal
from dbmcp.codegen.sqlalchemy_parts.written import Written

if TYPE_CHECKING:
    from dbmcp.catalog.types import DataType

_SIMPLE = {
    "boolean": ("sa.Boolean", "bool"),
    "uuid": ("sa.Uuid", "_uuid.UUID"),
    "binary": ("sa.LargeBinary", "bytes"),
    "date": ("sa.Date", "_dt.date"),
    "money": ("pg.MONEY", "str"),
}
_OTHER = {
    "inet": ("pg.INET", "str"),
    "cidr": ("pg.CIDR", "str"),
    "macaddr": ("pg.MACADDR", "str"),
    "macaddr8": ("pg.MACADDR8", "str"),
    "oid": ("pg.OID", "int"),
    "regclass": ("pg.REGCLASS", "str"),
    "regconfig": ("pg.REGCONFIG", "str"),
    "tsvector": ("pg.TSVECTOR", "str"),
    "tsquery": ("pg.TSQUERY", "str"),
    "jsonpath": ("pg.JSONPATH", "str"),
    "hstore": ("pg.HSTORE", "dict[str, str | None]"),
    "citext": ("pg.CITEXT", "str"),
}
_INTEGERS = {16: "sa.SmallInteger", 32: "sa.Integer", 64: "sa.BigInteger"}
_RANGES = {
    "int4range": "int",
    "int8range": "int",
    "numrange": "_decimal.Decimal",
    "daterange": "_dt.date",
    "tsrange": "_dt.datetime",
    "tstzrange": "_dt.datetime",
}


def written(item: DataType) -> Written | None:
    """Return a type that SQLAlchemy knows; None for others."""
    if item.kind in _SIMPLE:
        return Written(*_SIMPLE[item.kind])
    name = item.reference[1] if item.reference else item.name
    if name in _OTHER:
        return Written(*_OTHER[name])
    write = _WRITERS.get(item.kind)
    return write(item) if write is not None and item.reference is None else None


def compared(text: str) -> str | None:
    """Return what reflection takes a type for; it says itself what it does not know."""
    return "VARCHAR" if text in ("name", '"char"') else None


def _integer(item: DataType) -> Written | None:
    return Written(_INTEGERS[item.bits], "int") if item.bits in _INTEGERS else None


def _float(item: DataType) -> Written:
    return Written("sa.REAL" if item.bits == 32 else "sa.Double", "float")


def _decimal(item: DataType) -> Written:
    arguments = [str(part) for part in (item.precision, item.scale) if part is not None]
    return Written(call("sa.Numeric", *arguments) if arguments else "sa.Numeric", "_decimal.Decimal")


def _text(item: DataType) -> Written | None:
    if item.name == "text":
        return Written("sa.Text", "str")
    if item.name != "character varying":
        return None
    return Written(call("sa.String", str(item.length)) if item.length is not None else "sa.String", "str")


def _char(item: DataType) -> Written | None:
    return Written(call("sa.CHAR", str(item.length)), "str") if item.length is not None else None


def _json(item: DataType) -> Written:
    return Written(f"pg.{item.name.upper()}", "Any")


def _bits(item: DataType) -> Written:
    varying = "True" if item.name == "bit varying" else None
    length = str(item.length) if item.length is not None else None
    return Written(call("pg.BIT", length=length, varying=varying), "str")


def _time(item: DataType) -> Written:
    return Written(_moment(item, "sa.Time", "pg.TIME"), "_dt.time")


def _timestamp(item: DataType) -> Written:
    return Written(_moment(item, "sa.DateTime", "pg.TIMESTAMP"), "_dt.datetime")


def _moment(item: DataType, usual: str, special: str) -> Source:
    zone = "True" if item.with_timezone else None
    if item.precision is None:
        return call(usual, timezone=zone) if zone else usual
    return call(special, timezone=zone, precision=str(item.precision))


def _interval(item: DataType) -> Written:
    if item.fields is None and item.precision is None:
        return Written("sa.Interval", "_dt.timedelta")
    precision = str(item.precision) if item.precision is not None else None
    fields = literal(item.fields.upper()) if item.fields else None
    return Written(call("pg.INTERVAL", fields=fields, precision=precision), "_dt.timedelta")


def _range(item: DataType) -> Written | None:
    inner = _RANGES.get(item.name.replace("multirange", "range"))
    if inner is None:
        return None
    annotation = f"pg.Range[{inner}]" if item.kind == "range" else f"list[pg.Range[{inner}]]"
    return Written(f"pg.{item.name.upper()}", annotation)


_WRITERS = {
    "integer": _integer,
    "float": _float,
    "decimal": _decimal,
    "text": _text,
    "char": _char,
    "json": _json,
    "bits": _bits,
    "time": _time,
    "timestamp": _timestamp,
    "interval": _interval,
    "range": _range,
    "multirange": _range,
}
