"""Long work on a thread, in slices, so that requests are answered meanwhile."""

from __future__ import annotations

import time

# A request needs the interpreter four times or more, and waits for half a slice each time that it is at work.
_SLICE_S = 0.00012
# The longer the pauses, the fewer requests meet the work; the system makes them a little longer.
_PAUSE_S = 0.00015


class Slices:
    """Long work in slices: between two of them other threads get the interpreter."""

    def __init__(self) -> None:
        self._due = time.perf_counter() + _SLICE_S

    def breathe(self) -> None:
        """Sleep when the slice is over: a thread that only yields takes the interpreter back before others wake up."""
        if time.perf_counter() > self._due:
            time.sleep(_PAUSE_S)
            self._due = time.perf_counter() + _SLICE_S
