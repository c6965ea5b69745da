"""How tables are joined: the foreign keys between them, over tables in between where none leads there at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush
from math import log10
from typing import TYPE_CHECKING

from dbmcp.catalog.derived import derived
from dbmcp.catalog.erd_links import all_keys, partitions
from dbmcp.catalog.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dbmcp.catalog.model import Catalog
    from dbmcp.catalog.parts import Constraint
    from dbmcp.catalog.types import Name

# Tables between two that are joined; keys that are followed to find them.
_BETWEEN, _FOLLOWED = 3, 5_000


@dataclass(frozen=True, slots=True)
class Join:
    """Two relations and the keys that lead from one to the other: any of them joins the two."""

    source: Name
    target: Name
    keys: tuple[Constraint, ...]


class JoinGraph:
    """All foreign keys between relations that a caller may choose from, over columns that it may read."""

    def __init__(self, catalog: Catalog) -> None:
        listed = {item.key: item for item in catalog.listed}
        columns = {name: {column.name for column in item.readable_columns} for name, item in listed.items()}
        parts = partitions(catalog)
        joins: dict[tuple[Name, Name], list[Constraint]] = defaultdict(list)
        breathe = Slices().breathe
        for name, item in listed.items():
            breathe()
            for key in all_keys(item, parts):
                target = key.target
                if target is None or target == name or not key.columns or not key.target_columns:
                    continue
                if columns[name].issuperset(key.columns) and columns.get(target, set()).issuperset(key.target_columns):
                    joins[name, target].append(key)
        self._around: dict[Name, list[tuple[Name, Join]]] = defaultdict(list)
        for (source, target), keys in joins.items():
            join = Join(source, target, tuple(keys))
            self._around[source].append((target, join))
            self._around[target].append((source, join))

    def joins(self, wanted: Sequence[Name]) -> list[Join]:
        """Return the joins that connect relations, each to one of those before it where it can be."""
        chosen: dict[Join, None] = {}
        left = {name: rank for rank, name in enumerate(wanted)}
        while left:
            start = next(iter(left))
            del left[start]
            tree = {start: None}
            while left:
                path = self._path(tree, left)
                if path is None:
                    break
                for join in path:
                    chosen[join] = None
                    tree.update({join.source: None, join.target: None})
                for name in tree:
                    left.pop(name, None)
        return list(chosen)

    def _path(self, tree: Iterable[Name], left: Mapping[Name, int]) -> tuple[Join, ...] | None:
        """Return the joins from a tree of relations to the nearest of those that are left; None where none is near.

        A relation that many point to brings together what has little to do with each other: it counts as far.
        """
        # Among what is equally far that which is wanted comes first, by its rank, and then that which was met first.
        heap: list[tuple[float, int, int, Name, tuple[Join, ...]]] = []
        for place, name in enumerate(tree):
            heappush(heap, (0.0, 0, place, name, ()))
        count = len(heap)
        seen: set[Name] = set()
        while heap:
            cost, _, _, name, path = heappop(heap)
            if name in left:
                return path
            if name in seen or len(path) > _BETWEEN or count > _FOLLOWED:
                continue
            seen.add(name)
            around = self._around.get(name, ())
            through = cost + 1 + (log10(len(around)) if path else 0.0)
            for other, join in around:
                count += 1
                if other not in seen:
                    rank = left[other] - len(left) - _FOLLOWED if other in left else 0
                    heappush(heap, (through, rank, count, other, (*path, join)))
        return None


def join_path(catalog: Catalog, wanted: Sequence[Name]) -> Iterator[Join]:
    """Return the joins that connect relations, if any do."""
    if len(wanted) > 1:
        yield from derived(catalog, JoinGraph).joins(wanted)
