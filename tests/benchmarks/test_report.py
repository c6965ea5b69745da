"""Ratios, bars and the table."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks
from benchmarks.bars import BARS, Bar, bar_for, unmeasured
from benchmarks.figures import ASYNCPG, BARE, DBMCP, Comparison, Spread, ratios
from benchmarks.measures import MEASURES
from benchmarks.report import as_json, table, verdict

README = Path(benchmarks.__file__).with_name("README.md")


def comparison(bar: Bar, **series: tuple[float, ...]) -> Comparison:
    names = {"asyncpg": ASYNCPG, "bare": BARE, "dbmcp": DBMCP}
    return Comparison(bar.measure, bar.case, bar.quantity, {names[key]: row for key, row in series.items()})


def bar_of(measure: str) -> Bar:
    return next(bar for bar in BARS if bar.measure == measure)


def test_ratios_pair_the_rounds() -> None:
    """The machine is twice as slow in the second round; the ratio does not change."""
    both = Comparison("select1", "case", "p50 ms", {BARE: (1.0, 2.0, 1.0), DBMCP: (1.5, 3.0, 1.5)})
    assert both.ratio(DBMCP, BARE) == Spread(1.5, 1.5, 1.5)


def test_the_spread_of_ratios_is_of_the_rounds_ratios() -> None:
    both = Comparison("select1", "case", "p50 ms", {BARE: (1.0, 2.0, 4.0), DBMCP: (2.0, 2.0, 2.0)})
    assert both.ratio(DBMCP, BARE) == Spread(median=1.0, low=0.5, high=2.0)


def test_rounds_that_differ_in_number_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1.0, 2.0], [1.0])


def test_there_is_no_ratio_to_nothing() -> None:
    both = Comparison("trips", "case", "round trips", {ASYNCPG: (0.0, 1.0), DBMCP: (1.0, 1.0)})
    assert both.ratio(DBMCP, ASYNCPG) is None
    assert both.ratio(DBMCP, BARE) is None
    assert both.ratio(DBMCP, DBMCP) is None


def test_a_bar_on_a_ratio_is_judged_by_the_median() -> None:
    bar = bar_of("start")
    assert bar.is_met(comparison(bar, bare=(1.0, 1.0, 1.0), dbmcp=(0.9, 1.1, 5.0)))
    assert not bar.is_met(comparison(bar, bare=(1.0, 1.0, 1.0), dbmcp=(0.9, 1.11, 5.0)))


def test_a_bar_on_a_count_or_a_peak_is_judged_by_the_worst() -> None:
    bar = bar_of("trips")
    assert bar.is_met(comparison(bar, dbmcp=(2.0, 3.0, 3.0)))
    assert not bar.is_met(comparison(bar, dbmcp=(3.0, 3.0, 4.0)))


def test_a_bar_without_its_reference_is_an_error_and_not_met() -> None:
    bar = bar_of("results")
    with pytest.raises(ValueError, match="no figures of asyncpg"):
        bar.is_met(comparison(bar, dbmcp=(1.0,)))


def test_every_bar_belongs_to_a_measure() -> None:
    assert {bar.measure for bar in BARS} <= MEASURES.keys()


def test_a_bar_is_found_by_measure_case_and_quantity() -> None:
    bar = bar_of("memory")
    assert bar_for(comparison(bar, dbmcp=(1.0,))) is bar
    assert bar_for(comparison(bar, bare=(1.0,))) is None
    assert bar_for(Comparison(bar.measure, bar.case, "ms", {DBMCP: (1.0,)})) is None
    assert bar not in unmeasured([comparison(bar, dbmcp=(1.0,))])
    assert len(unmeasured([])) == len(BARS)


def test_the_table_shows_each_contender_with_its_ratios_and_the_bar() -> None:
    bar = bar_of("results")
    lines = table([comparison(bar, asyncpg=(4.0, 5.0, 4.0), dbmcp=(6.0, 8.0, 6.4))]).splitlines()
    assert " ".join(lines[2].split()) == "1,000 × 10 p50 ms asyncpg 4 4–5"
    assert " ".join(lines[3].split()) == "dbmcp 6.40 6–8 1.60 (1.50–1.60) ≤ 1.6 × asyncpg: met"


def test_a_missed_bar_is_named_below_the_table() -> None:
    bar = bar_of("memory")
    text = verdict([comparison(bar, dbmcp=(29.0, 31.0))])
    assert text.splitlines() == [
        f"0 of {len(BARS)} bars met, 1 missed, {len(BARS) - 1} not measured",
        f"  missed: {bar.case}, peak MB over idle ≤ 30",
    ]


def test_a_measure_that_left_out_its_bar_is_named() -> None:
    bar = bar_of("memory")
    text = verdict([Comparison("memory", "another case", "MB", {DBMCP: (1.0,)})])
    assert f"not measured: {bar.case}" in text


def test_the_json_holds_rounds_ratios_and_verdicts() -> None:
    bar = bar_of("results")
    whole = as_json({"plan": "quick"}, [comparison(bar, asyncpg=(4.0, 5.0), dbmcp=(6.0, 8.0))], ["a note"])
    (figure,) = whole["figures"]
    assert whole["about"] == {"plan": "quick"}
    assert whole["notes"] == ["a note"]
    assert figure["rounds"] == {ASYNCPG: [4.0, 5.0], DBMCP: [6.0, 8.0]}
    assert figure["ratios"] == {"dbmcp / asyncpg": [1.55, 1.5, 1.6]}
    assert figure["bar"] == {"most": "≤ 1.6 × asyncpg", "is_met": True}


def test_the_readme_names_every_measure_and_every_bar() -> None:
    text = README.read_text("utf-8")
    assert [name for name in MEASURES if f"`{name}`" not in text] == []
    assert [str(bar) for bar in BARS if f"| {bar} |" not in text] == []
