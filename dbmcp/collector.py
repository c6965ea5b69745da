"""Python's garbage collector, kept from looking through many values that live long: what is imported, and catalogs.

It stops every thread while it looks: fifty milliseconds for the values of a few thousand tables, and it finds nothing,
for they hold no cycles.
"""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A request leaves no cycles behind: the collector need not look after every few hundred objects.
THRESHOLDS = 10_000, 20, 50

_lock = threading.Lock()
_pauses = 0
_was_on = True


def settle() -> None:
    """Leave what is there alone, and look seldom from now on: for a server that begins to serve."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


@contextmanager
def paused() -> Iterator[None]:
    """Make many values that live long: the collector rests meanwhile, and never looks at what is there at the end.

    What was thrown away in cycles just before is collected first. A collector that is off stays off.
    """
    _pause()
    try:
        yield
    finally:
        _resume()


def _pause() -> None:
    global _pauses, _was_on  # noqa: PLW0603
    with _lock:
        if not _pauses:
            _was_on = gc.isenabled()
            if _was_on:
                gc.collect(1)
                gc.disable()
        _pauses += 1


def _resume() -> None:
    global _pauses  # noqa: PLW0603
    with _lock:
        _pauses -= 1
        if not _pauses and _was_on:
            gc.freeze()
            gc.enable()
