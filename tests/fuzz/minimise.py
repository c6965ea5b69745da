"""Makes a text shorter as long as something holds of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# Literals, quoted names and comments are one word each: none of them is opened by a cut.
_WORD = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|/\*.*?\*/|--[^\n]*\n|\$\$.*?\$\$|\w+|\s+|.", re.DOTALL)


def minimise(text: str, holds: Callable[[str], bool], *, attempts: int = 400) -> str:
    """Return a text as short as could be found for which `holds` is still true, after so many attempts at most."""
    left = [attempts]
    words = _shorten(_WORD.findall(text), lambda part: holds("".join(part)), left)
    if len(words) < 200:
        words = _shorten(list("".join(words)), lambda part: holds("".join(part)), left)
    return "".join(words)


def _shorten(parts: Sequence[str], holds: Callable[[Sequence[str]], bool], left: list[int]) -> list[str]:
    """Drop pieces of half the length, then of a quarter, down to single parts, while it holds."""
    kept = list(parts)
    size = max(len(kept) // 2, 1)
    while left[0] > 0 and kept:
        begin, is_shorter = 0, False
        while begin < len(kept) and left[0] > 0:
            shorter = kept[:begin] + kept[begin + size :]
            left[0] -= 1
            if shorter and holds(shorter):
                kept, is_shorter = shorter, True
            else:
                begin += size
        if size == 1 and not is_shorter:
            break
        size = max(size // 2, 1)
    return kept
