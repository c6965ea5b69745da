"""The inputs of a run, each made from the run's seed and its own number alone: any of them can be made again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fuzz import bombs, mutations, postgresql_reads, sqlite_reads
from tests.fuzz.disguises import disguise
from tests.fuzz.grammar import LAYOUTS, write

DIALECTS = ("postgresql", "sqlite")
ALLOW, REFUSE, EITHER = "allow", "refuse", "either"

# A value that stands in literals only; no refusal may repeat it.
SECRET = "hunter2"

_GRAMMARS = {"postgresql": postgresql_reads.GRAMMAR, "sqlite": sqlite_reads.GRAMMAR}


@dataclass(frozen=True, slots=True)
class Input:
    """One text for the guard. `expected` is `allow` only for what the engine itself takes."""

    kind: str
    dialect: str
    text: str
    expected: str = EITHER
    # What of a disguise is dangerous: a reproduction without it shows nothing.
    core: str = ""

    @property
    def may_hold_secrets(self) -> bool:
        """Say whether every SECRET in the text is known to stand in a literal."""
        return self.kind in {"read", "disguise"}


def make(seed: int, number: int) -> Input:
    """Return the input of this number in the run with this seed."""
    if number < len(_PLAIN_BOMBS):
        construct, size, dialect = _PLAIN_BOMBS[number]
        return Input("bomb", dialect, construct.text(size))
    random = Random(f"{seed}/{number}")
    dialect = random.choices(DIALECTS, (2, 1))[0]
    kind = random.choices(list(_KINDS), _WEIGHTS)[0]
    return _KINDS[kind](dialect, random)


def make_read(dialect: str, random: Random) -> Input:
    """Return a read of the grammar."""
    layout = random.choice(list(LAYOUTS))
    text = write(_GRAMMARS[dialect].grow("statement", random), random, layout)
    # sqlglot, SQLite's only reader, takes no comment within ORDER BY and the like.
    allowed = dialect == "postgresql" or layout != "commented"
    return Input("read", dialect, text, ALLOW if allowed else EITHER)


def make_disguise(dialect: str, random: Random) -> Input:
    """Return a write that looks like a read."""
    text = write(disguise(dialect, random), random, random.choice(list(LAYOUTS)))
    before, core, after = re.split("[\ue000\ue001]", text)
    return Input("disguise", dialect, before + core + after, REFUSE, core.strip())


def make_mutation(dialect: str, random: Random) -> Input:
    """Return a statement of the corpora, or of the grammar, with a few changes."""
    made = (mutations.pick, make_read, make_disguise)[random.choice((0, 0, 1, 2))](dialect, random)
    text = made if isinstance(made, str) else made.text
    return Input("mutation", dialect, mutations.mutate(text, dialect, random))


def make_noise(dialect: str, random: Random) -> Input:
    """Return what is hardly SQL."""
    return Input("noise", dialect, mutations.noise(dialect, random))


def make_bomb(dialect: str, random: Random) -> Input:
    """Return a statement that is hard on a parser."""
    return Input("bomb", dialect, bombs.bomb(random))


_KINDS: dict[str, Callable[[str, Random], Input]] = {
    "read": make_read,
    "disguise": make_disguise,
    "mutation": make_mutation,
    "noise": make_noise,
    "bomb": make_bomb,
}
_WEIGHTS = (220, 300, 400, 75, 5)
# Every run begins with these, the largest first: what kills a parser is met at once.
_PLAIN_BOMBS = [
    (construct, size, dialect)
    for size in reversed(bombs.SIZES)
    for construct in bombs.CONSTRUCTS
    for dialect in DIALECTS
]
