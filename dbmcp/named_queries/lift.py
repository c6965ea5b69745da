"""An ad-hoc statement → the text of a .sql file, its inputs lifted into typed parameters. No I/O.

Which literals are inputs is the guard's to say. A parameter stands where its literal stood and means the same: it has
a cast behind it where the engine would else read it as another type.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dbmcp.named_queries.lexer import tokens_of
from dbmcp.named_queries.model import DATABASE_ARGUMENT
from dbmcp.named_queries.template import SIGNS
from dbmcp.named_queries.values import READERS, NotAValue

if TYPE_CHECKING:
    from dbmcp.guard.literals import Input
    from dbmcp.named_queries.model import ParameterType

_NAMES = {"<>": "not_{}", "not in": "not_{}", ">": "{}_from", ">=": "{}_from", "<": "{}_to", "<=": "{}_to"}
_NAMES_OF_NUMBERS = {**_NAMES, ">": "min_{}", ">=": "min_{}", "<": "max_{}", "<=": "max_{}"}
_LONGEST_NAME = 30
_TO_DO = "# Say what the rows are, and what each parameter is for: that is what a model chooses by."
_DESCRIPTIONS = {
    "=": "the {}",
    "<>": "not this {}",
    ">": "{} above this",
    ">=": "{} from this on",
    "<": "{} below this",
    "<=": "{} up to this",
    "like": "the pattern that {} matches",
    "in": "any of these for {}",
    "not in": "none of these for {}",
}
_SIZES = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
_FULL_NAMES = {
    "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
    "time": "time without time zone", "int2": "smallint", "int4": "integer", "int8": "bigint",
}  # fmt: skip
_NO_SIGN = re.compile(r"""[\w$)\]"']""")
# What a text may be, by the engine's type for it. One that is neither is a text, and cast to what it was read as.
_TEXTS: Mapping[str, tuple[ParameterType, ...]] = {
    "": ("date", "datetime"),
    "date": ("date",),
    "timestamp without time zone": ("date", "datetime"),
    "timestamp with time zone": ("date", "datetime"),
    "time without time zone": ("time",),
    "interval": ("interval",),
    "uuid": ("uuid",),
    "numeric": ("decimal",),
    **dict.fromkeys(_SIZES, ("integer",)),
    **dict.fromkeys(
        ("real", "double precision", "boolean", "time with time zone", "json", "jsonb", "oid", "money"), ()
    ),
}


@dataclass(frozen=True, slots=True)
class _Value:
    """What a literal is as a value of a parameter, in JSON's terms, and the type to cast the placeholder to, if any."""

    type: ParameterType
    value: Any
    cast: str | None = None


@dataclass(frozen=True, slots=True)
class Lifted:
    """A parameter made of an input; the same literal compared with columns of one name is one parameter."""

    name: str
    input: Input
    value: _Value


def lift(found: Sequence[Input], dialect: str, types: Sequence[str] = (), *, shared: bool = True) -> list[Lifted]:
    """Return a parameter for each input that can be one, in the order of the text.

    `types` has the engine's type of each input, an empty text where it is not known. Where not `shared`, every input
    is a parameter of its own.
    """
    lifted: list[Lifted] = []
    names: dict[str, Lifted] = {}
    for at, item in enumerate(found):
        value = _value_of(item, dialect, types[at] if types else "")
        if value is None:
            continue
        wanted = _name_of(item)
        name, number = wanted, 1
        while name in names and not (shared and _is_same(names[name], item, value)):
            number += 1
            name = f"{wanted}_{number}"
        lifted.append(Lifted(name, item, value))
        names[name] = lifted[-1]
    return lifted


def _is_same(other: Lifted, item: Input, value: _Value) -> bool:
    return other.value == value and (other.input.texts, other.input.operator) == (item.texts, item.operator)


def statement(sql: str, dialect: str, lifted: Sequence[Lifted], *, bare: bool = False) -> tuple[str, list[str]]:
    """Return the statement with the engine's placeholders, and the name of each; `bare` of the casts that are added."""
    names = list(dict.fromkeys(item.name for item in lifted))
    if bare:
        lifted = [replace(item, value=replace(item.value, cast=None)) for item in lifted]
    numbers = {name: f"{SIGNS[dialect]}{at}" for at, name in enumerate(names, start=1)}
    return _edited(sql, [_edit(item, dialect, numbers[item.name]) for item in lifted]), names


def file_text(sql: str, dialect: str, lifted: Sequence[Lifted], *, head: Mapping[str, Any], rows: int | None) -> str:
    """Return the text of the .sql file: front matter with `head`, the parameters and an example, and the SQL.

    `rows` is the number of rows that the statement gave, None where it was cut.
    """
    parameters = {item.name: item for item in lifted}
    lines = ["/*", _TO_DO, *(f"{key} = {_toml(value)}" for key, value in head.items())]
    for name, item in parameters.items():
        described = "goes into what {} is compared with" if item.input.in_sum else _DESCRIPTIONS[item.input.operator]
        about = described.format(item.input.column)
        lines += ["", f"[parameters.{name}]", f'type = "{item.value.type}"', f"description = {_toml(about)}"]
        if item.input.is_list:
            lines += ["array = true", "min_items = 1"]
    lines += ["", "[[examples]]"]
    if parameters:
        lines.append(f"arguments = {_toml({name: item.value.value for name, item in parameters.items()})}")
    if rows is not None:
        lines.append(f"rows = {rows}")
    edits = [_edit(item, dialect, f":{item.name}") for item in lifted]
    edits += [edit for edit in _escapes(sql, dialect) if not any(start <= edit[0] < end for start, end, _ in edits)]
    return "\n".join([*lines, "*/", _edited(sql, edits).strip(), ""])


def _escapes(sql: str, dialect: str) -> Iterator[tuple[int, int, str]]:
    """Yield what keeps the statement's own colons and comments from being read as parameters and marks."""
    for token in tokens_of(sql, 0, dialect):
        if token.kind == "parameter":
            yield token.start + 1, token.start + 1, " "
        elif token.kind in ("open", "close"):
            yield token.start + 2, token.start + 2, "."


def _edit(item: Lifted, dialect: str, placeholder: str) -> tuple[int, int, str]:
    found, cast = item.input, item.value.cast or (item.input.cast if item.input.cast_is_inside else None)
    written = f"{placeholder}::{cast}" if cast else placeholder
    if found.is_list and dialect == "postgresql":
        written = f"= ANY({written})" if found.operator == "in" else f"<> ALL({written})"
    elif found.is_list:
        # The plus takes the affinity of a column away: the items of a list have none.
        written = f"{found.operator.upper()} (SELECT +value FROM json_each({written}))"  # noqa: S608
    return found.start, found.end, written


def _edited(sql: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, written in sorted(edits, reverse=True):
        # A literal parts words, as in x LIKE'a%'AND y; a placeholder does not.
        before = " " if start < end and _NO_SIGN.match(sql, start - 1) else ""
        after = " " if start < end and _NO_SIGN.match(sql, end) else ""
        sql = f"{sql[:start]}{before}{written}{after}{sql[end:]}"
    return sql


def _name_of(item: Input) -> str:
    folded = unicodedata.normalize("NFKD", item.column.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", folded).strip("_")[:_LONGEST_NAME].rstrip("_")
    if not base or not base[0].isalpha():
        base = f"value_{base}".rstrip("_")
    names = _NAMES if item.kind == "string" else _NAMES_OF_NUMBERS
    name = f"{base}_span" if item.in_sum and item.cast == "interval" else names.get(item.operator, "{}").format(base)
    return f"{name}_name" if name == DATABASE_ARGUMENT else name


def _value_of(item: Input, dialect: str, engine_type: str) -> _Value | None:
    """Return what the literal, or the list of them, is as a value; None where no parameter would mean the same."""
    engine_type = engine_type or _FULL_NAMES.get(item.cast or "", item.cast or "")
    element = engine_type.removesuffix("[]")
    values = [_scalar_of(item, text, dialect, element) for text in item.texts]
    if item.kind == "string" and len({value.type for value in values if value is not None}) > 1:
        values = [_as_text(item, text, element) for text in item.texts]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    if not item.is_list:
        return known[0]
    if len({(value.type, value.cast) for value in known}) > 1:
        return None
    cast = "::".join(f"{name}[]" for name in known[0].cast.split("::")) if known[0].cast else None
    return _Value(known[0].type, [value.value for value in known], cast)


def _scalar_of(item: Input, text: str, dialect: str, engine_type: str) -> _Value | None:
    if item.kind == "string":
        return _of_text(item, text, dialect, engine_type)
    if item.kind == "boolean":
        return _Value("boolean", text == "true")
    if dialect == "sqlite":
        return _of_sqlite_number(text, is_integer=item.kind == "integer")
    number = Decimal(text)
    if item.kind == "integer":
        size = _SIZES.get(engine_type, _SIZES["bigint"] if not engine_type else 0)
        own = next((name for name in ("integer", "bigint") if -_SIZES[name] <= number < _SIZES[name]), "numeric")
        if own != "numeric" and engine_type != "numeric":
            exact = -size <= number < size or engine_type == "double precision"
            return _Value("integer", int(text), None if exact else own)
    elif engine_type == "double precision":
        return _Value("number", float(text))
    written = format(number, "f")
    # As a literal it is numeric, whatever it is compared with.
    return _Value("decimal", written, None if engine_type == "numeric" else "numeric") if len(written) < 100 else None


def _of_sqlite_number(text: str, *, is_integer: bool) -> _Value | None:
    if not is_integer:
        return _Value("number", float(text))
    return _Value("integer", int(text)) if -_SIZES["bigint"] <= int(text) < _SIZES["bigint"] else None


def _of_text(item: Input, text: str, dialect: str, engine_type: str) -> _Value:
    for kind in _TEXTS.get(engine_type, ()):
        value: Any = int(text) if kind == "integer" and re.fullmatch(r"-?[1-9][0-9]{0,18}|0", text) else text
        try:
            read = READERS[kind](value)
        except NotAValue:
            continue
        if not isinstance(read, datetime) or _is_the_same_moment(read, text, dialect, engine_type):
            return _Value(kind, value)
    return _as_text(item, text, engine_type)


def _as_text(item: Input, text: str, engine_type: str) -> _Value:
    if engine_type not in _TEXTS or not engine_type:
        return _Value("string", text)
    # Behind it the statement's own cast may stand already.
    return _Value("string", text, "text" if item.cast and not item.cast_is_inside else f"text::{engine_type}")


def _is_the_same_moment(moment: datetime, text: str, dialect: str, engine_type: str) -> bool:
    """Say whether a text that was read as a moment in UTC means that moment to the engine as well."""
    plain = moment.replace(tzinfo=None)
    has_no_zone = datetime.fromisoformat(text).tzinfo is None
    if engine_type == "timestamp with time zone":
        return not has_no_zone
    if dialect == "postgresql":
        return engine_type == "timestamp without time zone" and has_no_zone
    # SQLite compares texts.
    return has_no_zone and plain.isoformat(" ") == text


def _toml(value: Any) -> str:
    """Return a value as TOML that can stand in a comment of SQL."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL.
        written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        return written.replace("*/", "*\\u002F").replace("/*", "/\\u002A")
    return str(value).lower() if isinstance(value, bool) else repr(value)
