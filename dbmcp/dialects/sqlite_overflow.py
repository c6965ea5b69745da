"""Calls that would give NULL in place of an error where their result is too long for SQLite.

Older versions do so for printf() and format(), and all so far for geopoly_json() and geopoly_svg(). Each call in a
statement is written `ifnull(printf(…),zeroblob(…))` with a length that no value may have: what would be NULL is the
engine's own error then. NULL for a format that is NULL stays, and columns keep their names. Calls in views and other
definitions of the file are not reached; they are told by their number in the program that SQLite makes of a statement.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from typing import Any

from dbmcp.dialects.sqlite_work import TOKEN, plain
from dbmcp.errors import QueryFailed

# What each makes of too little room, and what is NULL when its result may be.
_SILENT = {
    "printf": ("printf('%200d', 1)", "({first})"),
    "format": ("format('%200d', 1)", "({first})"),
    "geopoly_json": ("geopoly_json(geopoly_regular(0, 0, 1, 9))", "geopoly_blob({first})"),
    "geopoly_svg": ("geopoly_svg(geopoly_regular(0, 0, 1, 9))", "geopoly_blob({first})"),
}
_MENTIONED = re.compile("printf|format|geopoly_", re.IGNORECASE)
# SQLite's own limit on the length of a value is a billion.
_TOO_LONG = 2_147_483_647

Token = re.Match[str]


@cache
def silent_functions() -> Mapping[str, str]:
    """Return the functions of this SQLite that give NULL for what is too long, with what is NULL when that is right."""
    found = {}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100)
        for name, (trial, null) in _SILENT.items():
            with suppress(sqlite3.Error):
                if connection.execute(f"SELECT {trial}").fetchone() == (None,):
                    found[name] = null
    return found


class Loud:
    """A statement in which no call gives NULL for what is too long; `text` is what runs."""

    def __init__(self, sql: str, silent: Mapping[str, str]) -> None:
        """Read the text.

        Raises:
            QueryFailed: it reads a column by the text of a call that it was made by.
        """
        self.text = sql
        self._mark = ""
        self._fails = "randomblob" if "zeroblob" in sql.lower() else "zeroblob"
        if not silent or not _MENTIONED.search(sql):
            return
        # Nothing of the caller's may look like what is put in.
        self._mark = "/*" + "~" * (1 + max((len(run) for run in re.findall("~+", sql)), default=0)) + "*/"
        tokens = [found for found in TOKEN.finditer(sql) if found.lastgroup]
        calls = _calls(tokens, silent)
        edits: list[tuple[int, str]] = []
        for start, first, end in calls:
            name = plain(tokens[start].group())
            edits.append((tokens[start].start(), f"ifnull({self._mark}"))
            edits.append((end, self._closing(silent[name].format(first=first) if first else "")))
        _check_names(tokens, [sql[tokens[start].start() : end] for start, _, end in calls])
        pieces, at = [], 0
        for place, piece in sorted(edits, key=lambda edit: edit[0]):
            pieces += [sql[at:place], piece]
            at = place
        self.text = "".join([*pieces, sql[at:]])

    def _closing(self, null: str) -> str:
        fails = f"{self._fails}({_TOO_LONG})"
        otherwise = f"CASE WHEN {null} IS NOT NULL THEN {fails} END" if null else fails
        return f",{self._mark}{otherwise}{self._mark})"

    def name(self, shown: str) -> str:
        """Return the name of a column as SQLite gives it to the caller's own text."""
        mark = re.escape(self._mark)
        return re.sub(rf"ifnull\({mark}|,{mark}.*?{mark}\)", "", shown, flags=re.DOTALL)

    def leaves(self, calls: Counter[str], silent: Mapping[str, str]) -> bool:
        """Say whether a program, by the calls it makes, has such calls out of the file's own definitions."""
        return sum(calls[name] for name in silent) > calls[self._fails]


class Cursor(sqlite3.Cursor):
    """A cursor that names the columns as the caller's text does."""

    loud: Loud | None = None

    @property
    def description(self) -> Any:
        """What sqlite3's own cursor has here."""
        found = super().description
        return found and tuple((self.loud.name(item[0]) if self.loud else item[0], *item[1:]) for item in found)


def _calls(tokens: Sequence[Token], silent: Mapping[str, str]) -> list[tuple[int, str, int]]:
    """Return the calls: the token of each name, the first argument where that may be NULL, and where the call ends."""
    found = []
    words = [token.group().lower() for token in tokens]
    for opening, comma, closing_at in _lists(words):
        named = opening - 1
        if named < 0 or tokens[named].lastgroup != "name" or plain(words[named]) not in silent:
            continue
        # `printf(a) AS (…)` is a query with a name, and printf() is NULL by right.
        if closing_at == opening + 1 or _is_query(words[closing_at + 1 : closing_at + 5]):
            continue
        until = comma or closing_at
        is_text = until == opening + 2 and tokens[opening + 1].lastgroup == "literal"
        first = "" if is_text else tokens[0].string[tokens[opening].end() : tokens[until].start()]
        found.append((named, first, tokens[closing_at].end()))
    return found


def _lists(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield where each list in parentheses is opened, has its first comma (0 for none), and is closed."""
    open_lists: list[list[int]] = []
    for place, word in enumerate(words):
        if word == "(":
            open_lists.append([place, 0])
        elif word == "," and open_lists:
            open_lists[-1][1] = open_lists[-1][1] or place
        elif word == ")" and open_lists:
            opening, comma = open_lists.pop()
            yield opening, comma, place


def _is_query(words: Sequence[str]) -> bool:
    return words[:1] == ["as"] and any(
        list(words[1 : len(how) + 1]) == how for how in (["("], ["materialized", "("], ["not", "materialized", "("])
    )


def _check_names(tokens: Sequence[Token], calls: Sequence[str]) -> None:
    """Refuse to read a column by the text of a call: SQLite names it so, and that text is another one now."""
    quoted = {plain(found.group()) for found in tokens if found.lastgroup == "name" and "(" in found.group()}
    if any(call in name for call in {call.lower() for call in calls} for name in quoted):
        raise QueryFailed("A column has the text of a call as its name.", hint="Name it: printf(…) AS name.")
