"""Where the boxes of one connected picture go: layers from left to right, those pointed to left of what points to them.

The method is Sugiyama's: turn what closes a circle, give each box a layer, order the layers so that few lines cross,
then place each box where its lines run straight. A line that passes a layer gets a slot of its own there, so that it
runs through no box.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dbmcp.catalog.erd_boxes import HEADER, ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dbmcp.catalog.erd_boxes import Box, Wire

# In pixels: the least distance between boxes, and of lines to others.
_BETWEEN_BOXES, _BETWEEN_LINES, _BESIDE_BOX = 30.0, 10.0, 20.0
_ORDERINGS, _PLACINGS = 16, 24
# So far a slot moves to make a line straight.
_NUDGE = 14.0
# Lines that would leave a row at one point leave this much apart.
_APART = 11.0


@dataclass(slots=True, eq=False)
class Slot:
    """A box in a layer, or (`box` is None) the place of a line that passes it. `y` is its upper edge."""

    layer: int
    box: int | None = None
    height: float = 0.0
    y: float = 0.0


@dataclass(slots=True, eq=False)
class Tap:
    """Where a line meets a slot: how far below its upper edge, and the wire whose child end it is, if it is one."""

    slot: Slot
    offset: float
    wire: Wire | None = None
    is_parent: bool = False

    @property
    def y(self) -> float:
        """Return its height in the picture."""
        return self.slot.y + self.offset


@dataclass(slots=True, eq=False)
class Net:
    """The line of one key that is pointed to: in each channel that it passes, its taps on the left and on the right.

    The channel of a number lies right of the layer of that number.
    """

    wires: list[Wire] = field(default_factory=list)
    channels: dict[int, tuple[list[Tap], list[Tap]]] = field(default_factory=dict)

    def tap(self, channel: int, tap: Tap, *, right: bool) -> None:
        """Add a tap."""
        self.channels.setdefault(channel, ([], []))[right].append(tap)


def layered(boxes: Sequence[Box], members: Sequence[int], wires: Sequence[Wire]) -> tuple[list[list[Slot]], list[Net]]:
    """Return the layers of the boxes of these numbers, which the wires connect, and their lines; all of them placed."""
    layer_of = _layers(boxes, members, wires)
    slots = {number: Slot(layer_of[number], number, boxes[number].height) for number in members}
    layers: list[list[Slot]] = [[] for _ in range(max(layer_of.values()) + 1)]
    for slot in slots.values():
        layers[slot.layer].append(slot)
    nets = _nets(slots, wires, layers)
    _spread(nets)
    _order(layers, nets)
    _place(layers, nets)
    return layers, nets


def _layers(boxes: Sequence[Box], members: Sequence[int], wires: Sequence[Wire]) -> dict[int, int]:
    """Return the layer of each box: right of what it points to, no layer much higher than the picture is wide."""
    order, after = _without_circles(members, wires)
    before: dict[int, set[int]] = defaultdict(set)
    for parent, children in after.items():
        for child in children:
            before[child].add(parent)
    area = sum((boxes[number].width + 110) * (boxes[number].height + _BETWEEN_BOXES) for number in members)
    room = max((area * 0.62) ** 0.5, *(boxes[number].height for number in members))
    filled: dict[int, float] = defaultdict(float)
    layer: dict[int, int] = {}

    def put(number: int, wanted: int) -> None:
        layer[number] = wanted
        filled[wanted] += boxes[number].height + _BETWEEN_BOXES

    for number in order:
        wanted = max((layer[parent] + 1 for parent in before[number]), default=0)
        while filled[wanted] and filled[wanted] + boxes[number].height > room:
            wanted += 1
        put(number, wanted)
    # What is pointed to from afar alone comes near.
    for number in reversed(order):
        nearest = min((layer[child] - 1 for child in after[number]), default=layer[number])
        while nearest > layer[number] and filled[nearest] and filled[nearest] + boxes[number].height > room:
            nearest -= 1
        if nearest > layer[number] and len(after[number]) >= len(before[number]):
            filled[layer[number]] -= boxes[number].height + _BETWEEN_BOXES
            put(number, nearest)
    used = {old: new for new, old in enumerate(sorted(set(layer.values())))}
    return {number: used[old] for number, old in layer.items()}


def _without_circles(members: Sequence[int], wires: Sequence[Wire]) -> tuple[list[int], dict[int, set[int]]]:
    """Return the boxes, most of them after what they point to, and for each those after it that are joined to it."""
    after: dict[int, set[int]] = {number: set() for number in members}
    before: dict[int, set[int]] = {number: set() for number in members}
    for wire in wires:
        if wire.child != wire.parent:
            after[wire.parent].add(wire.child)
            before[wire.child].add(wire.parent)
    left = dict.fromkeys(members)
    waiting = {number: len(before[number]) for number in members}
    order: list[int] = []
    ready = [number for number in members if not waiting[number]]
    while left:
        if not ready:
            # Within a circle, begin with what most others point to.
            ready = [max(left, key=lambda number: (len(after[number] & left.keys()) - waiting[number], -number))]
        number = ready.pop(0)
        if number not in left:
            continue
        del left[number]
        order.append(number)
        for child in sorted(after[number] & left.keys()):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    rank = {number: place for place, number in enumerate(order)}
    joined: dict[int, set[int]] = {number: set() for number in members}
    for wire in wires:
        first, second = sorted((wire.child, wire.parent), key=rank.__getitem__)
        if first != second:
            joined[first].add(second)
    return order, joined


def _row_offset(row: int | None) -> float:
    return HEADER / 2 if row is None else HEADER + (row + 0.5) * ROW


def _nets(slots: dict[int, Slot], wires: Sequence[Wire], layers: list[list[Slot]]) -> list[Net]:
    """Return the lines; wires to the same key share one where they go to the right and are alike at its end."""
    nets: dict[object, Net] = {}
    for number, wire in enumerate(wires):
        parent, child = slots[wire.parent], slots[wire.child]
        is_back = child.layer < parent.layer
        key = number if is_back else (wire.parent, wire.parent_row, wire.is_required)
        if key not in nets:
            nets[key] = Net()
            if not is_back:
                nets[key].tap(parent.layer, Tap(parent, _row_offset(wire.parent_row), is_parent=True), right=False)
        net = nets[key]
        net.wires.append(wire)
        end = Tap(child, _row_offset(wire.child_row), wire)
        if child is parent:
            net.tap(parent.layer, end, right=False)
        elif is_back:
            net.tap(child.layer, end, right=False)
            near = Tap(parent, _row_offset(wire.parent_row), is_parent=True)
            _pass(net, child.layer, parent.layer, layers)
            net.tap(parent.layer - 1, near, right=True)
        else:
            _pass(net, parent.layer, child.layer, layers)
            net.tap(child.layer - 1, end, right=True)
    return list(nets.values())


def _pass(net: Net, start: int, end: int, layers: list[list[Slot]]) -> None:
    """Give a line a slot in each layer between two, where it has none yet."""
    for layer in range(start + 1, end):
        if any(tap.slot.box is None for tap in net.channels.get(layer, ([], []))[0]):
            continue
        slot = Slot(layer)
        layers[layer].append(slot)
        net.tap(layer - 1, Tap(slot, 0.0), right=True)
        net.tap(layer, Tap(slot, 0.0), right=False)


def _spread(nets: Iterable[Net]) -> None:
    """Move the taps of different lines apart that meet a box at the same point."""
    met: dict[tuple[int, float, bool], list[list[Tap]]] = defaultdict(list)
    for net in nets:
        for left, right in net.channels.values():
            for is_right, taps in ((False, left), (True, right)):
                own: dict[tuple[int, float, bool], list[Tap]] = defaultdict(list)
                for tap in taps:
                    if tap.slot.box is not None:
                        own[tap.slot.box, tap.offset, is_right].append(tap)
                for place, found in own.items():
                    met[place].append(found)
    for groups in met.values():
        apart = min(_APART, ROW * 0.7 / max(len(groups) - 1, 1))
        for number, group in enumerate(groups):
            for tap in group:
                tap.offset += (number - (len(groups) - 1) / 2) * apart


def _pairs(nets: Iterable[Net]) -> list[tuple[Tap, Tap]]:
    """Return the stretches of lines from one layer to the next."""
    return [
        (first, second) for net in nets for left, right in net.channels.values() for first in left for second in right
    ]


def _order(layers: list[list[Slot]], nets: list[Net]) -> None:
    """Order each layer so that few lines cross: by the middle of what each slot is joined to, back and forth."""
    pairs = _pairs(nets)
    joined: dict[Slot, list[list[tuple[Tap, Tap]]]] = {slot: [[], []] for layer in layers for slot in layer}
    for first, second in pairs:
        joined[second.slot][0].append((second, first))
        joined[first.slot][1].append((first, second))
    best, fewest = [list(layer) for layer in layers], _crossings(layers, pairs)
    for turn in range(_ORDERINGS):
        forward = turn % 2 == 0
        for layer in layers[1:] if forward else layers[-2::-1]:
            side = 0 if forward else 1
            place = _places(layers)
            middles = {slot: _middle(slot, joined[slot][side], place) for slot in layer}
            layer.sort(key=middles.__getitem__)
        found = _crossings(layers, pairs)
        if found < fewest:
            best, fewest = [list(layer) for layer in layers], found
    for layer, slots in zip(layers, best, strict=True):
        layer[:] = slots


def _places(layers: list[list[Slot]]) -> dict[Slot, float]:
    return {slot: float(number) for layer in layers for number, slot in enumerate(layer)}


def _at(tap: Tap, place: dict[Slot, float]) -> float:
    """Return where a tap is in the order of its layer, a row of a box below the one before it."""
    return place[tap.slot] + (tap.offset / tap.slot.height * 0.9 if tap.slot.height else 0.45)


def _middle(slot: Slot, joined: list[tuple[Tap, Tap]], place: dict[Slot, float]) -> float:
    if not joined:
        return place[slot]
    return sum(_at(other, place) for _, other in joined) / len(joined)


def _crossings(layers: list[list[Slot]], pairs: list[tuple[Tap, Tap]]) -> int:
    """Return how many stretches cross, were they straight."""
    place = _places(layers)
    between: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for first, second in pairs:
        between[first.slot.layer].append((_at(first, place), _at(second, place)))
    count = 0
    for found in between.values():
        found.sort()
        seen: list[float] = []
        for _, right in found:
            count += len(seen) - bisect_right(seen, right)
            insort(seen, right)
    return count


def _place(layers: list[list[Slot]], nets: list[Net]) -> None:
    """Place the slots of each layer, in their order, where their lines run straight."""
    joined: dict[Slot, list[list[tuple[Tap, Tap]]]] = {slot: [[], []] for layer in layers for slot in layer}
    for first, second in _pairs(nets):
        joined[second.slot][0].append((second, first))
        joined[first.slot][1].append((first, second))
    for layer in layers:
        _stack(layer, [0.0] * len(layer), [1.0] * len(layer))
    for turn in range(_PLACINGS):
        sides = (0, 1) if turn >= _PLACINGS - 4 else ((0,) if turn % 2 == 0 else (1,))
        for layer in layers if turn % 2 == 0 else reversed(layers):
            wanted, weights = [], []
            for slot in layer:
                found = sorted(other.y - own.offset for side in sides for own, other in joined[slot][side])
                wanted.append(found[len(found) // 2] if found else slot.y)
                # A line should rather be straight than a box in the middle of its lines.
                weights.append((4.0 if slot.box is None else 1.0) * len(found) if found else 0.05)
            _stack(layer, wanted, weights)
    top = min(slot.y for layer in layers for slot in layer)
    for layer in layers:
        for slot in layer:
            slot.y = round(slot.y - top)
    for layer in [*layers, *reversed(layers)]:
        _straighten(layer, joined)


def _straighten(layer: list[Slot], joined: dict[Slot, list[list[tuple[Tap, Tap]]]]) -> None:
    """Move slots a little where that makes more lines straight: a bend of a few pixels looks like a mistake."""
    for number, slot in enumerate(layer):
        low, high = -_NUDGE, _NUDGE
        if number:
            above = layer[number - 1]
            low = max(low, above.y + above.height + _distance(above, slot) * 0.6 - slot.y)
        if number + 1 < len(layer):
            below = layer[number + 1]
            high = min(high, below.y - _distance(slot, below) * 0.6 - slot.height - slot.y)
        bends = [other.y - own.y for side in joined[slot] for own, other in side]
        moves = [bend for bend in bends if low <= bend <= high]
        slot.y += max([0.0, *moves], key=lambda move: (sum(bend == move for bend in bends), -abs(move)))


def _stack(layer: list[Slot], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """Place slots one below the other as near as can be to where each wants to be: blocks of those that are in the way.

    It is the least sum of squares, by pooling neighbours whose order would be turned.
    """
    floor = 0.0
    floors = []
    blocks: list[tuple[float, float, int]] = []
    for number, slot in enumerate(layer):
        if number:
            floor += layer[number - 1].height + _distance(layer[number - 1], slot)
        floors.append(floor)
        place, weight, count = wanted[number] - floor, weights[number], 1
        while blocks and blocks[-1][0] > place:
            other, other_weight, other_count = blocks.pop()
            place = (place * weight + other * other_weight) / (weight + other_weight)
            weight += other_weight
            count += other_count
        blocks.append((place, weight, count))
    places = [place for place, _, count in blocks for _ in range(count)]
    for slot, place, floor in zip(layer, places, floors, strict=True):
        slot.y = place + floor


def _distance(first: Slot, second: Slot) -> float:
    if first.box is None and second.box is None:
        return _BETWEEN_LINES
    return _BETWEEN_BOXES if first.box is not None and second.box is not None else _BESIDE_BOX
