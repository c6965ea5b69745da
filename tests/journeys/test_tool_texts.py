"""What a model reads of tools: nothing empty, nothing that costs more than it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from dbmcp.demo import samples
from tests.journeys.conftest import Connect


def texts_in(schema: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text that explains something in a schema, with its place."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("description", "title", "pattern", "format") and isinstance(value, str):
                yield f"{path}/{key}", value
            else:
                yield from texts_in(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for place, value in enumerate(schema):
            yield from texts_in(value, f"{path}/{place}")


async def test_no_tool_of_the_samples_has_an_empty_text_or_a_pattern_nobody_reads(
    connect: Connect, demo_file: Path, until: Callable[..., Awaitable[None]]
) -> None:
    flags = {"queries": [str(samples.folder())], "claims": dict(samples.CLAIMS)}
    async with connect(str(demo_file), **flags) as client:

        async def structured() -> list[Any]:
            tools = (await client.list_tools(cache_mode="bypass")).tools
            return [tool for tool in tools if tool.output_schema is not None]

        async def is_learnt() -> bool:
            return bool(await structured())

        await until(is_learnt)
        tools = (await client.list_tools(cache_mode="bypass")).tools
        found = {
            f"{tool.name}{place}": text
            for tool in tools
            for place, text in texts_in(tool.model_dump(mode="json", by_alias=True, exclude_none=True))
        }
        assert len(found) > len(tools)
        assert [place for place, text in found.items() if not text.strip()] == []
        assert [place for place, text in found.items() if place.endswith("/pattern") and len(text) > 100] == []
