"""What every text of a catalog is made of: names as statements write them, comments on one line, bounded lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category

from dbmcp.catalog.names import identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Constraint

_COMMENT_CHARS = 200
# Room for the note that says what was left off.
_NOTE_BYTES = 400
# How a table is divided makes no difference to who reads it.
TABLES = ("table", "partitioned table")


def one_line(text: str | None, limit: int = _COMMENT_CHARS) -> str:
    """Return the first line of a comment, bounded: a comment is data, and never a place for more."""
    return collapsed((text or "").strip().split("\n", 1)[0], limit)


def collapsed(text: str, limit: int = _COMMENT_CHARS) -> str:
    """Return a text of any lines as one, bounded."""
    # What a line may hold is less than what may stand in a text, so a long text is not looked at whole.
    shown = printable(" ".join(text[: limit * 8].split()))
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def commented(text: str, comment: str | None, limit: int = _COMMENT_CHARS) -> str:
    """Return a text with a comment behind it, where there is one."""
    shown = one_line(comment, limit)
    return f"{text} -- {shown}" if shown else text


def quoted(name: str, dialect: str = "postgresql") -> str:
    """Return a name as a statement must write it: in quotes where it is not plain, or a keyword."""
    shown = printable(name)
    if shown != name and dialect == "postgresql":
        return 'U&"' + "".join(map(_escaped, name)) + '"'
    if shown in _FREE and dialect in _FREE_IN:
        return shown
    if dialect in _BACKTICKS:
        return shown if _is_word(shown) else _in_backticks(shown)
    if dialect in _CASELESS and _is_word(shown):
        return shown
    return identifier(shown)


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Keywords, and common names, that these engines take without quotes too; a test holds them.
_FREE_IN = ("postgresql", "sqlite")
_FREE = frozenset(
    """action after before begin current database each first following groups key last match no others partition plan
    position query range release rows temp temporary time timestamp view""".split()
)
# Products to which capitals are as small letters, and those that quote otherwise.
_CASELESS = ("sqlite", "duckdb")
_BACKTICKS = ("mysql", "mariadb")


def _escaped(sign: str) -> str:
    """Return a sign as it stands in an identifier with escapes."""
    if sign in '\\"':
        return sign * 2
    if sign.isprintable():
        return sign
    return f"\\{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\+{ord(sign):06X}"


def _is_word(name: str) -> bool:
    """Say whether a name is plain, in letters of any size, and no keyword."""
    return _PLAIN.fullmatch(name) is not None and identifier(name.lower()) == name.lower()


def _in_backticks(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def shown_name(catalog: Catalog, relation: Relation) -> str:
    """Return a relation's name as a statement writes it: with its schema where that is not the default one."""
    return written(catalog, relation.key)


def written(catalog: Catalog, name: tuple[str, str]) -> str:
    """Return the name of a relation, known or not, as a statement writes it."""
    own = quoted(name[1], catalog.dialect)
    return own if name[0] == catalog.default_schema else f"{quoted(name[0], catalog.dialect)}.{own}"


def listed(catalog: Catalog, columns: Iterable[str]) -> str:
    """Return columns as a statement lists them."""
    return ", ".join(quoted(column, catalog.dialect) for column in columns)


def target_of(catalog: Catalog, key: Constraint) -> str:
    """Return what a foreign key points to: a relation, and its columns where they are called otherwise."""
    if key.target is None:
        return "?"
    name = written(catalog, key.target)
    if not key.target_columns or key.target_columns == key.columns:
        return name
    if len(key.target_columns) == 1:
        return f"{name}.{quoted(key.target_columns[0], catalog.dialect)}"
    return f"{name}({listed(catalog, key.target_columns)})"


_TYPES = (
    (re.compile(r"^timestamp(\(\d+\))? with time zone"), r"timestamptz\1"),
    (re.compile(r"^timestamp(\(\d+\))? without time zone"), r"timestamp\1"),
    (re.compile(r"^time(\(\d+\))? with time zone"), r"timetz\1"),
    (re.compile(r"^time(\(\d+\))? without time zone"), r"time\1"),
    (re.compile(r"^character varying"), "varchar"),
    (re.compile(r"^character\b"), "char"),
    (re.compile(r"^double precision"), "float8"),
    (re.compile(r"^integer\b"), "int"),
    (re.compile(r"^boolean\b"), "bool"),
)


def short_type(catalog: Catalog, name: str) -> str:
    """Return a type by its shortest name, as a statement may write it."""
    name = printable(name).removeprefix(f"{catalog.default_schema}.")
    for long, short in _TYPES:
        name = long.sub(short, name)
    return name


def printable(text: str) -> str:
    """Return a text without control and format characters: a name or comment is data, and stays on its line."""
    if text.isprintable():
        return text
    return "".join(sign for place, sign in enumerate(text) if sign.isprintable() or _is_harmless(text, place))


def _is_harmless(text: str, place: int) -> bool:
    """Say whether a sign is one of those that join emoji and the letters of some languages, or a blank."""
    sign = text[place]
    if sign in "\u200c\u200d":
        return place > 0 and not text[place - 1].isascii() and text[place - 1].isprintable()
    return category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def fitted(lines: Iterable[str], max_bytes: int, note: Callable[[int], str]) -> str:
    """Return as many of the lines as fit, taken one by one; where some do not, the note for how many did."""
    shown: list[str] = []
    size = fitting = 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > max_bytes + 1:
            # The last ones stood where the note must.
            first = shown[:fitting] or [cut(line, max_bytes - _NOTE_BYTES)]
            return "\n".join([*first, cut(note(len(first)), _NOTE_BYTES - 1)])
        shown.append(line)
        if size <= max_bytes - _NOTE_BYTES:
            fitting = len(shown)
    return "\n".join(shown)


def cut(text: str, max_bytes: int) -> str:
    """Return as much of a text as fits."""
    if len(text.encode()) <= max_bytes:
        return text
    return text.encode()[: max_bytes - 3].decode(errors="ignore") + "…"


def bounded(lines: Sequence[str], max_bytes: int, how: str) -> str:
    """Return as many of the lines as fit; the last one says how many were left off, and how to see them."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line.encode()) + 1
        if size > max_bytes - 100:
            left = len(lines) - count
            return "\n".join([*lines[:count], f"-- {left} more lines left off; use {how}."])
    return "\n".join(lines)
