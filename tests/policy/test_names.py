"""Names of other than ASCII letters: engines fold fewer of them than Python does, or more, and PostgreSQL cuts them.

In one of LATIN1, `CAFÉ` is café and a name of 40 é is whole; the guard, which reads UTF-8, sees cafÉ and 31 é.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import approve
from dbmcp.guard.substitution import Substitution
from tests.policy.conftest import outcome, running

MakeFile = Callable[[str], Path]

LONG = "é" * 40
NAMES = ("café", LONG, "überblick", "plan", "ασ", "pin")
KNOWN = frozenset({("public", name) for name in (*NAMES, "open")})
DENIED = Substitution(
    {}, {("public", name): "the policy denies it" for name in NAMES}, {"open": ("public", "open")}, KNOWN
)
MASKED = Substitution({("public", name): "SELECT 1 AS x" for name in NAMES}, {}, {"open": ("public", "open")}, KNOWN)

# sqlglot does not read `USING <`: what it sees of names is not held against the other parser's reading then.
MAYBE_HIDDEN = [
    'WITH "cafÉ" AS (SELECT 1 AS x) SELECT * FROM CAFÉ ORDER BY x USING <',
    'WITH "cafÉ" AS (SELECT 1 AS x) SELECT * FROM CAFÉ',
    'SELECT * FROM (WITH "Überblick" AS (SELECT 1 AS x) SELECT x FROM Überblick) AS q ORDER BY x USING <',
    f'WITH "{"é" * 31}" AS (SELECT 1 AS x) SELECT * FROM "{LONG}" ORDER BY x USING <',
    # A capital sigma at the end, which Python makes another letter than an engine; a Turkish İ.
    'WITH "αΣ" AS (SELECT 1 AS x) SELECT * FROM ΑΣ ORDER BY x USING <',
    'WITH "pİn" AS (SELECT 1 AS x) SELECT * FROM PİN ORDER BY x USING <',
    f"WITH {'É' * 31} AS (SELECT 1 AS x) SELECT * FROM {'É' * 40} ORDER BY x USING <",
]


@pytest.mark.parametrize("policy", [DENIED, MASKED])
@pytest.mark.parametrize("sql", MAYBE_HIDDEN)
def test_a_name_that_may_be_a_hidden_tables_is_refused(sql: str, policy: Substitution) -> None:
    with pytest.raises(StatementRejected, match="may be the name of a table that the policy hides") as refusal:
        approve(sql, policy=policy)
    assert refusal.value.code == "policy"


@pytest.mark.parametrize(
    "sql",
    [
        'WITH "Übersicht" AS (SELECT 1 AS x) SELECT * FROM "Übersicht"',
        "WITH année AS (SELECT 1 AS x) SELECT * FROM année, open",
        "WITH é AS (SELECT 1 AS x), café AS (SELECT 2 AS x) SELECT * FROM é, café",
        f"WITH {'日' * 20} AS (SELECT 1 AS x) SELECT * FROM {'日' * 20}",
    ],
)
def test_other_names_of_such_letters_pass(sql: str) -> None:
    approve(sql, policy=DENIED)
    approve(sql, policy=MASKED)


@pytest.mark.parametrize("pattern", ["ΑΣ*", "ΠΑΣ*ΑΣ*", "*Σ*", "KEY_Σ*"])
async def test_a_pattern_means_the_same_tables_to_sqlite_as_at_start(sqlite_file: MakeFile, pattern: str) -> None:
    names = ["ΑΣΔ", "ΠΑΣΑΑΣΑ", "key_σ", "key_Σa", "KEY_Σ"]
    path = sqlite_file("".join(f'CREATE TABLE IF NOT EXISTS "{name}" (word TEXT);' for name in names))
    async with running(path, {"deny_tables": [pattern]}) as runtime:
        denied = [name for name in names if not (await outcome(runtime, f'SELECT * FROM "{name}"')).answered]
    assert denied == [
        name for name in names if re.fullmatch(pattern.replace("*", ".*"), name, re.ASCII | re.IGNORECASE)
    ]
