"""The whole picture: connected parts side by side, boxes without keys in a grid below, and lines of right angles.

Between two layers lies a channel, where each line that must change its height has a vertical stretch on a track.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from dbmcp.catalog.erd_layers import Net, Tap, layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dbmcp.catalog.erd_boxes import Box, Wire

# In pixels: the room for the marks at a line's end, and between tracks, parts and boxes of the grid.
_MARKS, _TRACK, _BETWEEN_PARTS, _IN_GRID = 32.0, 13.0, 56.0, 28.0
_MARGIN = 24.0
# How much wider than high a picture should be.
_SHAPE = 1.5


@dataclass(frozen=True, slots=True)
class End:
    """Where a wire meets a box: the point, and whether the box lies to its right."""

    x: float
    y: float
    box_is_right: bool
    is_parent: bool
    is_required: bool
    is_unique: bool


@dataclass(slots=True)
class Line:
    """A line with all its branches, each a list of points with right angles between them; and the boxes it joins."""

    branches: list[list[tuple[float, float]]] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    boxes: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's size and lines; the boxes know their places."""

    width: float
    height: float
    lines: list[Line]


def lay_out(boxes: Sequence[Box], wires: Sequence[Wire]) -> Layout:
    """Place all boxes, and draw the wires between them; equal for equal input."""
    parts = [_Part(boxes, members, found) for members, found in _connected(boxes, wires) if found]
    alone = [members[0] for members, found in _connected(boxes, wires) if not found]
    area = sum((part.width + _BETWEEN_PARTS) * (part.height + _BETWEEN_PARTS) for part in parts)
    area += sum((boxes[number].width + _IN_GRID) * (boxes[number].height + _IN_GRID) for number in alone)
    wide = max([(area * _SHAPE) ** 0.5, *(part.width for part in parts)])
    x = y = high = right = 0.0
    for part in sorted(parts, key=lambda item: -item.height):
        if x and x + part.width > wide:
            x, y, high = 0.0, y + high + _BETWEEN_PARTS, 0.0
        part.move(x + _MARGIN, y + _MARGIN)
        x, high = x + part.width + _BETWEEN_PARTS, max(high, part.height)
        right = max(right, x - _BETWEEN_PARTS)
    bottom = y + high
    if alone:
        top = bottom + _BETWEEN_PARTS if parts else 0.0
        across, bottom = _grid([boxes[number] for number in alone], max(wide, right), top)
        right = max(right, across)
    lines = [line for part in parts for line in part.lines]
    return Layout(round(right + 2 * _MARGIN), round(bottom + 2 * _MARGIN), lines)


def _connected(boxes: Sequence[Box], wires: Sequence[Wire]) -> list[tuple[list[int], list[Wire]]]:
    """Return the boxes that are joined to each other, with their wires."""
    root = list(range(len(boxes)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for wire in wires:
        first, second = sorted((find(wire.child), find(wire.parent)))
        root[second] = first
    groups: dict[int, tuple[list[int], list[Wire]]] = {}
    for number in range(len(boxes)):
        groups.setdefault(find(number), ([], []))[0].append(number)
    for wire in wires:
        groups[find(wire.child)][1].append(wire)
    return list(groups.values())


def _grid(boxes: Sequence[Box], wide: float, top: float) -> tuple[float, float]:
    """Place boxes in columns of one width, the next one where there is most room; return right and bottom edge."""
    column = max(box.width for box in boxes)
    count = max(1, min(len(boxes), int((wide + _IN_GRID) // (column + _IN_GRID))))
    ends = [top] * count
    # Tables first, as they are listed, then views.
    for box in sorted(boxes, key=lambda item: (item.is_view, -len(item.rows))):
        place = ends.index(min(ends))
        box.width = column
        box.x, box.y = _MARGIN + place * (column + _IN_GRID), _MARGIN + ends[place]
        ends[place] += box.height + _IN_GRID
    return count * (column + _IN_GRID) - _IN_GRID, max(ends) - _IN_GRID


class _Part:
    """Boxes that wires connect, with their lines, from 0, 0."""

    def __init__(self, boxes: Sequence[Box], members: Sequence[int], wires: Sequence[Wire]) -> None:
        self._boxes = boxes
        self._layers, self._nets = layered(boxes, members, wires)
        tracks = [_tracks(self._nets, channel) for channel in range(len(self._layers))]
        self._left: list[float] = []
        self._right: list[float] = []
        self._track: list[dict[Net, float]] = []
        x = 0.0
        for layer, (order, count) in zip(self._layers, tracks, strict=True):
            width = max((boxes[slot.box].width for slot in layer if slot.box is not None), default=0.0)
            self._left.append(x)
            self._right.append(x := x + width)
            self._track.append({net: x + _MARKS + place * _TRACK for net, place in order.items()})
            x += 2 * _MARKS + max(count - 1, 0) * _TRACK
        last = self._track[-1].values()
        self.width = max([self._right[-1], *(place + _TRACK for place in last)])
        self.height = max(slot.y + slot.height for layer in self._layers for slot in layer)
        self.lines: list[Line] = []

    def move(self, x: float, y: float) -> None:
        """Take the place whose upper left corner this is."""
        for number, layer in enumerate(self._layers):
            for slot in layer:
                if slot.box is not None:
                    box = self._boxes[slot.box]
                    box.x, box.y, box.width = (
                        x + self._left[number],
                        y + slot.y,
                        self._right[number] - self._left[number],
                    )
        self.lines = [self._line(net, x, y) for net in self._nets]

    def _line(self, net: Net, x: float, y: float) -> Line:
        line = Line(boxes={number for wire in net.wires for number in (wire.child, wire.parent)})
        for channel, (lefts, rights) in net.channels.items():
            start, end = x + self._right[channel], x + self._left[(channel + 1) % len(self._left)]
            track = self._track[channel].get(net)
            points = [(tap, start, False) for tap in lefts] + [(tap, end, True) for tap in rights]
            # Branches leave from the first tap, which is nearest to where the line comes from.
            first = lefts[0]
            for tap, edge, _ in points[1:]:
                line.branches.append(_branch((start, y + first.y), (edge, y + tap.y), track and x + track))
            for tap, edge, is_right in points:
                if tap.slot.box is None:
                    if is_right:
                        line.branches.append([(edge, y + tap.y), (x + self._right[channel + 1], y + tap.y)])
                else:
                    line.ends.append(_end(net, tap, (edge, y + tap.y), box_is_right=is_right))
        return line


def _branch(start: tuple[float, float], end: tuple[float, float], track: float | None) -> list[tuple[float, float]]:
    if track is None or (start[1] == end[1] and start[0] != end[0]):
        return [start, end]
    return [start, (track, start[1]), (track, end[1]), end]


def _end(net: Net, tap: Tap, point: tuple[float, float], *, box_is_right: bool) -> End:
    # Wires of one line are alike at the end of what is pointed to.
    wire = tap.wire or net.wires[0]
    return End(*point, box_is_right, tap.is_parent, wire.is_required, wire.is_unique)


def _tracks(nets: Sequence[Net], channel: int) -> tuple[dict[Net, int], int]:
    """Return the tracks of the lines that change their height in a channel, counted from the left, and how many."""
    spans: dict[Net, _Heights] = {}
    for net in nets:
        lefts, rights = ([tap.y for tap in taps] for taps in net.channels.get(channel, ([], [])))
        if len({*lefts, *rights}) > 1:
            spans[net] = (lefts, rights)
    cost = {(a, b): _cost(spans[a], spans[b]) for a in spans for b in spans if a is not b}
    order = _ordered(spans, cost)
    tracks: dict[Net, int] = {}
    taken: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for number, net in enumerate(order):
        both = [*spans[net][0], *spans[net][1]]
        # A track is shared by lines that do not meet on it, and that may stand in any order to each other.
        after = [tracks[other] for other in order[:number] if cost[other, net] or cost[net, other]]
        track = max(after, default=-1) + 1
        while any(min(both) - 8 <= bottom and top <= max(both) + 8 for top, bottom in taken[track]):
            track += 1
        tracks[net] = track
        taken[track].append((min(both), max(both)))
    return tracks, max(tracks.values(), default=-1) + 1


# The heights of a line's taps on the left and on the right.
_Heights: TypeAlias = tuple[list[float], list[float]]


def _ordered(spans: dict[Net, _Heights], cost: dict[tuple[Net, Net], int]) -> list[Net]:
    """Return the lines in an order from left to right in which few cross."""

    def middle(net: Net) -> float:
        ends = spans[net][1] or spans[net][0]
        return sum(ends) / len(ends)

    # Lowest first is a good order to begin with; then neighbours change places as long as that helps.
    order = sorted(spans, key=lambda net: -middle(net))
    for _ in order:
        is_better = False
        for place in range(len(order) - 1):
            first, second = order[place], order[place + 1]
            if cost[second, first] < cost[first, second]:
                order[place : place + 2] = second, first
                is_better = True
        if not is_better:
            break
    return order


def _cost(first: _Heights, second: _Heights) -> int:
    """Return how often two lines cross or run into each other where the first one's track is left of the second's."""
    one, two = (first[0] + first[1], second[0] + second[1])
    crossed = sum(min(one) < y < max(one) for y in second[0]) + sum(min(two) < y < max(two) for y in first[1])
    together = sum(abs(a - b) < 5 for a in first[1] for b in second[0])
    return crossed + 20 * together
