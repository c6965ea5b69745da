"""`dbmcp explain`: what it prints, and when it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import engines
from tests.cli.test_main import dbmcp


def test_a_plan_is_printed_with_hints(tmp_path: Path) -> None:
    engines.build_sqlite_file(tmp_path / "shop.db", "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
    code, out, _ = dbmcp("explain", "shop.db", "SELECT * FROM item LIMIT 5 OFFSET 3000", cwd=tmp_path)
    assert code == 0
    assert out.splitlines()[0] == "SCAN item"
    assert out.splitlines()[1].startswith("! OFFSET 3000")
    assert dbmcp("explain", "shop.db", "-", stdin="SELECT * FROM item", cwd=tmp_path)[1] == "SCAN item\n"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("DELETE FROM item",), "DELETE changes the database"),
        (("SELECT nope FROM item",), "No such column: nope"),
        (("--analyze", "SELECT 1"), "SQLite cannot measure a plan"),
    ],
)
def test_what_cannot_be_explained_is_an_error(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    engines.build_sqlite_file(tmp_path / "shop.db", "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
    code, out, err = dbmcp("explain", "shop.db", *arguments, cwd=tmp_path)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.postgresql
def test_a_database_of_the_command_line_may_be_measured_and_one_of_the_settings_only_where_it_is_allowed(
    postgresql_database: engines.PostgresqlDatabase, tmp_path: Path
) -> None:
    postgresql_database.run("CREATE TABLE item AS SELECT 1 AS id")
    postgresql_database.grant_reader()
    sql = "SELECT * FROM item"
    code, out, _ = dbmcp("explain", postgresql_database.reader_url, "--analyze", sql, cwd=tmp_path)
    assert code == 0
    assert "; found 1 in " in out
    env = {"DBMCP_DATABASES__SHOP__URL": postgresql_database.reader_url}
    code, out, err = dbmcp("explain", "--analyze", sql, env=env, cwd=tmp_path)
    assert (code, out) == (1, "")
    assert "databases.shop.explain_analyze = true" in err
    env["DBMCP_DATABASES__SHOP__EXPLAIN_ANALYZE"] = "true"
    assert "; found 1 in " in dbmcp("explain", "--analyze", sql, env=env, cwd=tmp_path)[1]
