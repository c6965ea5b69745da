"""The request log: a line when it is asked for, and never a statement or a value."""

from __future__ import annotations

import logging

import pytest

from dbmcp.events import RequestEnded
from dbmcp.observers import OBSERVERS


def test_a_request_is_a_line_at_level_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dbmcp.requests")
    OBSERVERS["log"](RequestEnded("query", "shop", 0.01234, "ok", 5, 120))
    assert caplog.messages == ["action=query database=shop code=ok ms=12.3 rows=5 bytes=120"]


def test_nothing_is_logged_when_it_is_not_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "dbmcp.requests")
    OBSERVERS["log"](RequestEnded("query", None, 0.01))
    assert caplog.messages == []


def test_a_database_that_a_caller_made_up_does_not_forge_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dbmcp.requests")
    OBSERVERS["log"](RequestEnded("query", "x\naction=query code=ok", 0.01, "unknown_database"))
    assert len(caplog.messages[0].splitlines()) == 1
