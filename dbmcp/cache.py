"""Replies that may be given again for a while, within a budget of memory; the least recently used go first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Reply = TypeVar("Reply")

MAX_CHARS = 32_000_000


class Cache(Generic[Reply]):
    """Replies by everything that they depend on; `max_chars` bounds the size of all together."""

    def __init__(self, max_chars: int = MAX_CHARS) -> None:
        self._max_chars = max_chars
        self._chars = 0
        self._kept: OrderedDict[Hashable, tuple[float, int, Reply]] = OrderedDict()

    def get(self, key: Hashable) -> Reply | None:
        """Return the reply that was kept for a key, while its time lasts."""
        found = self._kept.get(key)
        if found is None:
            return None
        expires_at, _, reply = found
        if time.monotonic() >= expires_at:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return reply

    def put(self, key: Hashable, reply: Reply, chars: int, seconds: float) -> None:
        """Keep a reply of a size in characters for so long; one that is larger than the budget is not kept."""
        self._drop(key)
        if chars > self._max_chars:
            return
        self._kept[key] = (time.monotonic() + seconds, chars, reply)
        self._chars += chars
        while self._chars > self._max_chars:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._chars -= found[1]
