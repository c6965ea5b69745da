"""The shape of data under a policy: samples and statistics tell of what may be seen, and of nothing else."""

from __future__ import annotations

import re

import pytest

from dbmcp.errors import DbmcpError
from dbmcp.runtime import Runtime
from dbmcp.use_cases import shape_of_tables
from tests.engines import PostgresqlDatabase
from tests.policy.conftest import INNER_VIEW, KEY, SECRETS, Databases, running

# What the databases under attack hold, hidden or not, under the names of either engine.
NAMES = (
    "person purchase badge vault hr.pay pay other.person other.secret_plan secret_plan event event_a event_b shelf"
    ' shelf_1 animal dog thing toy tool "Odd ""Table" "Überblick" person_view person_far person_count person_stored'
    " person_there vault_there animal_view tally spent elsewhere memo memo_words memo_view memo_log old_memo old_words"
    " place person_index person_words view_index leaflet leaflet_words definitions dear memo_data person_index_data"
)
ALL = re.findall(r'"(?:[^"]|"")+"|\S+', NAMES)
# Tables that the third database, which has no policy, holds as they may be seen.
SEEN = ("person", "purchase", "animal", '"Odd ""Table"', '"Überblick"', "shelf")


async def told(runtime: Runtime, name: str) -> str:
    try:
        return (await shape_of_tables(runtime, [name])).text
    except DbmcpError as error:
        return f"{error.code}: {error}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Return the three databases, on each engine."""
    found: Databases = request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "on_wheel")
    return found


@pytest.mark.parametrize("name", ALL)
async def test_nothing_hidden_is_told_by_the_shape_of_data(databases: Databases, name: str) -> None:
    found = await told(databases.attacked, name)
    assert [secret for secret in SECRETS if secret in found.lower()] + INNER_VIEW.findall(found) == [], found
    assert found == await told(databases.twin, name), "the reply depends on what is hidden"


@pytest.mark.parametrize("name", SEEN)
async def test_what_may_be_seen_is_told_as_if_there_were_nothing_else(databases: Databases, name: str) -> None:
    found, plain = await told(databases.attacked, name), await told(databases.plain, name)
    assert " sample row" in found
    # The types of columns are those of the table, masked or not.
    assert re.sub(r"^(\S+|\".*?\") [^:]+:", r"\1:", found, flags=re.MULTILINE) == re.sub(
        r"^(\S+|\".*?\") [^:]+:", r"\1:", plain, flags=re.MULTILINE
    )


LARGE = """
CREATE TABLE person AS SELECT g AS id, CASE WHEN g <= 10 THEN 'a' ELSE 'b' END AS tenant,
  '{hidden}' || g % 3 AS email, '{hidden}' || g % 2 AS note FROM generate_series(1, {rows}) AS g;
CREATE TABLE open AS SELECT g AS id, 'seen' AS what FROM generate_series(1, 20000) AS g;
"""


@pytest.mark.parametrize(
    "policy",
    [
        {"where": "tenant = 'a'", "mask": {"email": "redact"}, "deny": ["note"]},
        {"where": "id <= 10", "mask": {"email": {"sql": "left(email, 0)"}, "note": "null"}},
    ],
)
async def test_what_the_engine_has_counted_is_not_told_under_a_policy(
    database: PostgresqlDatabase, policy: dict[str, object]
) -> None:
    """On a table so large that without a policy its statistics, which hold hidden values, would be shown."""
    texts = []
    for hidden, rows in (("qzx", 20_000), ("kjy", 30_000)):
        database.run("DROP TABLE IF EXISTS person, open")
        database.run(LARGE.format(hidden=hidden, rows=rows))
        database.run("ANALYZE")
        database.grant_reader()
        async with running(database.reader_url) as unguarded:
            assert hidden in await told(unguarded, "person")
            assert "as ANALYZE counted them" in await told(unguarded, "person")
        settings = {"tables": {"person": policy}, "hash_key": KEY}
        async with running(database.reader_url, settings) as runtime:
            assert await runtime.database(None).statistics(("public", "person")) is None
            texts.append(f"{await told(runtime, 'person')}\n{await told(runtime, 'open')}")
        async with running(database.reader_url, settings, samples=False) as runtime:
            texts[-1] += await told(runtime, "person")
        assert hidden not in texts[-1]
        assert "of all 10 rows:" in texts[-1]
        assert "ANALYZE" not in texts[-1]
    assert texts[0] == texts[1]
