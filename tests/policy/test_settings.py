"""A policy that does not fit is refused before anything is served, with what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dbmcp import config
from dbmcp.config import Settings
from dbmcp.errors import ConfigError
from dbmcp.policy import PolicySettings
from dbmcp.runtime import Runtime
from tests import engines
from tests.policy.conftest import outcome, running

PERSON = """
CREATE TABLE person (id integer PRIMARY KEY, tenant text, email text);
CREATE VIEW person_view AS SELECT id FROM person;
INSERT INTO person VALUES (1, 'a', 'qzx');
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, sqlite_file: Callable[[str], Path]) -> Iterator[str]:
    """Make the same table on each engine."""
    if request.param == "sqlite":
        yield str(sqlite_file(PERSON))
        return
    with engines.fresh_postgresql_database(request.getfixturevalue("postgresql_from_wheel")) as database:
        database.run(PERSON)
        database.grant_reader()
        yield database.reader_url


async def refusal(url: str, policy: dict[str, Any]) -> str:
    """Return why a policy is refused at the start."""
    with pytest.raises(ConfigError) as caught:
        async with running(url, policy):
            pass
    return str(caught.value)


@pytest.mark.parametrize(
    "policy, names",
    [
        ({"tables": {"persom": {"deny": ["email"]}}}, ["persom", "person?"]),
        ({"tables": {"Person": {"deny": ["email"]}}}, ["Person", "person?"]),
        ({"tables": {"elsewhere.person": {"deny": ["email"]}}}, ["elsewhere.person"]),
        ({"tables": {"person": {"deny": ["emial"]}}}, ["'emial'", "email?"]),
        ({"tables": {"person": {"mask": {"emial": "hash"}}}}, ["'emial'", "email?"]),
        ({"tables": {"person": {"deny": ["id", "tenant", "email"]}}}, ["every column", "deny_tables"]),
        ({"deny_tables": ["secret_*"]}, ["secret_*", "no table"]),
        ({"deny_tables": ["persom"]}, ["persom"]),
        ({"deny_tables": ["hr.*"]}, ["hr.*"]),
    ],
)
async def test_a_misspelt_name_is_refused_with_the_nearest(url: str, policy: dict[str, Any], names: list[str]) -> None:
    message = await refusal(url, policy)
    assert [name for name in names if name not in message] == []


@pytest.mark.parametrize(
    "table",
    [
        {"where": "tenant = "},
        {"where": "tennant = 'a'"},
        {"where": "tenant = 'a' ORDER"},
        {"where": "tenant = 'a')"},
        {"where": "no_such_function(tenant)"},
        {"where": "tenant = (SELECT name FROM no_such_table)"},
        {"mask": {"email": {"sql": "left(email"}}},
        {"mask": {"email": {"sql": "upper(emial)"}}},
    ],
)
async def test_a_condition_or_mask_that_is_no_sql_is_refused(url: str, table: dict[str, Any]) -> None:
    message = await refusal(url, {"tables": {"person": table}})
    assert "person is not valid SQL" in message
    assert "qzx" not in message


@pytest.mark.parametrize("table", [{"where": "\"tennant\" = 'a'"}, {"mask": {"email": {"sql": 'upper("emial")'}}}])
async def test_a_misspelt_column_in_quotes_is_refused(url: str, table: dict[str, Any]) -> None:
    """SQLite takes a name in double quotes that is no column for a text: no row, or every row, would be shown."""
    assert await refusal(url, {"tables": {"person": table}})


async def test_a_policy_that_does_not_fit_answers_nothing_when_the_start_did_not_look(url: str) -> None:
    for table in ({"deny": ["emial"]}, {"where": "tennant = 'a'"}):
        policy = {"tables": {"person": table}}
        runtime = Runtime(Settings(databases={"main": {"url": url, "policy": policy}}, check_at_start=False))
        try:
            assert not (await outcome(runtime, "SELECT id FROM person")).answered
        finally:
            await runtime.close()


@pytest.mark.postgresql
async def test_views_to_vouch_for_are_named_rightly_and_on_postgresql_alone(
    postgresql_database: engines.PostgresqlDatabase, sqlite_file: Callable[[str], Path]
) -> None:
    postgresql_database.run(PERSON)
    postgresql_database.grant_reader()
    policy = {"allow_views": ["person_veiw"], "tables": {"person": {"deny": ["email"]}}}
    assert "person_view?" in await refusal(postgresql_database.reader_url, policy)
    assert "PostgreSQL only" in await refusal(str(sqlite_file(PERSON)), policy)


async def test_a_governed_view_over_a_governed_table_is_refused_at_the_start_on_sqlite(
    sqlite_file: Callable[[str], Path],
) -> None:
    """SQLite does not say on behalf of which of the two a column is read: the view would never be answered."""
    policy = {"tables": {"person": {"deny": ["email"]}, "person_view": {"where": "id = 1"}}}
    assert "person_view" in await refusal(str(sqlite_file(PERSON)), policy)


@pytest.mark.parametrize("name, setting", [("a.b", 'main."a.b"'), ("a[1]", "a[1]"), ("a?b", "main.a?b")])
async def test_a_table_of_any_name_can_be_denied(sqlite_file: Callable[[str], Path], name: str, setting: str) -> None:
    path = sqlite_file(f'CREATE TABLE "{name}" AS SELECT \'qzx\' AS what; CREATE TABLE "a1" (id integer);')
    async with running(path, {"deny_tables": [setting]}) as runtime:
        assert not (await outcome(runtime, f'SELECT * FROM "{name}"')).answered
        assert (await outcome(runtime, "SELECT * FROM a1")).answered


@pytest.mark.parametrize(
    "text, place",
    [
        ('[databases.d.policy.tables.person.mask]\nemail = "rot13"', "databases.d.policy.tables.person.mask.email"),
        ('[databases.d.policy.tables.person]\ndenied = ["email"]', "databases.d.policy.tables.person.denied"),
        ('[databases.d.policy]\ndeny = ["person"]', "databases.d.policy.deny"),
        (
            "[databases.d.policy.tables.person.mask]\nemail = { sql = '' }",
            "databases.d.policy.tables.person.mask.email",
        ),
        ('[databases.d.policy]\nhash_key = "short"', "databases.d.policy.hash_key"),
    ],
)
def test_a_setting_that_is_none_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "dbmcp.toml"
    file.write_text(f'[databases.d]\nurl = "postgresql://localhost/d"\n{text}\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(file=file)
    assert place in str(caught.value)
    assert "short" not in str(caught.value)


def test_the_key_of_the_hashes_is_random_when_unset_and_never_shown() -> None:
    first, second = PolicySettings(), PolicySettings()
    assert first.hash_key.get_secret_value() != second.hash_key.get_secret_value()
    assert "a key of 16 and more" not in repr(PolicySettings.model_validate({"hash_key": "a key of 16 and more"}))
    with pytest.raises(ValidationError):
        PolicySettings.model_validate({"hash_key": "short"})
