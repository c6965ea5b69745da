"""What a caller might put beside the arguments of a query: claims of its own making, and hostile names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import pytest

from dbmcp.config import Settings
from dbmcp.errors import DbmcpError, Forbidden, InvalidParameter
from dbmcp.named_queries.model import ParameterType
from dbmcp.principal import Principal
from dbmcp.runtime import Runtime
from dbmcp.use_cases import run_named_query
from tests import engines
from tests.named_queries.files import sql_file, write
from tests.named_queries.hostile import VALUES
from tests.named_queries.test_injection import POSTGRESQL_TYPES

MINE = '[parameters.me]\ntype = "integer"\nclaim = "employee"\n[parameters.top]\ntype = "integer"\noptional = true\n'
ANNA = Principal("anna", {"employee": 1})
ONLY_ANNAS = "id\n1\n2\n"


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    """Serve a query that gives each caller rows of their own."""
    rows = "CREATE TABLE t (id, owner); INSERT INTO t VALUES (1, 1), (2, 1), (3, 2)"
    path = engines.build_sqlite_file(tmp_path / "test.db", rows)
    sql = "SELECT id FROM t WHERE owner = :me /*[*/ AND id <= :top /*]*/ ORDER BY id"
    write(tmp_path / "queries", "mine", sql_file(MINE, sql))
    write(tmp_path / "queries", "kept", sql_file(f"cache_seconds = 3600\nrate = '3/day'\n{MINE}", sql))
    made = Runtime(Settings(databases={"main": {"url": str(path)}}, queries=(str(tmp_path / "queries"),)))
    made.load_library()
    yield made
    await made.close()


def test_every_type_is_fed_with_two_hundred_values() -> None:
    assert set(POSTGRESQL_TYPES) | {"choice"} == set(get_args(ParameterType))
    assert len({repr(value) for value in VALUES}) >= 200


@pytest.mark.parametrize(
    "name", ["me", "employee", "ME", "me ", ":me", "claims", "caller", "principal", "_meta", "database"]
)
async def test_no_argument_sets_what_a_claim_fills(runtime: Runtime, name: str) -> None:
    for value in (2, "2", [2], {"employee": 2}):
        with pytest.raises(InvalidParameter, match="There is no parameter"):
            await run_named_query(runtime, "mine", {name: value}, ANNA)
    assert (await run_named_query(runtime, "mine", {name: None}, ANNA)).text == ONLY_ANNAS


async def test_a_hostile_name_of_an_argument_is_refused_and_shortened(runtime: Runtime) -> None:
    for name in filter(lambda value: isinstance(value, str), VALUES):
        with pytest.raises(InvalidParameter, match="There is no parameter") as refused:
            await run_named_query(runtime, "mine", {name: 1}, ANNA)
        assert len(str(refused.value)) < 800


@pytest.mark.parametrize(
    "claim", [*VALUES[:40], "1; DROP TABLE t", "1 OR 1=1", ["1"], "2 "], ids=lambda value: repr(value)[:30]
)
async def test_a_claim_that_is_no_whole_number_opens_nothing(runtime: Runtime, claim: Any) -> None:
    caller = Principal("eve", {"employee": claim})
    if isinstance(claim, int | float) and not isinstance(claim, bool) and claim in (-1, 0, 1):
        text = (await run_named_query(runtime, "mine", {}, caller)).text
        assert text == (ONLY_ANNAS if claim == 1 else "id\n")
        return
    with pytest.raises(Forbidden, match="employee") as refused:
        await run_named_query(runtime, "mine", {}, caller)
    assert len(str(refused.value)) < 100, "the claim itself is not repeated"


async def test_neither_kept_replies_nor_counts_pass_from_one_caller_to_another(runtime: Runtime) -> None:
    ben = Principal("ben", {"employee": 2})
    for _ in range(3):
        assert (await run_named_query(runtime, "kept", {}, ANNA)).text == ONLY_ANNAS
    with pytest.raises(DbmcpError, match="3 times a day"):
        await run_named_query(runtime, "kept", {}, ANNA)
    assert (await run_named_query(runtime, "kept", {}, ben)).text == "id\n3\n"
    with pytest.raises(Forbidden):
        await run_named_query(runtime, "kept", {}, Principal("nobody"))
    # Of one name, and another identity: as a proxy that calls for many would be.
    assert (await run_named_query(runtime, "kept", {}, Principal("proxy", {"employee": 2}))).text == "id\n3\n"
    assert (await run_named_query(runtime, "kept", {}, Principal("proxy", {"employee": 1}))).text == ONLY_ANNAS
