"""One attack on one engine under some locks, and what it left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.corpus import Case

OPEN = "no lock"
ALL = "all locks"

# What the form of a statement does. Everything else is done by a function, an operator or a relation that it names.
_BY_STATEMENT = frozenset(
    {"many_statements", "write", "not_a_query", "select_into", "row_lock", "parameter", "syntax_error",
    "bad_character", "unsupported"}
)  # fmt: skip
# Not run: a bomb is about the guard's parsers, and an empty text is nothing to run.
NOT_RUN = frozenset({"parser-bomb", "empty"})


@dataclass(frozen=True, slots=True)
class Attack:
    """A case of the corpora as it is run: its text names files of the scratch folder only."""

    case: Case
    text: str

    @property
    def is_by_statement(self) -> bool:
        """Say whether the form of the statement is the attack, and not what it calls or names."""
        return self.case.code in _BY_STATEMENT

    @property
    def may_escape(self) -> bool:
        """Say whether the attack is on the text that dbmcp puts round a statement, and needs it to be there."""
        return self.case.klass == "wrapper-escape"


@dataclass
class Result:
    """What became of one attack: lock set → the effects it had, in words; and whether it ran to its end there."""

    place: str
    klass: str
    by_statement: bool
    effects: dict[str, list[str]] = field(default_factory=dict)
    ran: dict[str, bool] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Say whether the attack has an effect where nothing stops it."""
        return bool(self.effects.get(OPEN))

    def is_stopped(self, locks: str) -> bool:
        """Say whether it had no effect under these locks; not run under them means that it needs no stopping."""
        return not self.effects.get(locks)


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Return the names under which two states differ."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
