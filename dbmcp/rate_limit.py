"""How often a caller may run a named query: `10/minute` and the like, counted in memory over a moving window."""

from __future__ import annotations

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class RateLimiter:
    """The calls of the last while, of every caller; lost when the server ends."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items: dict[str, RateLimitItem] = {}

    def take(self, rate: str, *whose: str) -> float | None:
        """Count a call; return None when it may go on, else the seconds until one may. `whose` is what is counted by.

        A call that may not go on is not counted.
        """
        item = self._items.get(rate)
        if item is None:
            item = self._items[rate] = parse(rate)
        if self._limiter.hit(item, *whose):
            return None
        opens_at = self._limiter.get_window_stats(item, *whose).reset_time
        return max(opens_at - time.time(), 0.0)
