"""Grows statements out of a grammar. The grammar is data: symbol → productions, in `postgresql_reads`, `sqlite_reads`.

A production is a text of words, split at white space; `{name}` stands for another symbol. An atom is one word
whatever it holds: literals and quoted names. Between words anything may stand that separates: blanks, comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

_SYMBOL = re.compile(r"\{(\w+)\}")
_SPACED = (" ",) * 6 + ("\n", "\t", "  ", "\r\n", "\n\n  ")
_COMMENTED = (*_SPACED, "/**/", " /* c */ ", "/*;*/", " -- c\n", "\f", " --\n", "/*-- */")
LAYOUTS = {"plain": (" ",), "spaced": _SPACED, "commented": _COMMENTED}


@dataclass(frozen=True, slots=True)
class Node:
    """One symbol with what was chosen for it: words and other nodes."""

    symbol: str
    parts: tuple[str | Node, ...]

    def nodes(self) -> Iterator[Node]:
        """Yield this node and every one below it."""
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.nodes()

    def words(self) -> Iterator[str]:
        """Yield the words in their order."""
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.words()
            else:
                yield part

    def with_replaced(self, old: Node, new: Node) -> Node:
        """Return this tree with one node (the very object) replaced."""
        if self is old:
            return new
        parts = (part.with_replaced(old, new) if isinstance(part, Node) else part for part in self.parts)
        return Node(self.symbol, tuple(parts))


class Grammar:
    """The productions of one dialect, ready to grow."""

    def __init__(self, rules: Mapping[str, Sequence[str]], atoms: Mapping[str, Sequence[str]]) -> None:
        self._rules = {symbol: [production.split() for production in rules[symbol]] for symbol in rules}
        self._rules.update({symbol: [[atom] for atom in atoms[symbol]] for symbol in atoms})
        self._atoms = frozenset(atoms)
        heights = self._heights()
        self._least = {
            symbol: min(productions, key=lambda words: _height(words, heights))
            for symbol, productions in self._rules.items()
        }

    def _heights(self) -> dict[str, float]:
        """Return how many levels each symbol needs at least; a symbol that never ends is a fault of the grammar.

        Raises:
            ValueError: naming the symbols that never end.
        """
        heights: dict[str, float] = dict.fromkeys(self._rules, float("inf"))
        heights.update(dict.fromkeys(self._atoms, 0.0))
        for _ in self._rules:
            for symbol in self._rules.keys() - self._atoms:
                heights[symbol] = 1 + min(_height(words, heights) for words in self._rules[symbol])
        if endless := [symbol for symbol, height in heights.items() if height == float("inf")]:
            raise ValueError(f"these symbols never end: {', '.join(sorted(endless))}")
        return heights

    def grow(self, symbol: str, random: Random, *, depth: int = 7, size: int = 60) -> Node:
        """Return a tree for a symbol, about `depth` levels deep at most and of about `size` nodes."""
        return self._grow(symbol, random, depth, [size])

    def _grow(self, symbol: str, random: Random, depth: int, left: list[int]) -> Node:
        left[0] -= 1
        few = depth <= 0 or left[0] <= 0
        words = self._least[symbol] if few and symbol not in self._atoms else random.choice(self._rules[symbol])
        if symbol in self._atoms:
            return Node(symbol, (words[0],))
        parts = (
            self._grow(found[1], random, depth - 1, left) if (found := _SYMBOL.fullmatch(word)) else word
            for word in words
        )
        return Node(symbol, tuple(parts))


def _height(words: Sequence[str], heights: Mapping[str, float]) -> float:
    return max((heights[found[1]] for word in words if (found := _SYMBOL.fullmatch(word))), default=0.0)


def write(tree: Node, random: Random, layout: str) -> str:
    """Return the tree's text in one of the lay-outs, with its keywords in one case or the other."""
    words = list(tree.words())
    separators = LAYOUTS[layout]
    recase = str if layout == "plain" else random.choice((str, str.lower, str.upper))
    text = words[:1]
    for word in words[1:]:
        text += (random.choice(separators), recase(word) if word.isalpha() and word.isupper() else word)
    return "".join(text)
