"""Errors: stable codes, texts that say what would work, nearest names."""

from __future__ import annotations

import pytest

from dbmcp import errors
from dbmcp.errors import DbmcpError, Place, StatementRejected, did_you_mean


def subclasses(of: type[DbmcpError]) -> list[type[DbmcpError]]:
    return [found for direct in of.__subclasses__() for found in (direct, *subclasses(direct))]


def test_every_error_has_a_code_of_its_own() -> None:
    public = [item for item in subclasses(DbmcpError) if item.__module__ == errors.__name__]
    codes = [item.code for item in public]
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and code.isidentifier() for code in codes)


def test_the_text_is_message_and_hint() -> None:
    assert str(DbmcpError("It is wrong.")) == "It is wrong."
    assert str(DbmcpError("It is wrong.", hint="Do that.")) == "It is wrong. Do that."


@pytest.mark.parametrize(
    "error, text",
    [
        (StatementRejected("x", "No"), "No."),
        (StatementRejected("x", "No.", hint="Try."), "No. Try."),
        (StatementRejected("x", "No", place=Place(2, 3)), "No (line 2, column 3)."),
        (StatementRejected("x", "No", place=Place(2, 3), hint="Try."), "No (line 2, column 3). Try."),
        (StatementRejected("x", "No", place=Place(1, 2, "abc\n ^")), "No (line 1, column 2).\nabc\n ^"),
    ],
)
def test_a_refusal_shows_its_place(error: StatementRejected, text: str) -> None:
    assert str(error) == text
    assert error.code == "x"


@pytest.mark.parametrize(
    "name, known, said",
    [
        ("custmer", ["customer", "order"], "Did you mean customer?"),
        ("CUSTOMER", ["customer"], "Did you mean customer?"),
        ("Strasse", ["straße"], "Did you mean straße?"),
        ("zzz", ["customer"], None),
        ("", ["customer"], None),
        ("a", [], None),
        ("order", ["orders", "ordered", "border", "other"], "Did you mean orders or border or ordered?"),
    ],
)
def test_the_nearest_names_are_proposed(name: str, known: list[str], said: str | None) -> None:
    assert did_you_mean(name, known) == said
