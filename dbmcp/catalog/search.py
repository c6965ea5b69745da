"""Find relations by what a person would call them: names and comments of tables and columns, enum labels."""

from __future__ import annotations

import re
from fnmatch import translate
from heapq import nlargest
from typing import TYPE_CHECKING

from dbmcp.catalog.derived import derived
from dbmcp.catalog.search_index import SearchIndex
from dbmcp.catalog.words import EMPTY, FAINT, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dbmcp.catalog.model import Catalog, Relation

# A question is longer than this only by mistake.
MAX_PATTERN, MAX_WORDS = 300, 20
_FAINT = 0.3
_STAR, _SHOWN = "*", 100
# Relations that are put in order one by one, so that the first ones answer to different words; the rest by score.
_CHOSEN, _CANDIDATES, _BEST_OF_WORD = 10, 60, 5
# How much the place of a relation counts: in the schema of the first one, joined to one that is chosen, or called as
# one that is chosen with more words that nobody asked for; and that it is a view.
_SAME_SCHEMA, _NEIGHBOUR, _OFFSHOOT, _VIEW = 1.15, 1.2, 0.35, 0.85
# What scores so much less than the best answers to something else.
_CUT = 0.2


def search(catalog: Catalog, pattern: str) -> list[Relation]:
    """Return the relations that match, best first.

    All of them, in the catalog's order, for a pattern without a word; those whose name fits, for one with a star.
    """
    if _STAR in pattern and words(pattern):
        return _fitting(catalog, pattern.strip())
    said = list(dict.fromkeys(words(pattern)))
    wanted = ([word for word in said if word not in EMPTY and len(word) > 1] or said)[:MAX_WORDS]
    if not wanted:
        return list(catalog.listed)
    index = derived(catalog, SearchIndex)
    return [index.relations[number] for number in _Ranking(index, wanted).order()]


def is_question(pattern: str) -> bool:
    """Say whether a pattern is words to search by, and no star or nothing."""
    return _STAR not in pattern and bool(words(pattern))


def shown(pattern: str) -> str:
    """Return a pattern to be told of, where nothing answers to it."""
    return pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}…"


def _fitting(catalog: Catalog, pattern: str) -> list[Relation]:
    fits = re.compile(translate(pattern.replace("[", "[[]")), re.IGNORECASE).match
    return [item for item in catalog.listed if fits(f"{item.schema}.{item.name}") or fits(item.name)]


class _Ranking:
    """The relations that answer to some words, and how well."""

    def __init__(self, index: SearchIndex, wanted: Iterable[str]) -> None:
        self._index = index
        hits = [(index.hits(word), _FAINT if word in FAINT else 1.0) for word in wanted]
        # A word that stands nowhere says nothing of any relation.
        self._hits = [(found, weight) for found, weight in hits if found[0]]
        self._factors: dict[int, float] = {}
        self._scores = self._scored()

    def _scored(self) -> dict[int, float]:
        loud: dict[int, float] = {}
        shares: dict[int, float] = {}
        answered: dict[int, float] = {}
        for (louds, named), weight in self._hits:
            for number, value in louds.items():
                loud[number] = loud.get(number, 0.0) + value * weight
                answered[number] = answered.get(number, 0.0) + weight
            for number, value in named.items():
                shares[number] = shares.get(number, 0.0) + value
        asked = sum(weight for _, weight in self._hits)
        views = self._index.views
        for number, part in answered.items():
            share = min(shares.get(number, 0.0), 1.0)
            # What answers to more of the words, and whose name says little else, comes first.
            factor = (0.3 + 0.7 * max(part / asked, 0.8 * share)) * (0.6 + 0.4 * share)
            self._factors[number] = factor * _VIEW if number in views else factor
        return {number: value * self._factors[number] for number, value in loud.items()}

    def order(self) -> list[int]:
        """Return the places of the relations, best first."""
        if not self._scores:
            return []
        least = max(self._scores.values()) * _CUT
        kept = [(-score, number) for number, score in self._scores.items() if score >= least]
        ranked = [number for _, number in sorted(kept)]
        chosen = self._chosen(ranked)
        return [*chosen, *(number for number in ranked if number not in chosen)]

    def _candidates(self, ranked: list[int]) -> dict[int, list[tuple[int, float]]]:
        """Return relations that may come first, with the words that each answers to, by place, and how loudly."""
        chosen = dict.fromkeys(ranked[:_CANDIDATES])
        # The best of each word too, which may be far behind those that answer to several.
        for (louds, _), _ in self._hits:
            chosen.update(dict.fromkeys(nlargest(_BEST_OF_WORD, louds, key=louds.__getitem__)))
        return {
            number: [
                (place, louds[number] * weight * self._factors[number])
                for place, ((louds, _), weight) in enumerate(self._hits)
                if number in louds
            ]
            for number in chosen
        }

    def _chosen(self, ranked: list[int]) -> list[int]:
        """Return the first ones: after each, what it answers counts less, and what is near to it counts more."""
        left = [1.0] * len(self._hits)
        candidates = self._candidates(ranked)
        nearness = dict.fromkeys(candidates, 1.0)
        chosen: list[int] = []
        while candidates and len(chosen) < _CHOSEN:
            best = max(
                candidates,
                key=lambda number: (
                    sum(value * left[place] for place, value in candidates[number]) * nearness[number],
                    -number,
                ),
            )
            if not chosen:
                for number in candidates:
                    nearness[number] *= (
                        _SAME_SCHEMA if self._index.schema_of(number) == self._index.schema_of(best) else 1
                    )
            del candidates[best]
            chosen.append(best)
            for number in self._index.neighbours(best):
                if number in candidates:
                    nearness[number] *= _NEIGHBOUR
            for number in candidates:
                if self._index.is_offshoot(number, best):
                    nearness[number] *= _OFFSHOOT
            for place, ((louds, shares), _) in enumerate(self._hits):
                if best in louds:
                    left[place] *= 0.9 - 0.5 * min(shares.get(best, 0.0), 1.0)
        return chosen
