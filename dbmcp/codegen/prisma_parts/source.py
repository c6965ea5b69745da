"""Text of a Prisma schema as Prisma's own formatter lays it out: blocks with columns, texts in quotes, comments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block: what stands in each of its columns, and the comment above it."""

    cells: tuple[str, ...]
    comment: str | None = None


def literal(text: str) -> str:
    """Return a text in quotes."""
    return '"' + "".join(map(_sign, text)) + '"'


def _sign(sign: str) -> str:
    return sign if sign.isprintable() and sign not in '"\\' else json.dumps(sign)[1:-1]


def comment(text: str | None, depth: int = 0) -> list[str]:
    """Return a text as lines that Prisma gives to whoever uses what follows them."""
    if not text or not text.strip():
        return []
    lines = ("".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in line) for line in _lines(text))
    return [f"{_INDENT * depth}/// {line}".rstrip() for line in lines]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def block(head: str, lines: Sequence[Line], attributes: Iterable[str], said: str | None = None) -> str:
    """Return `head { … }`: its lines in columns, and its own attributes behind an empty line."""
    count = max((len(line.cells) for line in lines), default=0)
    widths = [
        max((len(line.cells[place]) for line in lines if place < len(line.cells)), default=0) for place in range(count)
    ]
    text = [*comment(said), f"{head} {{"]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line.cells, widths, strict=False))
        text += [*comment(line.comment, 1), f"{_INDENT}{' '.join(cells)}".rstrip()]
    own = [f"{_INDENT}{each}" for each in attributes]
    return "\n".join([*text, *([""] if own and lines else []), *own, "}"])


def arguments(**given: str | None) -> str:
    """Return what is given of `name: value` in brackets, or nothing."""
    inner = ", ".join(f"{name}: {value}" for name, value in given.items() if value is not None)
    return f"({inner})" if inner else ""
