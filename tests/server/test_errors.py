"""From dbmcp's errors to the protocol's."""

from __future__ import annotations

import mcp.types as t
import pytest

from dbmcp.errors import DatabaseUnavailable, QueryFailed, UnknownResource, UnknownTool
from dbmcp.server.errors import error_result, protocol_error, safe


@pytest.mark.parametrize("text", ["", "plain", "ä 😀", "\x00\x1b"])
def test_a_text_that_can_be_sent_is_left_alone(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "ä\ud83d"])
def test_a_lone_surrogate_is_replaced(text: str) -> None:
    assert safe(text).encode()
    assert len(safe(text)) == len(text)


def test_a_tools_failure_has_code_message_and_hint() -> None:
    result = error_result(QueryFailed("No \ud800.", hint="Try."))
    assert result.is_error
    (block,) = result.content
    assert isinstance(block, t.TextContent)
    assert block.text == "query_failed: No ?. Try."


def test_what_the_caller_can_mend_is_an_invalid_parameter() -> None:
    assert protocol_error(UnknownTool("x")).code == t.INVALID_PARAMS
    assert protocol_error(UnknownResource("x")).code == t.INVALID_PARAMS
    assert protocol_error(DatabaseUnavailable("x")).code == t.INTERNAL_ERROR
