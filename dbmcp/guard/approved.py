"""The one thing a database runs: a statement that the guard has understood and passed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApprovedQuery:
    """A single read. Made by `dbmcp.guard.approve` and by nothing else; `database.fetch` accepts nothing else.

    `text` is the caller's own text, never text that a parser printed, less a closing semicolon.
    """

    text: str
    dialect: str
    relations: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    # A star or a whole row takes its columns from the table: what was learnt of them grows old.
    has_star: bool = True
    # The policy views the text reads instead of tables: a WITH clause that goes before what is run.
    prelude: str = ""
    # How many placeholders the text may have: it runs with so many values, and not without them.
    parameters: int = 0
    # A name after a dot may be a function, for all that the text says: `(x).f` and `t.f`; so may new grammar.
    has_attributes: bool = False
