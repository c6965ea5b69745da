"""Statements, damaged: words dropped, doubled, swapped; two spliced; bytes and signs changed. And mere noise."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from tests import corpus

_WORD = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|\s+|.", re.DOTALL)
# What makes one text look like another, or ends what was begun.
_ODD = ("'", '"', "`", "\\", ";", "--", "/*", "*/", "$$", "$a$", "E'", "U&'", 'U&"', "\x00", "\u202e", "\u200b",
"\ufeff", "\u00a0",
        "\u2028", "\uff07", "\u02bc", "ſ", "K", "İ", "\ud800", "(", ")", "[", "]", "::", ".", ",", "#", "?", "$1",
        ":x", "@",
        "\x0b", "\x0c", "\r", "\x1a", "\x85", "🎉", "¡", "/*!", "{", "}", "|", "&", "\\;", "+", "-", "/",
        "*")  # fmt: skip
_VERBS = ("DELETE FROM t", "FOR UPDATE", "INTO z", "pg_sleep(1)", "load_extension('x')", "; DROP TABLE t", "WITH",
"SELECT", "AS",
          "FROM", "RETURNING *", "UNION", "VALUES (1)", "pragma_user_version", "pg_authid", "::regproc",
          "LATERAL")  # fmt: skip


@cache
def statements(dialect: str) -> tuple[str, ...]:
    """Return the texts of the dialect's corpora, both kinds."""
    cases = [case for kind in corpus.KINDS for case in corpus.statements(dialect, kind)]
    return tuple(case.text for case in cases if len(case.text) <= 4_000)


def pick(dialect: str, random: Random) -> str:
    """Return one statement of the corpora."""
    return random.choice(statements(dialect))


def mutate(text: str, dialect: str, random: Random) -> str:
    """Return a statement with one to four changes."""
    for _ in range(random.choice((1, 1, 2, 2, 3, 4))):
        text = random.choice(_CHANGES)(text, dialect, random)
    return text


def _drop(text: str, _dialect: str, random: Random) -> str:
    words = _words(text)
    first = random.randrange(len(words))
    return "".join(words[:first] + words[first + random.choice((1, 1, 2, 5)) :])


def _double(text: str, _dialect: str, random: Random) -> str:
    words = _words(text)
    first = random.randrange(len(words))
    last = min(first + random.choice((1, 2, 8)), len(words))
    return "".join(words[:last] + words[first:last] * random.choice((1, 1, 3)) + words[last:])


def _swap(text: str, _dialect: str, random: Random) -> str:
    words = _words(text)
    one, other = random.randrange(len(words)), random.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return "".join(words)


def _splice(text: str, dialect: str, random: Random) -> str:
    """Put a piece of one statement in a place of another."""
    words, others = _words(text), _words(random.choice(statements(dialect)))
    at, begin = random.randrange(len(words) + 1), random.randrange(len(others))
    piece = others[begin : begin + random.choice((1, 3, 9, 40))]
    return "".join([*words[:at], " ", *piece, " ", *words[at + random.choice((0, 0, 1, len(words))) :]])


def _insert(text: str, _dialect: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(_ODD) + text[at:]


def _insert_verb(text: str, _dialect: str, random: Random) -> str:
    words = _words(text)
    words.insert(random.randrange(len(words) + 1), f" {random.choice(_VERBS)} ")
    return "".join(words)


def _flip_byte(text: str, _dialect: str, random: Random) -> str:
    """Change one byte of the UTF-8 text; what is no UTF-8 then becomes a lone surrogate."""
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    if raw:
        raw[random.randrange(len(raw))] = random.randrange(256)
    return bytes(raw).decode("utf-8", "surrogateescape")


def _recase(text: str, _dialect: str, random: Random) -> str:
    return random.choice((text.upper(), text.lower(), text.swapcase(), text.title()))


def _cut(text: str, _dialect: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return random.choice((text[:at], text[at:]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text) or [" "]


_CHANGES: tuple[Callable[[str, str, Random], str], ...] = (
    _drop, _drop, _double, _swap, _splice, _splice, _insert, _insert, _insert_verb, _flip_byte, _recase, _cut,
)  # fmt: skip


def noise(dialect: str, random: Random) -> str:
    """Return what is hardly SQL: a soup of words of the corpora, bytes, signs of all of Unicode."""
    length = random.choice((1, 3, 10, 30, 200, 1_000))
    kind = random.randrange(4)
    if kind == 0:
        return random.randbytes(length).decode("latin-1")
    if kind == 1:
        return "SELECT " + "".join(
            chr(random.choice((random.randrange(128), random.randrange(0x110000)))) for _ in range(length)
        )
    if kind == 2:
        return "SELECT " + "".join(random.choice(_ODD + _VERBS) for _ in range(min(length, 60)))
    words = _words(" ".join(random.choice(statements(dialect)) for _ in range(4)))
    return "SELECT " + " ".join(random.choice(words) for _ in range(min(length, 80)))
