"""The tables of a picture as boxes: what stands in each, how large it is, and the wires between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from dbmcp.catalog.erd_links import links
from dbmcp.catalog.render import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.erd_links import Link
    from dbmcp.catalog.model import Catalog, Relation
    from dbmcp.catalog.parts import Column

# In pixels.
HEADER, ROW, FOOT = 30, 21, 6
TITLE_SIZE, TEXT_SIZE, TYPE_SIZE = 13, 12, 11
MARK, EDGE, BETWEEN = 19, 10, 18
_LEAST_WIDTH = 150
_TITLE_CHARS, _NAME_CHARS, _TYPE_CHARS = 40, 32, 26
# How many rows a box has at most, by the number of boxes: a picture that nobody can look over says nothing.
_ROWS = ((40, 30), (120, 10), (400, 5))
# The width of signs to their size, in the widest of the usual fonts.
_BOLDER = 1.16
_NARROW, _SLIM, _WIDE = frozenset("iljI.,:;'|!"), frozenset('ftr-/\\"()[]{} _'), frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a box: a column with the marks of its keys, or how many there are more."""

    name: str
    type: str = ""
    marks: tuple[str, ...] = ()
    note: str = ""
    is_required: bool = False
    is_more: bool = False


@dataclass(slots=True)
class Box:
    """A relation in the picture; `x` and `y` are its upper left corner, set by the layout."""

    title: str
    kind: str
    schema: str
    note: str
    rows: tuple[Row, ...]
    width: float = 0.0
    x: float = 0.0
    y: float = 0.0
    height: float = field(init=False)

    def __post_init__(self) -> None:
        self.height = HEADER + len(self.rows) * ROW + (FOOT if self.rows else 0)
        title = measured(self.title, TITLE_SIZE) * _BOLDER + (
            measured(self.tag, TYPE_SIZE) + BETWEEN if self.tag else 0
        )
        rows = [
            self.indent + measured(row.name, TEXT_SIZE) + (BETWEEN + measured(row.type, TYPE_SIZE) if row.type else 0)
            for row in self.rows
        ]
        self.width = max(_LEAST_WIDTH, *(round(width + 2 * EDGE) for width in (title, *rows)))

    @property
    def indent(self) -> int:
        """Return the room for the marks of keys, before the names."""
        return MARK * max(1, *(len(row.marks) for row in self.rows)) + 9 if self.rows else 0

    @property
    def is_view(self) -> bool:
        """Say whether it is something else than a table that holds rows."""
        return self.kind not in ("table", "partitioned table")

    @property
    def tag(self) -> str:
        """Return the word that stands beside the title of what is no table."""
        return {"table": "", "partitioned table": "partitioned", "materialized view": "mat. view"}.get(
            self.kind, self.kind.removesuffix(" table")
        )


@dataclass(frozen=True, slots=True)
class Wire:
    """A foreign key in the picture: from the row of one box to the row of another, counted from 0; None for its title.

    The ends are as those of a `Link`.
    """

    child: int
    child_row: int | None
    parent: int
    parent_row: int | None
    is_required: bool
    is_unique: bool


def measured(text: str, size: float) -> float:
    """Return about how wide a text is, in pixels, and rather more than less."""
    return sum(map(_sign_width, text)) * size


def _sign_width(sign: str) -> float:
    if combining(sign):
        return 0.0
    if east_asian_width(sign) in "WF" or ord(sign) > 0xFFFF:
        return 1.25
    if sign in _NARROW:
        return 0.33
    if sign in _SLIM:
        return 0.45
    if sign in _WIDE:
        return 0.98
    return 0.70 if sign.isupper() else 0.63


def boxes_and_wires(catalog: Catalog, relations: Sequence[Relation]) -> tuple[list[Box], list[Wire]]:
    """Return a box for each of the relations, and a wire for each foreign key among them."""
    limit = next((rows for count, rows in _ROWS if len(relations) <= count), 0)
    found = links(catalog, relations)
    places = {item.key: number for number, item in enumerate(relations)}
    pointed = {(link.target, name) for link in found for name in link.target_columns[:1]}
    foreign = {(link.source, name) for link in found for name in link.columns}
    boxes = []
    shown: list[dict[str, int]] = []
    for item in relations:
        marks = {column.name: _marks(item, column, foreign) for column in item.readable_columns}
        keyed = {name for name, found in marks.items() if found or (item.key, name) in pointed}
        columns = _chosen(item.readable_columns, keyed, limit)
        rows = [_row(catalog, item, column, marks[column.name]) for column in columns]
        left = len(item.readable_columns) - len(columns)
        if left and limit:
            rows.append(Row(f"+ {left} more", is_more=True))
        name = catalog.shown_name(item)
        note = "\n".join(filter(None, [name, one_line(item.comment, 300)]))
        boxes.append(Box(one_line(name, _TITLE_CHARS) or "(no name)", item.kind, item.schema, note, tuple(rows)))
        shown.append({column.name: number for number, column in enumerate(columns)})
    return boxes, [_wire(link, places[link.source], places[link.target], shown) for link in found]


def _wire(link: Link, child: int, parent: int, shown: Sequence[dict[str, int]]) -> Wire:
    child_row = shown[child].get(link.columns[0]) if link.columns else None
    parent_row = shown[parent].get(link.target_columns[0]) if link.target_columns else None
    return Wire(child, child_row, parent, parent_row, link.is_required, link.is_unique)


def _marks(item: Relation, column: Column, foreign: set[tuple[tuple[str, str], str]]) -> tuple[str, ...]:
    unique = any(key.kind == "unique" and key.columns == (column.name,) for key in item.constraints)
    is_in = {"PK": column.name in item.primary_key, "FK": (item.key, column.name) in foreign, "UK": unique}
    return tuple(mark for mark, is_so in is_in.items() if is_so)[:2]


def _chosen(columns: Sequence[Column], keyed: set[str], limit: int) -> list[Column]:
    """Return so many columns in their order, those in keys before others."""
    if len(columns) <= limit + 1 and limit:
        return list(columns)
    first = [column.name for column in columns if column.name in keyed][:limit]
    others = [column.name for column in columns if column.name not in keyed][: limit - len(first)]
    return [column for column in columns if column.name in {*first, *others}]


def _row(catalog: Catalog, item: Relation, column: Column, marks: tuple[str, ...]) -> Row:
    kind = column.type.removeprefix(f"{catalog.default_schema}.")
    for long, short in _SHORT_TYPES.items():
        kind = kind.replace(long, short)
    # Of a view's columns no engine says whether they may be null.
    is_required = column.not_null or column.identity is not None or item.kind in ("view", "materialized view")
    facts = f"{column.name}: {column.type}{'' if is_required else ', may be null'}"
    note = "\n".join(filter(None, [facts, one_line(column.comment, 300)]))
    name = one_line(column.name, _NAME_CHARS) or "(no name)"
    return Row(name, one_line(kind, _TYPE_CHARS), marks, note, is_required)


_SHORT_TYPES = {
    " without time zone": "",
    "timestamp with time zone": "timestamptz",
    "time with time zone": "timetz",
    "character varying": "varchar",
    "double precision": "double",
}
