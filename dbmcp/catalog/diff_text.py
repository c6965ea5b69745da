"""Differences between catalogs as lines for people, and as data for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields, is_dataclass
from difflib import unified_diff
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from dbmcp.catalog.model import Relation
from dbmcp.catalog.names import listed, literal, qualified
from dbmcp.catalog.parts import Column, Constraint, Extension, Identity, Index, Sequence, Trigger
from dbmcp.catalog.render import one_line, printable
from dbmcp.catalog.saving import encoded
from dbmcp.catalog.types import Attribute, Check, DataType, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dbmcp.catalog.diff import Change

_SHOWN_CHARS = 300
_WORDS = {"+": "added", "-": "dropped", "~": "changed"}


def lines(changes: Iterable[Change]) -> list[str]:
    """Return a line for each change, + for added, - for dropped, ~ for changed, and one that counts them."""
    told = list(changes)
    if not told:
        return ["No differences."]
    found = [line for change in told for line in _lines(change, "")]
    counts = Counter(str(change.sign) for change in told)
    return [*found, ", ".join(f"{counts[sign]} {word}" for sign, word in _WORDS.items() if counts[sign]) + "."]


def as_data(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return the changes for programs: `change`, `kind`, `name`; `fields` with before and after; `value`; `parts`."""
    return [_as_data(change) for change in changes]


def _as_data(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = {"change": _WORDS[change.sign], "kind": change.kind, "name": change.name}
    if change.fields:
        found["fields"] = {name: {"before": encoded(a), "after": encoded(b)} for name, a, b in change.fields}
    if change.value is not None:
        found["value"] = encoded(change.value)
    if change.parts:
        found["parts"] = as_data(change.parts)
    return found


def _lines(change: Change, indent: str) -> Iterator[str]:
    head = f"{indent}{change.sign} {change.kind} {printable(change.name)}".rstrip()
    if change.value is not None:
        about = one_line(_described(change.value), _SHOWN_CHARS)
        yield f"{head} {about}" if about else head
        return
    texts = [(name, a, b) for name, a, b in change.fields if _are_texts(a, b)]
    short = [f"{_words(name)} {_before_after(a, b)}" for name, a, b in change.fields if (name, a, b) not in texts]
    yield f"{head}: {'; '.join(short)}" if short else head
    for name, before, after in texts:
        yield f"{indent}    ~ {_words(name)}"
        yield from (f"{indent}        {line}" for line in _text_diff(before, after))
    for part in change.parts:
        yield from _lines(part, f"{indent}    ")


def _are_texts(before: Any, after: Any) -> bool:
    """Say whether two values are texts of which one has several lines."""
    return isinstance(before, str) and isinstance(after, str) and "\n" in f"{before.strip()}{after.strip()}"


def _before_after(before: Any, after: Any) -> str:
    first, second = _shown(before), _shown(after)
    if first == second:
        # They differ in what is not shown as it is, or far behind.
        first, second = (json.dumps(encoded(item)) for item in (before, after))
        start = max(len(commonprefix([first, second])) - 20, 0)  # noqa: RUF071  (that is what is wanted)
        first, second = (f"{'…' if start else ''}{one_line(item[start:], 80)}" for item in (first, second))
    return f"{first} → {second}"


def _text_diff(before: str, after: str) -> Iterator[str]:
    """Return the lines that a text of several has lost and gained."""
    compared = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    for line in compared:
        if not line.startswith("@@"):
            yield printable(f"{line[0]} {line[1:].strip()}").rstrip()
    if not compared:
        yield "~ its line ends alone"


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")


def _shown(value: Any) -> str:
    """Return a value of a field, bounded, on one line."""
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))})"
    if isinstance(value, DataType):
        return _data_type(value)
    if isinstance(value, Identity):
        return value.kind
    if is_dataclass(value) and not isinstance(value, type):
        return f"({_fields(value)})"
    return one_line(str(value), _SHOWN_CHARS) or "''"


def _fields(value: Any, without: tuple[str, ...] = ()) -> str:
    """Return the fields of a part that say something."""
    found = [(item.name, getattr(value, item.name)) for item in fields(value) if item.name not in without]
    return ", ".join(f"{_words(name)} {_shown(inner)}" for name, inner in found if inner not in (None, False, ()))


def _data_type(value: DataType) -> str:
    told = _fields(value, without=("kind", "name"))
    return f"{value.kind} {value.name}" + (f" ({told})" if told else "")


def _described(item: Any) -> str:
    """Return what there is to say of a thing that was added or dropped, beside its name."""
    if isinstance(item, Relation):
        return f"({len(item.columns)} columns)" if len(item.columns) != 1 else "(1 column)"
    if isinstance(item, Column):
        return _column(item)
    if isinstance(item, Constraint):
        return item.definition or _constraint(item)
    if isinstance(item, (Index, Trigger)):
        return item.definition
    if isinstance(item, Type):
        return f"({', '.join(map(literal, item.labels))})" if item.kind == "enum" else item.type
    if isinstance(item, (Attribute, Sequence)):
        return item.type
    if isinstance(item, Check):
        return item.expression
    return item.version if isinstance(item, Extension) else ""


def _column(item: Column) -> str:
    text = f"{item.type}{' not null' if item.not_null else ''}"
    if item.generated is not None:
        return f"{text} generated as {item.generated}"
    return text if item.default is None else f"{text} default {item.default}"


def _constraint(key: Constraint) -> str:
    if key.kind == "check":
        return f"({key.expression})"
    text = listed(key.columns)
    return f"{text} → {qualified(*key.target)} {listed(key.target_columns)}" if key.target else text
