"""The words of names and questions: split, in the singular, by their stem, and what else says the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from unicodedata import normalize

_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_CAPITALS = re.compile(r"[^\W_]+")
_NEAR = 0.82

# Words that every question has and no table is about.
EMPTY = frozenset(
    """a about after all also an and any are as ask at be been before between by can did do does each every find for
    from get give had has have how i if in into is it its list many me more most much my never no not of on only or
    our out per please query show so some such tell than that the their them then there these they this those through
    to top under up us was we were what when where which who whom whose why with without you your
    am aus bei das dem den der des die ein eine einem einen einer es hat im ist mit nach sind und von wer wie wo zu
    """.split()
)
# Words that a question has for many reasons besides the name that they may be.
FAINT = frozenset("number count total amount id name date day list table column data value least best long".split())


def words(text: str) -> list[str]:
    """Split at case changes, underscores and signs; lower-case, singular."""
    if not text.isascii():
        # The pattern knows the capitals of ASCII alone.
        text = _CAPITALS.sub(lambda found: found[0].lower() if found[0].isupper() else found[0], text)
    return [singular(word.lower()) for word in _WORD.findall(text)]


# What the endings below would get wrong.
_SINGULARS = {
    **{f"{word}s": word for word in ("calorie", "cookie", "eye", "lie", "movie", "pie", "selfie", "tie", "zombie")},
    **{word: word for word in ("gas", "series", "species")},
    "children": "child",
    "feet": "foot",
    "men": "man",
    "mice": "mouse",
    "women": "woman",
    "people": "person",
    "indices": "index",
    "criteria": "criterion",
    "statuses": "status",
    "bonuses": "bonus",
}


def singular(word: str) -> str:
    """Return an English word in the singular, as far as its ending tells."""
    if word in _SINGULARS:
        return _SINGULARS[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


# Of words in the singular. Behind each, how many letters must be left.
_ENDINGS = (
    ("ation", 4), ("ment", 3), ("ing", 3), ("ion", 5), ("al", 4), ("ed", 3), ("en", 4),
)  # fmt: skip
_VOWELS = set("aeiouyäöüáéíóúàèù")


def stem(word: str) -> str:
    """Return what forms of one word have in common: `rental`, `renting` and `rents` are `rent`."""
    for ending, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left and _VOWELS & set(word[: -len(ending)]):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"})


def spellings(word: str) -> tuple[str, ...]:
    """Return a word as it is and as keyboards without its accents write it: `größe`, `groesse`, `grosse`."""
    if word.isascii():
        return (word,)
    bare = "".join(sign for sign in normalize("NFKD", word.replace("ß", "ss")) if not "\u0300" <= sign <= "\u036f")
    return tuple(dict.fromkeys((word, word.translate(_UMLAUTS), bare)))


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return, for a word in the singular, those that mean the same, and those that it or they are short for."""
    found: dict[str, dict[str, None]] = {}
    for line in (Path(__file__).parent / "synonyms.txt").read_text("utf-8").splitlines():
        group = list(dict.fromkeys(singular(word) for word in line.partition("#")[0].split()))
        for word in group:
            found.setdefault(word, {}).update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(others) for word, others in found.items()}


def likeness(word: str, other: str) -> float:
    """Return how alike two words are that may be one, mistyped: 0 to 1; 0 for what is no slip."""
    if len(word) <= 3 or abs(len(other) - len(word)) > 2:
        return 0.0
    ratio = SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= _NEAR else 0.0


def hit(word: str, found: list[str]) -> float:
    """Return 1 for the word itself (a little less among many others), less for a part of a word or a near one."""
    best = 0.0
    for candidate in found:
        if candidate == word:
            return 1.0 + 0.5 / len(found)
        if len(word) >= 3 and (candidate.startswith(word) or word in candidate):
            best = max(best, 0.6)
        else:
            best = max(best, likeness(word, candidate) * 0.7)
    return best
