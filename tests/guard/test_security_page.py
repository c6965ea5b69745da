"""The table of reasons in docs/security.md says what the guard says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dbmcp.errors import StatementRejected
from dbmcp.guard import Reason, approve

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
# Their rows tell in words what is refused, or need more than a statement.
TOLD_IN_WORDS = {"empty", "too_large", "bad_character", "too_complex", "too_expensive", "policy"}
ROW = re.compile(r"\| `(\w+)` \| `([^`]+)`.*? \| (.*?) \| .*\|")


def rows() -> list[tuple[str, str, str]]:
    found = [row.groups() for row in map(ROW.fullmatch, PAGE.read_text("utf-8").splitlines()) if row is not None]
    return [(code, sql, told) for code, sql, told in found if code in set(Reason) - TOLD_IN_WORDS]


def test_every_other_reason_has_a_statement() -> None:
    assert {code for code, _, _ in rows()} == set(Reason) - TOLD_IN_WORDS


@pytest.mark.parametrize("code, sql, told", rows())
def test_a_row_says_what_the_guard_says(code: str, sql: str, told: str) -> None:
    with pytest.raises(StatementRejected) as refusal:
        approve(sql)
    assert refusal.value.code == code
    assert str(refusal.value).startswith(told.rstrip("."))
