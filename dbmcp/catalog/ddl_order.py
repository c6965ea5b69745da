"""In which order things can be made that need each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

_Thing = TypeVar("_Thing")


def ordered(
    things: Iterable[_Thing], needs: Mapping[_Thing, Collection[_Thing]], *, can_wait: Collection[_Thing]
) -> Iterator[tuple[_Thing, bool]]:
    """Return every thing after what it needs, as far as it can be, otherwise in the order given.

    Where things need each other in a circle, one of those that can wait comes twice: first marked False, for a
    placeholder, and then in its turn.
    """
    known = list(dict.fromkeys(things))
    members = set(known)
    begun: set[_Thing] = set()
    done: set[_Thing] = set()
    for thing in known:
        # Not by recursion: views lie on views a thousand deep.
        path: list[tuple[_Thing, Iterator[_Thing]]] = []
        if thing not in begun:
            begun.add(thing)
            path.append((thing, iter(sorted_needs(needs, thing, members))))
        while path:
            current, left = path[-1]
            need = next(left, None)
            if need is None:
                path.pop()
                done.add(current)
                yield current, True
            elif need not in begun:
                begun.add(need)
                path.append((need, iter(sorted_needs(needs, need, members))))
            elif need not in done and need in can_wait:
                yield need, False


def sorted_needs(
    needs: Mapping[_Thing, Collection[_Thing]], thing: _Thing, members: Collection[_Thing]
) -> list[_Thing]:
    """Return what a thing needs of the members, always in the same order."""
    return sorted((need for need in needs.get(thing, ()) if need in members), key=str)
