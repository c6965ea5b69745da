"""The defaults of columns: literals as Prisma writes them, and the database's own words for everything else."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from dbmcp.codegen.prisma_parts.source import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbmcp.catalog.parts import Column
    from dbmcp.codegen.prisma_parts.types import FieldType

_CAST = r"""(?:::(?:"(?:[^"]|"")*"|[\w. ])+(?:\([\d, ]*\))?(?:\[\])?)?"""
_TEXT = re.compile(rf"'((?:[^']|'')*)'{_CAST}", re.DOTALL)
_INTEGER = re.compile(rf"(-?\d+)|'(-?\d+)'{_CAST}")
_NUMBER = re.compile(rf"(?:\((-?\d+(?:\.\d+)?)\)|(-?\d+(?:\.\d+)?)|'(-?\d+(?:\.\d+)?)'){_CAST}")
_NOW = re.compile(rf"(?:now\(\)|CURRENT_TIMESTAMP){_CAST}", re.IGNORECASE)
_NEXT = re.compile(r"nextval\(.*\)", re.DOTALL)
_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}\\\s][^",{}\\]*?))\s*(?:,|$)""")
_ITEM = re.compile(rf"\s*('(?:[^']|'')*'|-?[\d.]+|true|false){_CAST}\s*(?:,|$)")
_LIST = re.compile(rf"\(?ARRAY\[(.*?)\]\)?{_CAST}", re.DOTALL)
# What a text may hold that was an element in braces, and needs no quotes.
_QUALIFIED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"\.?|\b\w+\.(?=[\w\"])")


def default(column: Column, type_: FieldType, labels: Mapping[str, str], home: str) -> str | None:
    """Return what stands in `@default(…)`, of a database of PostgreSQL.

    `labels` gives an enum's members by their labels; `home` is the schema that a statement need not name.
    """
    if column.identity is not None:
        return "autoincrement()"
    text = column.generated or column.default
    if text is None or text.startswith("NULL"):
        return None
    if type_.is_list:
        return _list(text, type_, labels) or _generated(text, home)
    return _value(text, type_.family, labels) or _generated(text, home)


def _value(text: str, family: str, labels: Mapping[str, str]) -> str | None:
    if family in ("Int", "BigInt") and _NEXT.fullmatch(text):
        return "autoincrement()"
    if family in ("Int", "BigInt") and (found := _INTEGER.fullmatch(text)):
        return found[1] or found[2]
    if family in ("Float", "Decimal") and (found := _NUMBER.fullmatch(text)):
        return found[1] or found[2] or found[3]
    if family == "Boolean" and text.lower() in ("true", "false"):
        return text.lower()
    if family == "DateTime" and _NOW.fullmatch(text):
        return "now()"
    if family in ("String", "Json", "Enum", "Bytes") and (found := _TEXT.fullmatch(text)):
        return _of_text(found[1].replace("''", "'"), family, labels)
    return None


def _of_text(text: str, family: str, labels: Mapping[str, str]) -> str | None:
    if family == "Enum":
        return labels.get(text)
    if family != "Bytes":
        return literal(text)
    if not re.fullmatch(r"\\x(?:[0-9a-fA-F]{2})*", text):
        return None
    return literal(base64.b64encode(bytes.fromhex(text[2:])).decode())


def _list(text: str, type_: FieldType, labels: Mapping[str, str]) -> str | None:
    if found := _TEXT.fullmatch(text):
        parts = _parts(found[1].replace("''", "'"))
    elif found := _LIST.fullmatch(text):
        parts = _items(found[1])
    else:
        return None
    values = [_element(part, type_.family, labels) for part in parts] if parts is not None else [None]
    return None if None in values else f"[{', '.join(map(str, values))}]"


def _element(text: str, family: str, labels: Mapping[str, str]) -> str | None:
    if family in ("String", "Json", "Enum"):
        return _of_text(text, family, labels)
    if family == "Boolean":
        return {"t": "true", "f": "false"}.get(text, text)
    return _value(text, family, labels)


def _parts(text: str) -> list[str] | None:
    """Return the elements of a list in braces; None for nulls and lists within, which Prisma cannot say."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    found, rest, place = [], text[1:-1], 0
    while place < len(rest):
        part = _PART.match(rest, place)
        if part is None or part[2] == "NULL":
            return None
        found.append(re.sub(r"\\(.)", r"\1", part[1]) if part[1] is not None else part[2])
        place = part.end()
    return found


def _items(text: str) -> list[str] | None:
    found, place = [], 0
    while place < len(text):
        part = _ITEM.match(text, place)
        if part is None:
            return None
        quoted = part[1].startswith("'")
        found.append(part[1][1:-1].replace("''", "'") if quoted else part[1])
        place = part.end()
    return found


def _generated(text: str, home: str) -> str:
    return f"dbgenerated({literal(unqualified(text, home))})"


def unqualified(text: str, home: str) -> str:
    """Return an expression without the name of the schema that a statement need not name."""

    def shorter(found: re.Match[str]) -> str:
        return "" if found[0] in (f"{home}.", f'"{home}".') else found[0]

    return _QUALIFIED.sub(shorter, text)


def sqlite_default(column: Column, type_: FieldType) -> str | None:
    """Return what stands in `@default(…)`, of a database of SQLite."""
    text = column.default
    if column.identity is not None:
        return "autoincrement()"
    if text is None or text.lower() == "null":
        return None
    family = type_.family
    if family in ("Int", "BigInt") and re.fullmatch(r"-?\d+", text):
        return text
    if family in ("Float", "Decimal") and re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return text
    if family == "Boolean" and text.lower() in ("0", "1", "true", "false"):
        return "true" if text.lower() in ("1", "true") else "false"
    if family == "String":
        quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
        return literal((text[1:-1] if quoted else text).replace("''", "'"))
    if family == "DateTime" and text.lower() in ("current_timestamp", "datetime('now')"):
        return "now()"
    return f"dbgenerated({literal(text)})"
