"""The budgets: what a caller may ask for, and what an operator may set."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dbmcp.limits import Limits
from dbmcp.results import Bounds


@pytest.mark.parametrize(
    "asked, rows",
    [(None, 500), (1, 1), (500, 500), (501, 501), (10_000, 10_000), (10_001, 10_000), (2**70, 10_000)],
)
def test_a_limit_is_the_callers_up_to_the_operators(asked: int | None, rows: int) -> None:
    assert Limits().row_limit(asked) == rows


def test_the_default_never_exceeds_the_most_allowed() -> None:
    assert Limits(rows=500, max_rows=10).row_limit(None) == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": 0},
        {"max_rows": 0},
        {"bytes": 999},
        {"seconds": 0},
        {"seconds": 86_401},
        {"wait_seconds": 0},
        {"statement_bytes": 0},
        {"statement_bytes": 1_048_577},
        {"row": 1},
        {"seconds": float("nan")},
    ],
)
def test_a_limit_that_limits_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Limits.model_validate(wrong)


@pytest.mark.parametrize("rows, columns", [(1, 1), (1, 1_600), (500, 1), (500, 8), (10_000, 1)])
def test_a_results_memory_is_known_before_it_is_fetched(rows: int, columns: int) -> None:
    bounds = Bounds(rows, 40_000, 30)
    assert bounds.cell_chars(columns) * rows * columns <= 2 * bounds.memory_chars


def test_a_cell_is_never_longer_than_a_reply_nor_useless() -> None:
    assert Bounds(1, 40_000, 30).cell_chars(1) == 40_000
    assert Bounds(1, 40_000, 30).cell_chars(0) == 40_000
    assert Bounds(500, 40_000, 30).cell_chars(1) >= 1_000
