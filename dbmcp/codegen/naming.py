"""Names that are free: one allocator for a module and one for each class, and how a language writes names.

The order in which names are asked for is fixed, so that the same catalog always gives the same names: what can keep
its own name comes first, then everything in the catalog's order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Thing = TypeVar("_Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Style:
    """How a language names things, and what a target makes classes of.

    The functions take a database's name and give an identifier, "" where nothing is left of it. A taken name has
    `suffix` added. `taken_module` are names that no class may have, `taken_class` those that no attribute may have.
    """

    class_name: Callable[[str], str]
    attribute: Callable[[str], str]
    member: Callable[[str], str]
    taken_module: frozenset[str] = frozenset()
    taken_class: frozenset[str] = frozenset()
    taken_enum: frozenset[str] = frozenset()
    suffix: str = "_"
    # Names that differ by case alone are one.
    folds_case: bool = False
    # The same of classes and types alone.
    folds_classes: bool = False
    # Within a class an attribute is meant before the module's classes, so that none may be called like one.
    hides_classes: bool = True
    # A class needs something that tells its rows apart; a table without it is a "table" of the plan, and has no links.
    needs_identity: bool = False
    # A table that only joins two others is no class, but a relationship between them.
    joins: bool = False


class Names:
    """The names of one scope, each given once."""

    def __init__(self, taken: Iterable[str], *, suffix: str = "_", folds_case: bool = False) -> None:
        self._fold: Callable[[str], str] = str.casefold if folds_case else str
        self._reserved = frozenset(map(self._fold, taken))
        self._taken: set[str] = set()
        self._suffix = suffix

    def scope(self) -> Names:
        """Return another scope in which the same names are taken from the start."""
        made = Names((), suffix=self._suffix)
        made._fold, made._reserved = self._fold, self._reserved
        return made

    def is_free(self, name: str) -> bool:
        """Say whether nothing has the name."""
        folded = self._fold(name)
        return bool(name) and folded not in self._taken and folded not in self._reserved

    def take(self, *wishes: str) -> str:
        """Return the first wish that is free, else the first with the suffix, else the last with a number."""
        usable = [wish for wish in wishes if wish] or ["unnamed"]
        for wish in (*usable, f"{usable[0]}{self._suffix}"):
            if self.is_free(wish):
                return self._give(wish)
        number = 2
        while not self.is_free(f"{usable[-1]}{number}"):
            number += 1
        return self._give(f"{usable[-1]}{number}")

    def take_all(self, wishes: Sequence[tuple[_Thing, str, Sequence[str]]]) -> dict[_Thing, str]:
        """Return a name for each thing, given with its own name in the database and its wishes.

        What asks for its own name gets it before others that come to the same; then those that alone ask for a name.
        """
        given: dict[_Thing, str] = {}
        asked: dict[str, int] = {}
        for _, _, wished in wishes:
            asked[self._fold(wished[0])] = asked.get(self._fold(wished[0]), 0) + 1
        firsts: list[Callable[[str, str], bool]] = [
            lambda own, wish: own == wish,
            lambda _, wish: asked[self._fold(wish)] == 1,
            lambda _, __: True,
        ]
        for may in firsts[:2]:
            for thing, own, wished in wishes:
                if thing not in given and may(own, wished[0]) and self.is_free(wished[0]):
                    given[thing] = self._give(wished[0])
        for thing, _, wished in wishes:
            if thing not in given:
                given[thing] = self.take(*wished)
        return given

    def _give(self, name: str) -> str:
        self._taken.add(self._fold(name))
        return name
