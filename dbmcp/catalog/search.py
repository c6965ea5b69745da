"""Find relations by what a person would call them: names and comments of tables and columns, enum labels."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbmcp.catalog.model import Catalog, Relation

_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
# How much a hit counts, by where it is found.
_TABLE, _COLUMN, _TABLE_COMMENT, _COLUMN_COMMENT, _LABEL = 8.0, 3.0, 3.0, 1.5, 1.5
_NEAR = 0.82
# So few tables are shown with their columns at once, which saves the caller a second call.
FEW = 5
# A question is longer than this only by mistake, and every word is held against every column.
MAX_PATTERN, MAX_WORDS = 300, 20


def words(text: str) -> list[str]:
    """Split at case changes, underscores and signs; lower-case, singular."""
    return [_singular(word.lower()) for word in _WORD.findall(text)]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def search(catalog: Catalog, pattern: str) -> list[Relation]:
    """Return the relations that match, best first; all of them, in the catalog's order, for an empty pattern."""
    wanted = list(dict.fromkeys(words(pattern)))[:MAX_WORDS]
    if not wanted:
        return list(catalog.listed)
    scored = [(score, relation) for relation in catalog.listed if (score := _score(relation, wanted)) > 0]
    scored.sort(key=lambda item: (-item[0], item[1].schema, item[1].name))
    return [relation for _, relation in scored]


def _score(relation: Relation, wanted: list[str]) -> float:
    places = [(_TABLE, words(relation.name)), (_TABLE_COMMENT, words(relation.comment or ""))]
    if relation.schema not in ("public", "main"):
        places.append((_TABLE_COMMENT, words(relation.schema)))
    for column in relation.readable_columns:
        places.append((_COLUMN, words(column.name)))
        places.append((_COLUMN_COMMENT, words(column.comment or "")))
        places.append((_LABEL, [word for label in column.labels for word in words(label)]))
    best = [max(weight * hit(word, found) for weight, found in places) for word in wanted]
    # A table that answers to more of the words comes before one that answers loudly to a single one.
    answered = sum(1 for score in best if score > 0)
    return sum(best) * answered / len(wanted)


def hit(word: str, found: list[str]) -> float:
    """Return 1 for the word itself (a little less among many others), less for a part of a word or a near one."""
    best = 0.0
    for candidate in found:
        if candidate == word:
            return 1.0 + 0.5 / len(found)
        if len(word) >= 3 and (candidate.startswith(word) or word in candidate):
            best = max(best, 0.6)
        elif len(word) > 3 and abs(len(candidate) - len(word)) <= 2:
            ratio = SequenceMatcher(None, word, candidate).ratio()
            if ratio >= _NEAR:
                best = max(best, ratio * 0.7)
    return best
