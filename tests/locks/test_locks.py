"""The harness sees what attacks do, puts it back, and finds each lock as tight as the page says: on a sample."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import approve
from tests import corpus, engines
from tests.corpus import Case
from tests.locks import postgresql, sqlite, tables
from tests.locks.postgresql_cluster import running
from tests.locks.scores import Score
from tests.locks.trials import ALL, NOT_RUN, OPEN, Result

READ_ONLY, WRAPPED, RESET, READER = (locks.name for locks in postgresql.SINGLE_LOCKS)

# Text → what it does without locks, in the harness's words, and the locks that stop it alone.
POSTGRESQL = {
    "DELETE FROM audit": ("table public.audit", {READ_ONLY, WRAPPED, READER}),
    "SELECT 1; UPDATE customer SET balance = 0": ("table public.customer", {READ_ONLY, WRAPPED, READER}),
    # The role may not delete, and the transaction that it began is left open.
    "COMMIT; BEGIN READ WRITE; DELETE FROM audit; COMMIT": ("table public.audit", {WRAPPED}),
    "SELECT * FROM customer FOR UPDATE": ("table public.customer", {READ_ONLY, READER}),
    "SELECT note_visit('me')": ("table public.audit", {READ_ONLY, READER}),
    "SELECT nextval('ticket_number')": ("sequences", {READ_ONLY, READER}),
    "SELECT pg_advisory_lock(1)": ("locks: advisory ExclusiveLock", {RESET}),
    "SET statement_timeout = 0": ("settings of the session", {WRAPPED, RESET}),
    "SELECT pg_sleep(0.2)": ("sleeps", set()),
    "NOTIFY channel": ("messages", {WRAPPED}),
    "COPY (SELECT 1) TO '/tmp/dbmcp_corpus_copy'": ("file dbmcp_corpus_copy", {WRAPPED, READER}),
    "DROP TABLE booking CASCADE": ("table pg_catalog.pg_class", {READ_ONLY, WRAPPED, READER}),
    "CREATE ROLE intruder SUPERUSER": ("table pg_catalog.pg_authid", {READ_ONLY, WRAPPED, READER}),
    "ALTER SYSTEM SET work_mem = '5MB'": ("file postgresql.auto.conf", {WRAPPED, READER}),
}
PASS_ALL = {"SELECT pg_sleep(0.2)"}

SQLITE = {
    "DELETE FROM audit": ("file inn.sqlite", {"a file opened with mode=ro", "query_only", "the authorizer"}),
    "SELECT 1; DELETE FROM audit": (
        "file inn.sqlite", {"a file opened with mode=ro", "query_only", "the authorizer", "one statement"}
    ),
    "ATTACH 'dbmcp_corpus_copy' AS other": ("attached files", {"the authorizer", "limits and trusted_schema off"}),
    "VACUUM INTO 'dbmcp_corpus_copy'": ("file dbmcp_corpus_copy", {"the authorizer", "limits and trusted_schema off"}),
    "PRAGMA user_version = 7": ("pragma user_version", {"a file opened with mode=ro", "query_only", "the authorizer"}),
    "BEGIN": ("an open transaction", {"the authorizer"}),
}  # fmt: skip


def case(text: str) -> Case:
    return Case("write", "sample", "of this test", text, 1, "sample")


def sample(dialect: str, every: int) -> list[Case]:
    """Return some of the corpus's attacks, of many classes."""
    return corpus.statements(dialect, "refuse")[::every]


def on_cluster(cases: list[Case], *, alone: bool) -> list[Result]:
    async def run() -> list[Result]:
        with tempfile.TemporaryDirectory(prefix="dbmcp-locks-") as scratch:
            async with running(Path(scratch)) as cluster:
                return await postgresql.score(cluster, cases, lambda _text: None, alone=alone)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def seen(postgresql_from_wheel: engines.PostgresqlServer) -> dict[str, Result]:
    """Run the attacks of this module on a server of their own; the wheel's other one says whether there can be any."""
    results = on_cluster([case(text) for text in (*POSTGRESQL, *POSTGRESQL)], alone=True)
    assert [result.effects for result in results[: len(POSTGRESQL)]] == [
        result.effects for result in results[len(POSTGRESQL) :]
    ], "the second time was not as the first: something was not put back"
    return dict(zip(POSTGRESQL, results, strict=False))


@pytest.mark.parametrize("text", POSTGRESQL)
def test_an_attack_on_postgresql_is_seen_and_each_lock_stops_what_it_should(seen: dict[str, Result], text: str) -> None:
    effect, stopped_by = POSTGRESQL[text]
    assert effect in seen[text].effects[OPEN]
    singles = {locks.name for locks in postgresql.SINGLE_LOCKS}
    assert {locks for locks in singles if seen[text].is_stopped(locks)} == stopped_by
    assert seen[text].is_stopped(ALL) is (text not in PASS_ALL)


def test_a_read_has_no_effect_on_postgresql(postgresql_from_wheel: engines.PostgresqlServer) -> None:
    (result,) = on_cluster(
        [case("SELECT count(*) FROM booking JOIN customer ON customer.id = customer_id")], alone=False
    )
    assert result.effects == {OPEN: [], ALL: []}
    assert result.ran == {OPEN: True, ALL: True}


def test_no_attack_by_the_form_of_a_statement_passes_all_locks_of_postgresql(
    postgresql_from_wheel: engines.PostgresqlServer,
) -> None:
    results = on_cluster(sample("postgresql", 23), alone=False)
    assert sum(result.works for result in results) > 10
    assert [each for each in results if each.by_statement and not each.is_stopped(ALL)] == []


@pytest.mark.parametrize("text", SQLITE)
def test_an_attack_on_sqlite_is_seen_and_each_lock_stops_what_it_should(tmp_path: Path, text: str) -> None:
    (result,) = sqlite.score(tmp_path, [case(text)], lambda _text: None)
    effect, stopped_by = SQLITE[text]
    assert effect in result.effects[OPEN]
    assert {locks.name for locks in sqlite.SINGLE_LOCKS if result.is_stopped(locks.name)} == stopped_by
    assert result.is_stopped(ALL)


def test_a_read_has_no_effect_on_sqlite(tmp_path: Path) -> None:
    (result,) = sqlite.score(tmp_path, [case("SELECT count(*) FROM customer")], lambda _text: None)
    assert (result.effects, result.ran) == ({OPEN: [], ALL: []}, {OPEN: True, ALL: True})


def test_no_attack_passes_all_locks_of_sqlite(tmp_path: Path) -> None:
    results = sqlite.score(tmp_path, sample("sqlite", 3), lambda _text: None)
    assert sum(result.works for result in results) > 10
    assert [each for each in results if not each.is_stopped(ALL)] == []


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_the_guard_alone_refuses_the_sample(dialect: str) -> None:
    for each in sample(dialect, 7):
        with pytest.raises(StatementRejected):
            approve(each.text, dialect)


# ---- the report ----


def scored(change: Callable[[Score], None] = lambda _score: None) -> Score:
    """Return a score of two attacks with effects, both stopped by all locks, as it should be but for a change."""
    results = [Result("a.sql:1", "write", by_statement=True), Result("a.sql:2", "wait", by_statement=False)]
    for result in results:
        result.effects = {OPEN: ["table t"], "one": [], ALL: []}
        result.ran = {OPEN: True, "one": False, ALL: False}
    score = Score("sqlite", "SQLite 3", ("one",), 3, [], results, reads=5, reads_run=4)
    change(score)
    return score


def blame(score: Score) -> list[str]:
    return [fault for fault in tables.faults(score) if "harness is blind" not in fault]


def test_a_run_in_which_all_is_well_has_no_faults() -> None:
    assert blame(scored()) == []


def test_each_kind_of_fault_is_named_with_its_place() -> None:
    assert blame(scored(lambda score: score.accepted.append("a.sql:9"))) == ["accepted by the guard: a.sql:9"]
    assert blame(scored(lambda score: score.refused.append("b.sql:1 x"))) == ["real work, refused: b.sql:1 x"]
    assert blame(scored(lambda score: score.failed.append("b.sql:2 y"))) == ["real work, failed: b.sql:2 y"]
    escaped = scored(lambda score: score.results[0].effects.update({ALL: ["sequences"]}))
    assert blame(escaped) == ["not stopped by all locks: a.sql:1 sequences"]


def test_a_function_may_need_the_guard_and_the_form_of_a_statement_may_not() -> None:
    assert blame(scored(lambda score: score.results[1].effects.update({ALL: ["sleeps"]}))) == []


def test_a_harness_that_sees_too_little_is_a_fault() -> None:
    assert any("the harness is blind" in fault for fault in tables.faults(scored()))


def test_the_table_counts_what_is_stopped_by_each_lock() -> None:
    text = tables.document([scored(lambda score: score.results[1].effects.update({"one": ["table t"]}))])
    assert "| one, alone | 1 | 0 |" in text
    assert "| all of these, without the guard | 1 | 1 |" in text
    assert "Of 3 attacks the guard alone refuses 3." in text
    assert "of the 4 that this version can run, 0 fail" in text


def test_the_part_between_the_marks_is_replaced_and_nothing_else() -> None:
    page = f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n"
    assert tables.placed(page, "new") == f"before\n{tables.BEGIN}\nnew\n{tables.END}\nafter\n"
    with pytest.raises(ValueError, match="guard-report"):
        tables.placed("no marks", "new")


# ---- the page: its scores are of these corpora and these locks, and as good as they must be ----

AGAIN = "run `make guard-report`, which writes this part of docs/security.md"


def page() -> str:
    text = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
    assert text.count(tables.BEGIN) == text.count(tables.END) == 1
    return text.partition(tables.BEGIN)[2].partition(tables.END)[0]


def part_of(dialect: str) -> str:
    """Return what the page says of one dialect."""
    return page().partition(f"**{tables.NAMES[dialect]}**")[2].partition("\n**")[0]


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_the_page_scores_the_corpora_as_they_are_now(dialect: str) -> None:
    attacks, reads = (corpus.statements(dialect, kind) for kind in ("refuse", "allow"))
    can_run = sum(each.klass not in NOT_RUN for each in attacks)
    assert (
        f"Of {len(attacks)} attacks the guard alone refuses {len(attacks)}.\n{can_run} of them can be run."
        in part_of(dialect)
    ), AGAIN
    assert f"Of {len(reads)} reads that must pass, the guard refuses 0;" in part_of(dialect), AGAIN
    assert re.search(r" that this version can run, 0 fail\.$", part_of(dialect).strip()), AGAIN


@pytest.mark.parametrize("dialect,locks", [("postgresql", postgresql.SINGLE_LOCKS), ("sqlite", sqlite.SINGLE_LOCKS)])
def test_the_page_has_a_row_for_each_lock_and_all_attacks_by_form_are_stopped(
    dialect: str, locks: Sequence[postgresql.Locks | sqlite.Locks]
) -> None:
    rows = [line.strip("|").split("|") for line in part_of(dialect).splitlines() if line.startswith("| ")]
    names = [row[0].strip() for row in rows]
    alone = [f"{each.name}, alone" for each in locks]
    together = ["all of these, without the guard", "the guard, alone", "everything"]
    assert names == ["closed", *alone, *together], AGAIN
    by_form = [re.findall(r"\d+", row[1])[0] for row in rows]
    assert set(by_form[-3:]) == {by_form[0]}, AGAIN
    everything = [re.findall(r"\d+", cell)[0] for cell in rows[-1][1:]]
    assert everything == [re.findall(r"\d+", cell)[0] for cell in rows[0][1:]], AGAIN
