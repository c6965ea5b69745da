"""What is made of a snapshot once, and kept as long as the snapshot is."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog

T = TypeVar("T")

_kept: dict[int, dict[Any, Any]] = {}
_making = threading.Lock()


def derived(catalog: Catalog, make: Callable[[Catalog], T]) -> T:
    """Return what is made of a catalog, made at the first call; for a thread, where making it takes its time."""
    # A catalog holds dictionaries, so it has no hash; it is known by where it is, and forgotten when it goes.
    kept = _kept.get(id(catalog), {})
    if make not in kept:
        with _making:
            if id(catalog) not in _kept:
                weakref.finalize(catalog, _kept.pop, id(catalog), None)
                _kept[id(catalog)] = {}
            kept = _kept[id(catalog)]
            if make not in kept:
                kept[make] = make(catalog)
    found: T = kept[make]
    return found


def is_kept(catalog_id: int) -> bool:
    """Say whether anything is kept of the catalog that is, or was, at this place in memory."""
    return catalog_id in _kept
