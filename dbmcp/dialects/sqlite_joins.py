"""What SQLite's authorizer is not asked: the columns that a join by USING or NATURAL compares, and a FULL JOIN shows.

SQLite makes these itself, after it has asked about the columns of the text, and nothing in its answers tells that they
are read: `SELECT content FROM vault FULL JOIN (SELECT 1 AS content) USING (content)` would show a table that is closed.
So under a policy a statement with such a join may not name what is closed. It is judged by its text, for names of
SQLite's know no escapes but doubled quotes; whatever may be a name counts, in literals and comments as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_JOINS = re.compile(r"\b(?:natural|using)\b", re.IGNORECASE)
_MAIN = re.compile(r"(?<!\w)main(?!\w)")
# SQLite's own tables that are shut under a policy, or everywhere.
_OWN = r"sqlite_\w*|pragma_\w*|dbstat"


def joins_unasked(text: str) -> bool:
    """Say whether a text may have a join that SQLite compares columns for by itself."""
    return _JOINS.search(text) is not None


def unquoted(text: str) -> str:
    """Return a text with each row of quotes as a single one, in one case: names are found in any quotes."""
    return re.sub(r"(['\"`])\1+", r"\1", text).casefold()


def named(names: Iterable[str]) -> str:
    """Return the pattern of the names, as `unquoted` leaves them in a text."""
    return "|".join(sorted(re.escape(unquoted(name)) for name in names))


# A policy has few tables, and a connection is made for one policy.
@dataclass(frozen=True)
class UnaskedJoins:
    """Which names a statement with such a join may not hold: `shut` none of these, `governed` none beside `main`.

    A governed table's bare name means the policy's view, of which everything may be compared.
    """

    shut: frozenset[str] = frozenset()
    governed: frozenset[str] = frozenset()

    @cached_property
    def _shut(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{'|'.join(filter(None, (_OWN, named(self.shut))))})(?!\w)")

    @cached_property
    def _governed(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{named(self.governed)})(?!\w)")

    def forbid(self, sql: str) -> bool:
        """Say whether a statement may compare, or show, columns that nobody is asked about."""
        if not joins_unasked(sql):
            return False
        text = unquoted(sql)
        if self._shut.search(text):
            return True
        return bool(self.governed) and _MAIN.search(text) is not None and self._governed.search(text) is not None
