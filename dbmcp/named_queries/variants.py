"""The texts of a template: which parts can stay at the same time, and one text put together. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

from dbmcp.named_queries.lexer import Token
from dbmcp.named_queries.model import Variant

MAX_VARIANTS = 256


class Writer:
    """Puts one variant together: numbers the placeholders, and notes what came from where."""

    def __init__(self, sign: str) -> None:
        self._sign = sign
        self._pieces: list[str] = []
        self._length = 0
        self._places: list[tuple[int, int]] = []
        self._numbers: dict[str, int] = {}

    def write(self, sql: str, tokens: Sequence[Token], start: int, end: int, shift: int = 0) -> None:
        """Add a stretch of SQL that stands `shift` characters further on in the file."""
        if self._pieces:
            # A mark is a comment, and a comment parts words.
            self._add(" ", start + shift)
        for token in tokens:
            if token.kind == "parameter":
                self._add(sql[start : token.start], start + shift)
                number = self._numbers.setdefault(token.text, len(self._numbers) + 1)
                self._add(f"{self._sign}{number}", token.start + shift)
                start = token.end
        self._add(sql[start:end], start + shift)

    def _add(self, piece: str, place: int) -> None:
        if piece:
            self._places.append((self._length, place))
            self._pieces.append(piece)
            self._length += len(piece)

    def variant(self) -> Variant:
        """Return what was written."""
        return Variant("".join(self._pieces), tuple(self._numbers), tuple(self._places))


def kept_together(needs: Sequence[frozenset[str]]) -> list[tuple[bool, ...]]:
    """Return which parts can stay at the same time, for every set of parameters given; none when there are too many."""
    given: dict[frozenset[str], None] = {frozenset(): None}
    for need in needs:
        given.update(dict.fromkeys([others | need for others in given]))
        if len(given) > MAX_VARIANTS:
            return []
    return [tuple(need <= names for need in needs) for names in given]
