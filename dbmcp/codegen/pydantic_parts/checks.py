"""What PostgreSQL's checks say of one value, as far as Pydantic can say it, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbmcp.codegen.python_source import literal

if TYPE_CHECKING:
    from dbmcp.catalog.types import Kind

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\bAND\b|[()]|[^'"()A]+|A""", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_CASTED = re.compile(
    r"""(?<!\w)\((?P<inner>'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|-?[\d.]+)\)(::[a-z]+( [a-z]+)*(\(\d+\))?)?"""
)
_CAST = re.compile(r"(?<=['\d\w\"])::[a-z_]+( [a-z]+)*(\(\d+\))?")
_NUMBER = r"'?(?P<number>-?\d+(?:\.\d+)?)'?"
_COMPARED = re.compile(rf"(?P<name>\"(?:[^\"]|\"\")*\"|\w+) (?P<sign><=|>=|<|>) {_NUMBER}")
_MEASURED = re.compile(rf"(?:char_|character_)?length\((?P<name>.+)\) (?P<sign><=|>=|<|>|=) {_NUMBER}")
_MATCHED = re.compile(r"(?P<name>.+) ~ '(?P<pattern>(?:[^']|'')*)'")
_ONE_OF = re.compile(
    r"(?P<name>.+) = ANY \(+ARRAY\[(?P<labels>'(?:[^']|'')*'(?:, '(?:[^']|'')*')*)\]\)+(?:::[a-z ]+\[\]\)?)?"
)
_SIGNS = {">=": "ge", ">": "gt", "<=": "le", "<": "lt"}
# Expressions that PostgreSQL and Pydantic read alike: no classes by name, no backward references, nothing looked at.
_SET = r"\[\^?(?:[\w@#%+.,:;!=/ ]|\\[-.\\/+]|-(?!-))+\]"
_ITEM = rf"(?:{_SET}|[\w@#%,:;!=/ -]|\\[.\\/+*?()\[\]$^|-]|\\[dsw]|\.)"
_SHARED = re.compile(rf"\^?(?:\((?!\?)|\)|\||{_ITEM}|[*+?]|\{{\d+(?:,\d*)?\}})*\$?")


@dataclass
class Limits:
    """What is known of a value: arguments of Field, and the texts that it may be. `is_whole` says that this is all."""

    bounds: dict[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    is_whole: bool = True


def limits(expression: str, name: str, kind: Kind) -> Limits:
    """Return what a condition says of the value of a name; a part that cannot be said is left out."""
    found = Limits()
    # Casts are taken off as text: what looks like one in a literal is none.
    if any("::" in quoted or "(" in quoted for quoted in _QUOTED.findall(expression) if "~" not in expression):
        return Limits(is_whole=False)
    for part in _parts(expression):
        plain = _CAST.sub("", _CASTED.sub(lambda match: match["inner"], _CAST.sub("", part)))
        if not (_bound(plain, name, kind, found) or (kind == "text" and _of_text(plain, name, found))):
            found.is_whole = False
    return found


def _parts(expression: str) -> Iterator[str]:
    """Return the conditions that all must hold."""
    whole = _bare(expression)
    parts, depth = [""], 0
    for sign in _TOKEN.findall(whole):
        depth += (sign == "(") - (sign == ")")
        if sign == "AND" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    if len(parts) == 1:
        yield whole
        return
    for part in parts:
        yield from _parts(part.strip())


def _bare(text: str) -> str:
    """Return an expression without the brackets around all of it."""
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        tokens = _TOKEN.findall(text)
        for place, sign in enumerate(tokens):
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and place < len(tokens) - 1:
                return text
        text = text[1:-1].strip()
    return text


def _is(text: str, name: str) -> bool:
    return text in (name, '"' + name.replace('"', '""') + '"')


def _bound(text: str, name: str, kind: Kind, found: Limits) -> bool:
    match = _COMPARED.fullmatch(text)
    if not match or not _is(match["name"], name) or kind not in ("integer", "decimal", "float"):
        return False
    number = match["number"]
    if "." in number and kind != "float":
        if kind == "integer":
            return False
        number = f'_decimal.Decimal("{number}")'
    return _add(found.bounds, {_SIGNS[match["sign"]]: number})


def _of_text(text: str, name: str, found: Limits) -> bool:
    if (match := _MEASURED.fullmatch(text)) and _is(match["name"], name) and match["number"].isdigit():
        return _add(found.bounds, _lengths(match["sign"], int(match["number"])))
    if (match := _MATCHED.fullmatch(text)) and _is(match["name"], name):
        pattern = match["pattern"].replace("''", "'")
        return _is_shared(pattern) and _add(found.bounds, {"pattern": literal(_dotted(pattern))})
    if (match := _ONE_OF.fullmatch(text)) and _is(match["name"], name) and not found.labels:
        quoted = re.findall(r"'((?:[^']|'')*)'", match["labels"])
        found.labels = tuple(dict.fromkeys(label.replace("''", "'") for label in quoted))
        return True
    return False


def _lengths(sign: str, number: int) -> dict[str, str]:
    return {
        ">=": {"min_length": f"{number}"},
        ">": {"min_length": f"{number + 1}"},
        "<=": {"max_length": f"{number}"},
        "<": {"max_length": f"{max(number - 1, 0)}"},
        "=": {"min_length": f"{number}", "max_length": f"{number}"},
    }[sign]


def _is_shared(pattern: str) -> bool:
    if not pattern or not _SHARED.fullmatch(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _dotted(pattern: str) -> str:
    """Let a dot be any sign, as in PostgreSQL, an end of line too."""
    return f"(?s){pattern}" if re.search(r"(?<!\\)\.", pattern) else pattern


def _add(bounds: dict[str, str], more: Mapping[str, str]) -> bool:
    """Add limits, unless there is one of the kind: Pydantic has room for one."""
    if any(key in bounds for key in more):
        return False
    bounds.update(more)
    return True
