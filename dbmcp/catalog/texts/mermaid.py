"""A catalog as the text of a Mermaid `erDiagram`: relations with columns and keys, foreign keys with both their ends.

Mermaid's grammar takes a plain word as it is, and almost any text in quotes; what would still end or change a line is
written as a character reference, which Mermaid shows as the character. Columns and types must be words: what does not
fit becomes an underscore, and then the comment begins with the name as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dbmcp.catalog.erd_links import links
from dbmcp.catalog.render import one_line, printable, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column
    from dbmcp.catalog.types import Name

_COMMENT_CHARS = 80
# What the line of a column takes at least: its margin, a type and a name.
_COLUMN_BYTES = 12
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
# Words that stand for something else where a relation is named, in any case.
_KEYWORDS = frozenset("acctitle accdescr class classdef direction end erdiagram many one only optionally "
                      "style subgraph title to u zero".split())  # fmt: skip
# What a column's word may be made of. Mermaid takes no sign between ASCII's and À.
_UNFIT = re.compile(
    r"[^A-Za-z0-9_\u00c0-\U0010ffff]|[\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\ufffe\uffff]"
)
_UNFIT_IN_TYPE = re.compile(rf"(?![\[\](),.])(?:{_UNFIT.pattern})")
_KEY_WORD = re.compile(r"(pk|fk|uk)\b", re.IGNORECASE | re.ASCII)
# Ends a text, begins a directive, a generic type, markup or a reference (which Mermaid keeps as ﬂ°…¶ß), or is taken for
# the diagram's direction.
_SPECIAL = re.compile(r'["#%~<>&*`\\;{}ﬂ]|:(?=\S)|(?<=direction)\s', re.IGNORECASE)


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the diagram of these relations and the foreign keys among them, with as much of each as fits.

    Where all does not fit, first columns that are in no key are left off, then all columns, then relations; a comment
    says so.
    """
    keyed = _keyed(catalog, relations)
    columns = sum(len(item.readable_columns) for item in relations)
    levels: list[tuple[int, Callable[[Name, str], bool], list[str]]] = [
        (columns, lambda *_: True, []),
        (len(keyed), lambda *place: place in keyed, ["columns that are in no key"]),
    ]
    for count, shows, left_off in levels:
        # A large schema is not written whole to find that it is too long.
        if count * _COLUMN_BYTES <= max_bytes:
            text = _text(catalog, relations, shows, left_off)
            if len(text.encode()) <= max_bytes:
                return text
    return _names_that_fit(catalog, relations, max_bytes)


def _names_that_fit(catalog: Catalog, relations: Sequence[Relation], max_bytes: int) -> str:
    """Return the diagram of the first relations, without columns, as many as fit."""
    shown, left_off = relations, ["columns"]
    text = _text(catalog, shown, lambda *_: False, left_off)
    while (size := len(text.encode())) > max_bytes and len(shown) > 1:
        # Their links leave with them.
        shown = shown[: max(1, int(len(shown) * min(0.75, max_bytes / size)))]
        left_off = ["columns", f"{len(relations) - len(shown)} tables"]
        text = _text(catalog, shown, lambda *_: False, left_off)
    return text


def _keyed(catalog: Catalog, relations: Sequence[Relation]) -> set[tuple[Name, str]]:
    """Return the columns that are in a key, or pointed to."""
    found = {(item.key, name) for item in relations for name in (*item.primary_key, *_unique_columns(item))}
    for link in links(catalog, relations):
        found |= {(link.source, name) for name in link.columns}
        found |= {(link.target, name) for name in link.target_columns}
    return found


def _unique_columns(item: Relation) -> list[str]:
    """Return the columns that are unique each for itself."""
    return [key.columns[0] for key in item.constraints if key.kind == "unique" and len(key.columns) == 1]


def _text(
    catalog: Catalog, relations: Sequence[Relation], shows: Callable[[Name, str], bool], left_off: list[str]
) -> str:
    names = _entities(catalog, relations)
    found = links(catalog, relations)
    foreign = {(link.source, name) for link in found for name in link.columns}
    lines = ["erDiagram"]
    if left_off:
        lines.append(f"    %% left off to fit: {', '.join(left_off)}")
    for item in relations:
        shown = [column for column in item.readable_columns if shows(item.key, column.name)]
        lines += _relation(names[item.key], item, shown, foreign)
    for link in found:
        parent = "||" if link.is_required else "|o"
        child = "o|" if link.is_unique else "o{"
        label = _quotable(", ".join(link.columns)) or "-"
        lines.append(f'    {names[link.target]} {parent}--{child} {names[link.source]} : "{label}"')
    return "".join(f"{line}\n" for line in lines)


def _entities(catalog: Catalog, relations: Sequence[Relation]) -> Mapping[Name, str]:
    """Return what each relation is called in the diagram: no two alike, whatever they are called."""
    names: dict[Name, str] = {}
    taken: set[str] = set()
    for item in relations:
        name = catalog.shown_name(item)
        written = _entity(name)
        if written in taken:
            # A table with a dot in its name, beside one of that schema.
            name = shown_name(catalog, item)
            written = _entity(name)
        number = 1
        while written in taken:
            number += 1
            written = _entity(f"{name} ({number})")
        taken.add(written)
        names[item.key] = written
    return names


def _entity(name: str) -> str:
    if _PLAIN.fullmatch(name) and name.lower() not in _KEYWORDS:
        return name
    return f'"{_quotable(name) or "(no name)"}"'


def _quotable(text: str) -> str:
    """Return a text as it stands between quotes: Mermaid shows the references as the characters."""
    clean = printable("".join(" " if sign in "\t\r\n" else sign for sign in text))
    # Half a character is no text: a file's name for a column may hold one.
    clean = clean.encode("utf-8", "replace").decode()
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", clean)


def _relation(name: str, item: Relation, columns: Sequence[Column], foreign: set[tuple[Name, str]]) -> Iterator[str]:
    comment = _quotable(one_line(item.comment, _COMMENT_CHARS))
    if comment:
        yield f"    %% {comment}"
    if item.kind not in ("table", "partitioned table"):
        label = name.strip('"')
        name = f'{name}["{label} ({item.kind})"]'
    if not columns:
        yield f"    {name}"
        return
    unique = _unique_columns(item)
    yield f"    {name} {{"
    for column in columns:
        is_in = {
            "PK": column.name in item.primary_key,
            "FK": (item.key, column.name) in foreign,
            "UK": column.name in unique,
        }
        yield f"        {_attribute(column, [mark for mark, is_so in is_in.items() if is_so])}"
    yield "    }"


def _attribute(column: Column, marks: list[str]) -> str:
    name = _word(_UNFIT, column.name)
    notes = [column.name] if name != column.name else []
    notes += filter(None, [one_line(column.comment, _COMMENT_CHARS)])
    text = " ".join([_word(_UNFIT_IN_TYPE, column.type.replace(", ", ",")), name, ", ".join(marks)]).rstrip()
    return f'{text} "{_quotable(": ".join(notes))}"' if notes else text


def _word(unfit: re.Pattern[str], text: str) -> str:
    """Return a text as one word that Mermaid takes for a name or a type, and for no mark of a key."""
    word = unfit.sub("_", text)
    return word if word[:1].isalpha() and not _KEY_WORD.match(word) else f"_{word}"
