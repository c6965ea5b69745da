"""The shape of data over MCP: an argument of describe_tables, for clients of both eras and on both engines."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import Connect


async def test_a_description_is_followed_by_the_data_when_it_is_asked_for(connect: Connect, shop_url: str) -> None:
    async with connect(shop_url) as client:
        plain = text_of(await client.call_tool("describe_tables", {"tables": ["purchase"]}))
        found = text_of(await client.call_tool("describe_tables", {"tables": ["purchase"], "data": True}))
        assert "sample rows" not in plain
        assert found.startswith(plain)
        assert "purchase: 4 sample rows\npurchase_id,customer_id,bought_on,cents,note\n" in found
        assert "\nof all 4 rows:\n" in found
        assert "\ncents integer: unique, 1 .. 1250\n" in found
        both = text_of(await client.call_tool("describe_tables", {"tables": ["customer", "purchase"], "data": True}))
        assert both.count(" sample rows\n") == 2
        many = await client.call_tool("describe_tables", {"tables": ["purchase"] * 11, "data": True})
        assert many.is_error
        assert "The data of 1 to 10 tables" in text_of(many)


def text_of(result: Any) -> str:
    """Return the first text of a result."""
    return str(result.content[0].text)
