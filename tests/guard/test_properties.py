"""What holds of the guard's answer to any text: a short run of the fuzzer, and hypothesis (`make fuzz`: a long run)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pgparse
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbmcp.guard import ApprovedQuery
from tests.fuzz import inputs
from tests.fuzz.bombs import CONSTRUCTS
from tests.fuzz.grammar import Grammar
from tests.fuzz.inputs import Input, make
from tests.fuzz.minimise import minimise
from tests.fuzz.properties import is_more, observe, postgresql_fault, sqlite_fault
from tests.fuzz.workers import Worker, ask_once

DIALECTS = ("postgresql", "sqlite")
# The same examples on every run: new ones are for the long run.
QUICK = settings(
    max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
SEEDS = st.integers(0, 2**32 - 1)
# How long something takes is for the long run to say, on a machine that does nothing else.
SLOW = "slow"

WORDS = (
    "SELECT * FROM t WHERE a = 1 ( ) , ; . ' \" $$ -- /* */ \n WITH w AS DELETE INSERT INTO UPDATE SET RETURNING"
    " UNION ALL FOR SHARE pg_sleep ( 1 ) nextval 'x' pg_authid public :: regproc ORDER BY (a) EXISTS ( SELECT 1 ) CASE"
    " WHEN END LATERAL VALUES TABLE [ ] ARRAY U&\"\\0061\" E'\\'' PRAGMA pragma_user_version load_extension COPY"
    " EXPLAIN $1 ? IN"
).split(" ")


def fault_of(given: Input) -> str | None:
    """Return what is wrong with the guard's answer, with the text, but not that it took long."""
    found = observe(given).fault
    return None if found is None or found.startswith(SLOW) else f"{found}\n{given.text!r}"


@pytest.mark.parametrize("dialect", DIALECTS)
@QUICK
@given(seed=SEEDS)
def test_a_read_of_the_grammar_passes(dialect: str, seed: int) -> None:
    assert fault_of(inputs.make_read(dialect, Random(seed))) is None


@pytest.mark.parametrize("dialect", DIALECTS)
@QUICK
@given(seed=SEEDS)
def test_a_write_disguised_as_a_read_is_refused(dialect: str, seed: int) -> None:
    assert fault_of(inputs.make_disguise(dialect, Random(seed))) is None


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("make_it", [inputs.make_mutation, inputs.make_noise])
@QUICK
@given(seed=SEEDS)
def test_whatever_is_approved_is_one_read(dialect: str, make_it: Callable[[str, Random], Input], seed: int) -> None:
    assert fault_of(make_it(dialect, Random(seed))) is None


@pytest.mark.parametrize("dialect", DIALECTS)
@QUICK
@given(words=st.lists(st.sampled_from(WORDS), max_size=30))
def test_words_of_sql_in_any_order_are_refused_or_are_one_read(dialect: str, words: list[str]) -> None:
    assert fault_of(Input("words", dialect, " ".join(words))) is None


@pytest.mark.parametrize("dialect", DIALECTS)
@QUICK
@given(text=st.text(max_size=200), prefix=st.sampled_from(["", "SELECT ", "SELECT '", 'SELECT "', "SELECT 1 --"]))
def test_any_text_is_refused_or_is_one_read(dialect: str, text: str, prefix: str) -> None:
    assert fault_of(Input("text", dialect, prefix + text)) is None


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    child = Worker()
    yield child
    child.close()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_bomb_crashes_or_hangs_the_guard(worker: Worker, dialect: str) -> None:
    """In another process: a bomb that goes off takes its process with it."""
    sizes = (400, 4_000, 65_536)
    bombs = [Input("bomb", dialect, each.text(sizes[at % 3])) for at, each in enumerate(CONSTRUCTS)]
    faults = [(ask_once(worker, bomb).fault, bomb.text[:60], len(bomb.text)) for bomb in bombs]
    assert [each for each in faults if each[0] and not each[0].startswith(SLOW)] == []


# ---- the fuzzer itself ----


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT * INTO z FROM t",
        "SELECT * FROM t FOR UPDATE",
        "WITH w AS (DELETE FROM t RETURNING *) SELECT * FROM w",
        "SELECT pg_sleep(1)",
        "SELECT public.upper('a')",
        "SELECT * FROM pg_authid",
        "SELECT $1",
        "SELECT 1 OPERATOR(public.+) 2",
        "SELECT 1) AS a, (SELECT 2",
        "SELECT 1 /*",
        "SELECT (SELECT 1 FROM t)",
        "SELECT upper('a')",
    ],
)
def test_a_write_or_a_wrong_report_that_the_guard_let_through_would_be_found_on_postgresql(text: str) -> None:
    assert postgresql_fault(ApprovedQuery(text, "postgresql")) is not None


def test_a_read_with_a_right_report_is_no_fault_on_postgresql() -> None:
    text = "WITH w AS (SELECT upper(b) FROM public.t) SELECT * FROM w, u"
    reported = ApprovedQuery(text, "postgresql", frozenset({"public.t", "u"}), frozenset({"upper"}))
    assert postgresql_fault(reported) is None


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM t",
        "SELECT 1; DELETE FROM t",
        "ATTACH 'x' AS y",
        "SELECT load_extension('x')",
        "PRAGMA user_version = 1",
    ],
)
def test_a_write_that_the_guard_let_through_would_be_found_on_sqlite(text: str) -> None:
    assert sqlite_fault(ApprovedQuery(text, "sqlite")) is not None


def test_a_read_is_no_fault_on_sqlite() -> None:
    assert sqlite_fault(ApprovedQuery("SELECT count(*) FROM t, json_each(d) WHERE b LIKE 'x'", "sqlite")) is None


@pytest.mark.parametrize("ending", [";", " ; -- b /* ", "; /* /* */ */ -- */", ";;/**/;"])
def test_what_is_left_off_behind_a_statement_is_no_fault(ending: str) -> None:
    assert observe(Input("text", "postgresql", f"SELECT 1{ending}")).fault is None


@pytest.mark.parametrize("dialect,rest", [("postgresql", "; x"), ("postgresql", "; /* /* */"), ("sqlite", ";/*/**/*/")])
def test_more_that_was_left_off_would_be_found(dialect: str, rest: str) -> None:
    assert is_more(rest, dialect)


def test_an_input_can_be_made_again_from_its_seed_and_number() -> None:
    numbers = [*range(0, 5_000, 999), *range(5_000, 5_100)]
    assert [make(1, number) for number in numbers] == [make(1, number) for number in numbers]
    assert [make(1, number).text for number in numbers] != [make(2, number).text for number in numbers]


def test_most_disguises_are_sql_so_that_it_is_not_their_form_that_is_refused() -> None:
    texts = [inputs.make_disguise("postgresql", Random(seed)).text for seed in range(200)]
    assert sum(parses(text) for text in texts) > 160


def parses(text: str) -> bool:
    try:
        pgparse.parse(text)
    except pgparse.PGQueryError:
        return False
    return True


def test_a_symbol_that_never_ends_is_a_fault_of_the_grammar() -> None:
    with pytest.raises(ValueError, match="never end: b"):
        Grammar({"a": ["x", "{b}"], "b": ["y {b}"]}, {})


def test_a_text_is_made_shorter_as_long_as_it_holds() -> None:
    text = "SELECT a, b FROM t WHERE c = 'pg_sleep' AND pg_sleep(1) IS NULL"
    assert minimise(text, lambda shorter: "pg_sleep(" in shorter) == "pg_sleep("


def test_an_input_that_ends_its_process_is_a_crash_and_the_next_one_is_answered() -> None:
    worker = Worker()
    try:
        worker._process.kill()
        worker._process.join()
        assert (ask_once(worker, Input("read", "sqlite", "SELECT 1")).fault or "").startswith("crash")
        assert ask_once(worker, Input("read", "sqlite", "SELECT 1")).verdict == "approved"
    finally:
        worker.close()
