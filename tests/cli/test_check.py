"""`dbmcp check` from outside: every fault, for people, programs and GitHub, and exit codes that CI can go by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import engines
from tests.cli.test_main import dbmcp
from tests.named_queries.files import sql_file, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a database and a good named query."""
    engines.build_sqlite_file(
        tmp_path / "shop.db", "CREATE TABLE item (id integer, name text); INSERT INTO item VALUES (1, 'a')"
    )
    write(tmp_path / "queries", "sales/items", sql_file("[[examples]]\nrows = 1", "SELECT id, name\nFROM item"))
    return tmp_path


def spoil(folder: Path) -> None:
    """Write two bad files beside the good one."""
    write(folder / "queries", "gone", sql_file("", "DELETE FROM item"))
    write(folder / "queries", "odd,name%", "SELECT 1")


def test_good_files_end_with_0(folder: Path) -> None:
    assert dbmcp("check", "queries", cwd=folder) == (0, "No faults: 1 query, 1 text.\n", "")


def test_every_fault_of_every_file_is_told_and_ends_with_1(folder: Path) -> None:
    spoil(folder)
    code, out, err = dbmcp("check", "queries", cwd=folder)
    assert (code, err) == (1, "")
    gone, odd, nothing, total = out.splitlines()
    assert gone.startswith("queries/gone.sql:4:1: DELETE changes the database. Send one SELECT")
    assert odd.startswith("queries/odd,name%.sql:1:1: 'odd,name%.sql' is no name for a query.")
    assert nothing.startswith("queries/odd,name%.sql:1:1: The file has no front matter.")
    assert total == "3 faults."


def test_faults_come_as_json(folder: Path) -> None:
    spoil(folder)
    code, out, _ = dbmcp("check", "queries", "--format", "json", cwd=folder)
    assert code == 1
    faults = json.loads(out)["faults"]
    assert len(faults) == 3
    assert faults[0] == {
        "file": "queries/gone.sql",
        "line": 4,
        "column": 1,
        "message": "DELETE changes the database.",
        "hint": "Send one SELECT, VALUES or WITH … SELECT statement; this server only reads.",
    }
    assert json.loads(dbmcp("check", "queries/sales", "-f", "json", cwd=folder)[1]) == {
        "queries": 1,
        "variants": 1,
        "examples": 0,
        "faults": [],
    }


def test_faults_come_as_annotations_of_github_with_its_escapes(folder: Path) -> None:
    """The escapes are those that GitHub's runner undoes: % and line ends everywhere, : and , in properties."""
    spoil(folder)
    code, out, _ = dbmcp("check", "queries", "--format", "github", cwd=folder)
    assert code == 1
    gone, odd, _, total = out.splitlines()
    assert gone.startswith("::error file=queries/gone.sql,line=4,col=1,title=dbmcp check::DELETE changes the database.")
    assert odd.startswith("::error file=queries/odd%2Cname%25.sql,line=1,col=1,title=dbmcp check::'odd,name%25.sql'")
    assert total == "3 faults."


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["check"], "There are no named queries to check"),
        (["check", "nowhere"], "does not exist"),
        (["check", "queries", "--update"], "give both"),
        (["check", "queries", "--live"], "There is no database"),
        (["check", "queries", "--config", "none.toml"], "There is no file 'none.toml'"),
        (["check", "queries", "--format", "xml"], "xml"),
    ],
)
def test_a_wrong_use_or_configuration_ends_with_2(folder: Path, arguments: list[str], said: str) -> None:
    code, out, err = dbmcp(*arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert said in err


def test_a_database_that_does_not_answer_is_no_fault_of_a_file(folder: Path) -> None:
    env = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    code, out, err = dbmcp("check", "queries", "--live", env=env, cwd=folder)
    assert (code, out) == (2, "")
    assert "The database cannot be reached" in err


def test_without_a_database_the_dialect_says_whose_sql_it_is(folder: Path) -> None:
    write(folder / "queries", "late", sql_file("", "SELECT julianday('now') AS day"))
    assert dbmcp("check", "queries", cwd=folder)[0] == 1
    assert dbmcp("check", "queries", "--dialect", "sqlite", cwd=folder)[0] == 0


def test_without_a_database_files_may_name_any(folder: Path) -> None:
    write(folder / "queries", "sales/items", sql_file('database = "shop"'))
    write(folder / "queries", "sales/others", sql_file('database = ["shop", "stock"]'))
    assert dbmcp("check", "queries", cwd=folder)[0] == 0


def test_the_settings_say_what_is_checked_where_no_folder_is_named(folder: Path) -> None:
    (folder / "dbmcp.toml").write_text(
        'queries = ["queries"]\nquery_groups = ["sales"]\n[databases.shop]\nurl = "shop.db"\n'
    )
    assert dbmcp("check", cwd=folder)[:2] == (0, "No faults: 1 query, 1 text.\n")
    write(folder / "queries", "gone", sql_file("", "DELETE FROM item"))
    assert dbmcp("check", cwd=folder)[0] == 1, "a group that is not served is checked as well"


def test_a_dropped_column_fails_a_live_check_with_its_place(folder: Path) -> None:
    env = {"DATABASE_URL": "shop.db"}
    code, out, err = dbmcp("check", "queries", "--live", "--update", env=env, cwd=folder)
    assert (code, out) == (0, "No faults: 1 query, 1 text, 1 example.\n")
    assert err == "queries/queries.snapshot.json is written: commit it.\n"
    assert dbmcp("check", "queries", "--live", env=env, cwd=folder) == (0, out, "")
    engines.build_sqlite_file(folder / "shop.db", "ALTER TABLE item DROP COLUMN name")
    code, out, _ = dbmcp("check", "queries", "--live", env=env, cwd=folder)
    assert code == 1
    assert out == "queries/sales/items.sql:6:12: No such column: name.\n1 fault.\n"


def test_the_samples_are_good_on_the_demo_database(tmp_path: Path) -> None:
    code, out, _ = dbmcp("check", "--demo", "--live", env={"XDG_CACHE_HOME": str(tmp_path)}, cwd=tmp_path)
    assert code == 0, out
    assert out.startswith("No faults: ")
