"""A picture of tables and foreign keys as SVG, with nothing in it that would be fetched or run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from dbmcp.catalog.erd_boxes import EDGE, HEADER, MARK, ROW, TEXT_SIZE, TITLE_SIZE, TYPE_SIZE, boxes_and_wires
from dbmcp.catalog.erd_layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dbmcp.catalog.erd_boxes import Box, Row
    from dbmcp.catalog.erd_layout import Line
    from dbmcp.catalog.model import Catalog, Relation

_RADIUS = 6.0
_LEGEND = 34.0
_TINTS = 6

# Style sheets: colours, and all else.
LIGHT = """\
.erd{background:#f8fafc}.bg{fill:#f8fafc}.box{fill:#fff;stroke:#cbd5e1}.rule{stroke:#e8edf3}
.title{fill:#0f172a}.tag,.type,.null,.more,.legend{fill:#64748b}.name{fill:#1e293b}
.pk{fill:#b45309}.fk{fill:#2563eb}.uk{fill:#0f766e}.line{stroke:#8595ab}.end{stroke:#64748b}.end.ring{fill:#f8fafc}
.t0{fill:#e3ebf6}.t1{fill:#e2f1ea}.t2{fill:#f5ebdd}.t3{fill:#efe6f5}.t4{fill:#f6e6e8}.t5{fill:#e2f0f3}
"""
DARK = """\
.erd{background:#0f172a}.bg{fill:#0f172a}.box{fill:#182338;stroke:#3a4a63}.rule{stroke:#24324a}
.title{fill:#f1f5f9}.tag,.type,.null,.more,.legend{fill:#93a3b8}.name{fill:#dbe4ee}
.pk{fill:#f0b35c}.fk{fill:#7fb0ff}.uk{fill:#5fc9bb}.line{stroke:#62748f}.end{stroke:#93a3b8}.end.ring{fill:#0f172a}
.t0{fill:#24365a}.t1{fill:#1d4238}.t2{fill:#48371f}.t3{fill:#3b2a4d}.t4{fill:#4b2a31}.t5{fill:#1c4149}
"""
SHAPES = f"""\
text{{font-family:Inter,"Segoe UI","Helvetica Neue",Helvetica,Arial,"DejaVu Sans",sans-serif;font-size:{TEXT_SIZE}px}}
.title{{font-size:{TITLE_SIZE}px;font-weight:600}}.tag,.type,.more,.legend{{font-size:{TYPE_SIZE}px}}
.tag{{font-style:italic}}.end-text{{text-anchor:end}}.pk,.fk,.uk{{font-size:9px;font-weight:700}}
.box{{stroke-width:1}}.view .box{{stroke-dasharray:4 3}}.line,.end{{fill:none;stroke-width:1.3}}
"""


def svg(catalog: Catalog, relations: Sequence[Relation]) -> str:
    """Return the picture of these relations and the foreign keys among them, light or dark as its viewer is."""
    style = f"{SHAPES}{LIGHT}@media(prefers-color-scheme:dark){{\n{DARK}}}\n"
    return drawing(catalog, relations, style)


def drawing(catalog: Catalog, relations: Sequence[Relation], style: str) -> str:
    """Return the picture with a style sheet of its own; every text in it is escaped."""
    boxes, wires = boxes_and_wires(catalog, relations)
    layout = lay_out(boxes, wires)
    schemas = dict.fromkeys([catalog.default_schema, *(box.schema for box in boxes)])
    tints = {name: number % _TINTS for number, name in enumerate(schemas)}
    width, height = max(layout.width, 420), layout.height + _LEGEND
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="erd" role="img" {size}>',
        f"<title>{escaped(f'{len(boxes)} tables and {len(wires)} foreign keys')}</title>",
        f"<style>\n{style}</style>" if style else "",
        '<rect class="bg" width="100%" height="100%"/>',
        *map(_line, layout.lines),
    ]
    for number, box in enumerate(boxes):
        parts += _box(number, box, tints[box.schema])
    legend = "PK primary key   FK foreign key   UK unique   grey: may be null" if any(box.rows for box in boxes) else ""
    parts += [f'<text class="legend" x="24" y="{height - 16:g}" xml:space="preserve">{legend}</text>', "</svg>\n"]
    return "\n".join(filter(None, parts))


def escaped(text: str) -> str:
    """Return a text as XML takes it: escaped, without the signs that XML has no way to write."""
    kept = "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and sign not in _NO_XML))
    return escape(kept.encode("utf-8", "replace").decode(), {'"': "&quot;"})


_NO_XML = "\x7f\ufffe\uffff"


def _box(number: int, box: Box, tint: int) -> Iterator[str]:
    yield f'<g class="{"view" if box.is_view else "table"}" id="t{number}" transform="translate({box.x:g} {box.y:g})">'
    yield f"<title>{escaped(box.note)}</title>"
    width, height = box.width, box.height
    yield f'<rect class="box" width="{width:g}" height="{height:g}" rx="5"/>'
    # The header is rounded above alone, and lies within the frame.
    low = f"V{HEADER} H.5" if box.rows else f"V{HEADER - 5} a4.5 4.5 0 0 1 -4.5 4.5 H5 a4.5 4.5 0 0 1 -4.5 -4.5"
    yield f'<path class="t{tint}" d="M.5 5 A4.5 4.5 0 0 1 5 .5 H{width - 5:g} a4.5 4.5 0 0 1 4.5 4.5 {low} Z"/>'
    yield f'<text class="title" x="{EDGE}" y="{HEADER / 2 + 4.5:g}">{escaped(box.title)}</text>'
    if box.tag:
        yield f'<text class="tag end-text" x="{width - EDGE:g}" y="{HEADER / 2 + 4:g}">{escaped(box.tag)}</text>'
    for place, row in enumerate(box.rows):
        if place:
            yield f'<path class="rule" d="M1 {HEADER + place * ROW}H{width - 1:g}"/>'
        yield from _row(row, HEADER + place * ROW + ROW / 2 + 4, EDGE + box.indent, width - EDGE)
    yield "</g>"


def _row(row: Row, y: float, left: float, right: float) -> Iterator[str]:
    """Yield a row's texts: their height, and where the names begin and the types end."""
    if row.is_more:
        yield f'<text class="more" x="{left:g}" y="{y:g}">{escaped(row.name)}</text>'
        return
    yield f"<g><title>{escaped(row.note)}</title>"
    for place, mark in enumerate(row.marks):
        yield f'<text class="{mark.lower()}" x="{EDGE + place * MARK}" y="{y - 0.5:g}">{mark}</text>'
    yield f'<text class="{"name" if row.is_required else "null"}" x="{left:g}" y="{y:g}">{escaped(row.name)}</text>'
    yield f'<text class="type end-text" x="{right:g}" y="{y:g}">{escaped(row.type)}</text></g>'


def _line(line: Line) -> str:
    joined = " ".join(f"t{number}" for number in sorted(line.boxes))
    path = f'<path class="line" d="{"".join(map(_path, line.branches))}"/>'
    return f'<g class="link" data-joins="{joined}">{path}{"".join(_ends(line))}</g>'


def _path(points: list[tuple[float, float]]) -> str:
    """Return a branch with its corners rounded."""
    text = f"M{points[0][0]:g} {points[0][1]:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(_RADIUS, *(max(abs(corner[0] - end[0]), abs(corner[1] - end[1])) / 2 for end in (before, after)))
        start, end = _towards(corner, before, room), _towards(corner, after, room)
        text += f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    return f"{text}L{points[-1][0]:g} {points[-1][1]:g}"


def _towards(start: tuple[float, float], end: tuple[float, float], distance: float) -> tuple[float, float]:
    """Return the point so far from the start of a level or upright stretch."""
    (x, y), (to_x, to_y) = start, end
    step = [(to > at) - (to < at) for at, to in ((x, to_x), (y, to_y))]
    return x + step[0] * distance, y + step[1] * distance


def _ends(line: Line) -> Iterator[str]:
    """Return the marks of crow's foot notation: next to the box how many there may be, before it how many must be."""
    for end in line.ends:
        way = -1.0 if end.box_is_right else 1.0
        x, y = end.x, end.y
        bar = f"M{{:g}} {y - 4.5:g}V{y + 4.5:g}"
        is_one = end.is_parent or end.is_unique
        path = bar.format(x + way * 6) if is_one else f"M{x:g} {y - 4.5:g}L{x + way * 10:g} {y:g}L{x:g} {y + 4.5:g}"
        if end.is_parent and end.is_required:
            path += bar.format(x + way * 10)
        else:
            yield f'<circle class="end ring" cx="{x + way * 14:g}" cy="{y:g}" r="3.6"/>'
        yield f'<path class="end" d="{path}"/>'
