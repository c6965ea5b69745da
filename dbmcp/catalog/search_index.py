"""Which words stand where in a catalog: built once for a snapshot, in slices, on a thread beside that of requests."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from dbmcp.catalog.slices import Slices
from dbmcp.catalog.words import likeness, spellings, stem, synonyms, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dbmcp.catalog.model import Catalog, Relation

# How much a word counts, by where it stands. A key's column speaks of another table.
_NAME, _COLUMN, _KEY, _COMMENT, _SCHEMA, _COLUMN_COMMENT, _LABEL = 8.0, 3.0, 2.0, 4.0, 2.5, 1.5, 2.0
# How much another word counts than the one that was said.
_SYNONYM, _STEM, _BEGINNING, _END, _NEAR, _SHORT, _PIECE = 0.8, 0.9, 0.6, 0.5, 0.7, 0.55, 0.7
# From here on a word is the one that was said, in another form.
_SURE = 0.7
_LONGEST_LABELS, _LONGEST_TEXT, _CLOSEST, _INBOUND = 50, 400, 15, 200
_VIEWS = ("view", "materialized view")


class SearchIndex:
    """The words of the relations that a caller may choose from; a relation is its place in `relations`."""

    def __init__(self, catalog: Catalog) -> None:
        self.relations = catalog.listed
        self._breathe = Slices().breathe
        # Columns of one name are many.
        self._split: dict[str, tuple[str, ...]] = {}
        # Word → relation → the weight of the best place; for names, the words of a name.
        self._places: dict[str, dict[int, float]] = defaultdict(dict)
        self._names: dict[str, dict[int, float]] = defaultdict(dict)
        self._name_words: list[tuple[str, ...]] = []
        for number, relation in enumerate(self.relations):
            self._add(catalog, number, relation)
            self._breathe()
        self._add_pieces()
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for word in self._vocabulary:
            self._by_stem[stem(word)].append(word)
            self._breathe()
        self._masses = [self._mass(name) for name in self._name_words]
        self._by_pair = self._paired()
        self._by_letter = self._short()
        self._around = self._neighbours()
        # Every word with a line end before and behind it: what holds a text is found by the search of texts.
        self._all = "\n" + "\n".join(self._vocabulary) + "\n"

    def _spelt(self, text: str) -> tuple[str, ...]:
        """Return the words of a text in every spelling."""
        found = self._split.get(text)
        if found is None:
            spelt = (spelling for word in words(text[:_LONGEST_TEXT]) for spelling in spellings(word))
            found = self._split[text] = tuple(dict.fromkeys(spelt))
        return found

    def _add(self, catalog: Catalog, number: int, relation: Relation) -> None:
        name = tuple(words(relation.name))
        self._name_words.append(name)
        for word in name:
            for spelling in spellings(word):
                self._names[spelling][number] = 1.0
        if len(name) > 1:
            # What is written in one word by whoever asks.
            self._names["".join(name)][number] = float(len(name))
        keys = {column for key in relation.foreign_keys for column in key.columns}
        self._note(number, relation.comment, _COMMENT)
        if relation.schema != catalog.default_schema:
            self._note(number, relation.schema, _SCHEMA)
        for column in relation.readable_columns:
            self._note(number, column.name, _KEY if column.name in keys else _COLUMN)
            self._note(number, column.comment, _COLUMN_COMMENT)
            for label in column.labels[:_LONGEST_LABELS]:
                self._note(number, label, _LABEL)
            self._breathe()

    def _note(self, number: int, text: str | None, weight: float) -> None:
        for word in self._spelt(text) if text else ():
            places = self._places[word]
            if weight > places.get(number, 0.0):
                places[number] = weight

    def _add_pieces(self) -> None:
        """Find the words that are two others written together, and let them be found by either."""
        known = dict.fromkeys(word for word in (*self._names, *self._places) if len(word) > 2)
        for word in [word for word in known if len(word) > 6]:
            pieces = [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)]
            for pair in pieces:
                if pair[0] in known and pair[1] in known:
                    self._add_piece(pair[0], word)
                    self._add_piece(pair[1], word)
            self._breathe()

    def _add_piece(self, piece: str, word: str) -> None:
        for places in (self._names, self._places):
            for number, weight in places.get(word, {}).items():
                places[piece].setdefault(number, weight * _PIECE)

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._names, *self._places)))

    def _mass(self, name: tuple[str, ...]) -> float:
        self._breathe()
        return sum(self._rarity(self._names[word]) for word in name) or 1.0

    def _rarity(self, places: dict[int, float]) -> float:
        """Return 1 for what a single relation says, and close to 0 for what all of many do."""
        count = len(self.relations)
        return log(1 + count / max(len(places), 1)) / log(1 + count) if count else 0.0

    def hits(self, word: str) -> tuple[dict[int, float], dict[int, float]]:
        """Return how loudly each relation speaks of a word, and what share of their names it is."""
        louds: dict[int, float] = {}
        shares: dict[int, float] = {}
        for other, strength in self._meant(word).items():
            if names := self._names.get(other):
                rarity = self._rarity(names)
                most = 1.0 if strength >= _SURE else strength
                for number, count in names.items():
                    share = min(rarity * count / self._masses[number], 1.0) * most
                    if share > shares.get(number, 0.0):
                        shares[number] = share
                    loud = strength * _NAME * rarity * (0.5 + 0.5 * share)
                    if loud > louds.get(number, 0.0):
                        louds[number] = loud
            if places := self._places.get(other):
                rarity = strength * self._rarity(places)
                for number, weight in places.items():
                    if rarity * weight > louds.get(number, 0.0):
                        louds[number] = rarity * weight
        return louds, shares

    def _meant(self, word: str) -> dict[str, float]:
        """Return the words of the catalog that may be meant by one, and how surely."""
        found: dict[str, float] = {}

        def note(other: str, strength: float) -> None:
            if (other in self._names or other in self._places) and strength > found.get(other, 0.0):
                found[other] = strength

        for spelling in spellings(word):
            note(spelling, 1.0)
        for other in self._by_stem.get(stem(word), ()):
            note(other, _STEM)
        for synonym in synonyms().get(word, ()):
            note(synonym, _SYNONYM)
            for other in self._by_stem.get(stem(synonym), ()):
                note(other, _SYNONYM * _STEM)
        is_known = bool(found)
        for other in self._holding(word):
            part = (len(word) / len(other)) ** 0.5
            note(other, (_BEGINNING if other.startswith(word) else _END) * part)
        if not is_known:
            for other, strength in self._near(word):
                note(other, strength)
        return found

    def _holding(self, word: str) -> Iterator[str]:
        """Return the words that begin with a word, or end with it where that is no accident of a few letters."""
        for mark, shortest in ((f"\n{word}", 3), (f"{word}\n", 6)):
            place = self._all.find(mark) if len(word) >= shortest else -1
            while place >= 0:
                start = self._all.rfind("\n", 0, place + 1) + 1
                end = self._all.find("\n", max(start, place + 1))
                yield self._all[start:end]
                place = self._all.find(mark, end)

    def _near(self, word: str) -> Iterator[tuple[str, float]]:
        """Return what is meant by a word that stands nowhere: mistyped, or a short form of it."""
        pairs = _pairs(word)
        shared = Counter(other for pair in sorted(pairs) for other in self._by_pair.get(pair, ()))
        for other, count in shared.most_common(_CLOSEST):
            if count >= 0.4 * len(pairs):
                yield other, _NEAR * likeness(word, other)
        for other in self._by_letter.get(word[:1], ()):
            if len(other) <= 0.6 * len(word) and _is_short_for(other, word):
                yield other, _SHORT

    def _paired(self) -> dict[str, list[str]]:
        """Return the words that hold each pair of letters."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._vocabulary:
            if len(word) > 3:
                for pair in _pairs(word):
                    found[pair].append(word)
            self._breathe()
        return found

    def _short(self) -> dict[str, list[str]]:
        """Return the words that may be short for others, by their first letter."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._vocabulary:
            if 3 <= len(word) <= 5:
                found[word[0]].append(word)
            self._breathe()
        return found

    def _neighbours(self) -> list[list[int]]:
        """Return, for each relation, those that it points to, and some of those that point to it."""
        places = {relation.key: number for number, relation in enumerate(self.relations)}
        around: list[list[int]] = [[] for _ in self.relations]
        for number, relation in enumerate(self.relations):
            for key in relation.foreign_keys:
                target = places.get(key.target) if key.target is not None else None
                if target is not None:
                    around[number].append(target)
                    if len(around[target]) < _INBOUND:
                        around[target].append(number)
            self._breathe()
        return around

    @cached_property
    def views(self) -> frozenset[int]:
        """Return the places of views."""
        return frozenset(number for number, item in enumerate(self.relations) if item.kind in _VIEWS)

    def schema_of(self, number: int) -> str:
        """Return the schema of a relation."""
        return self.relations[number].schema

    def is_offshoot(self, number: int, other: int) -> bool:
        """Say whether a relation is called as another one of its schema, and more."""
        name, beginning = self._name_words[number], self._name_words[other]
        return name[: len(beginning)] == beginning and self.schema_of(number) == self.schema_of(other)

    def neighbours(self, number: int) -> set[int]:
        """Return the relations that foreign keys join to one, or some of them where they are very many."""
        return set(self._around[number])


def _pairs(word: str) -> set[str]:
    return {word[place : place + 2] for place in range(len(word) - 1)}


def _is_short_for(short: str, word: str) -> bool:
    """Say whether a word begins as another does and then leaves letters out, all its vowels among them."""
    letters: Iterable[str] = iter(word)
    return not set("aeiou") & set(short[1:]) and all(letter in letters for letter in short)
