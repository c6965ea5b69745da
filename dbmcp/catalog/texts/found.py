"""What a search has found: the best in the line form, the next by their names, then how the best are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.catalog.render import fitted
from dbmcp.catalog.texts import names
from dbmcp.catalog.texts.lines import Lines, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.model import Catalog, Relation

# So many are shown with their columns, which saves the caller a second call; so many more by name alone, and on a page
# of those that follow.
_FEW, _NEXT, _PAGE = 5, 15, 50
_LINE_BYTES = 2_000


def write(catalog: Catalog, relations: Sequence[Relation], max_bytes: int, offset: int = 0) -> str:
    """Return the relations that a question has found, best first; from an offset on, their names."""
    # Each line with how many of the relations are told when it is.
    shown: list[tuple[int, str]] = []
    if not offset:
        lines = Lines(catalog, relations[:_FEW], min(_LINE_BYTES, max_bytes // 4))
        shown += [(0, line) for line in lines.legend()]
        shown += [(count, line) for count, line in enumerate(lines.all(), 1)]
    place = offset or _FEW
    others = relations[place : place + (_PAGE if offset else _NEXT)]
    shown += [(place, "-- also")] if others and not offset else []
    shown += [(place + count, names.line_of(catalog, item)) for count, item in enumerate(others, 1)]
    told = min(place + len(others), len(relations))
    shown += [] if offset else [(told, line) for line in joined(catalog, relations[:_FEW])]
    if told < len(relations):
        shown.append((told, _more(len(relations), told)))

    def note(count: int) -> str:
        return _more(len(relations), max(shown[count - 1][0], offset) if count else offset)

    return fitted((line for _, line in shown), max_bytes, note)


def _more(total: int, told: int) -> str:
    return f"-- {total - told} more match: offset={told} goes on" if told < total else "-- joins left off"
