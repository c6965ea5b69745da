"""`dbmcp query --save`: an ad-hoc statement becomes a file of a named query."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbmcp.limits import Limits
from dbmcp.named_queries.library import load
from dbmcp.named_queries.model import Home
from tests import engines
from tests.cli.test_main import dbmcp

SQL = "SELECT name FROM item WHERE name = 'b' AND id >= 2 ORDER BY id"
FILE = """\
/*
# Say what the rows are, and what each parameter is for: that is what a model chooses by.
description = "Reads item."

[parameters.name]
type = "string"
description = "the name"

[parameters.min_id]
type = "integer"
description = "id from this on"

[[examples]]
arguments = { name = "b", min_id = 2 }
rows = 1
*/
SELECT name FROM item WHERE name = :name AND id >= :min_id ORDER BY id
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small database."""
    engines.build_sqlite_file(
        tmp_path / "shop.db", "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT);INSERT INTO item VALUES (2, 'b')"
    )
    return tmp_path


def test_a_statement_is_run_and_saved_with_its_values_as_an_example(folder: Path) -> None:
    code, out, err = dbmcp("query", "shop.db", SQL, "--save", "stock/items", cwd=folder)
    assert (code, out) == (0, "name\nb\n")
    saved = folder / "queries" / "stock" / "items.sql"
    assert str(saved.relative_to(folder)) in err
    assert saved.read_text(encoding="utf-8") == FILE
    query = load([folder / "queries"], {"shop": Home("sqlite")}, Limits()).queries["items"]
    assert query.group == "stock"


def test_a_dry_run_is_saved_without_a_number_of_rows(folder: Path) -> None:
    assert dbmcp("query", "shop.db", SQL, "--dry-run", "--save", "items", "--queries", "mine", cwd=folder)[0] == 0
    assert (folder / "mine" / "items.sql").read_text(encoding="utf-8") == FILE.replace("rows = 1\n", "")


def test_rows_that_were_cut_are_no_number_to_expect(folder: Path) -> None:
    engines.build_sqlite_file(folder / "shop.db", "INSERT INTO item VALUES (3, 'b')")
    assert dbmcp("query", "shop.db", SQL, "--limit", "1", "--save", "items", cwd=folder)[0] == 0
    assert "rows =" not in (folder / "queries" / "items.sql").read_text(encoding="utf-8")


def test_the_folder_of_the_settings_is_taken(folder: Path) -> None:
    (folder / "dbmcp.toml").write_text('queries = ["reviewed"]\n[databases.shop]\nurl = "shop.db"\n', encoding="utf-8")
    assert dbmcp("query", SQL, "--save", "items", cwd=folder)[0] == 0
    assert (folder / "reviewed" / "items.sql").is_file()


def test_a_query_of_one_database_of_several_names_it(folder: Path) -> None:
    settings = '[databases.shop]\nurl = "shop.db"\n[databases.old]\nurl = "shop.db"\n'
    (folder / "dbmcp.toml").write_text(settings, encoding="utf-8")
    assert dbmcp("query", SQL, "-d", "old", "--save", "items", cwd=folder)[0] == 0
    assert '\ndatabase = "old"\n' in (folder / "queries" / "items.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name,why",
    [
        ("../items", "'../items' is no name for a query"),
        ("Items", "'Items' is no name for a query"),
        ("/items", "'/items' is no name for a query"),
        ("a" * 41, "is no name for a query"),
        ("query", "query is the name of a tool of dbmcp's own"),
        ("taken", "is there already; choose another name"),
    ],
)
def test_a_name_that_will_not_do_is_refused_before_anything_is_run(folder: Path, name: str, why: str) -> None:
    (folder / "queries").mkdir()
    (folder / "queries" / "taken.sql").write_text("mine", encoding="utf-8")
    code, out, err = dbmcp("query", "shop.db", SQL, "--save", name, cwd=folder)
    assert (code, out) == (2, "")
    assert why in err
    assert [path.name for path in (folder / "queries").iterdir()] == ["taken.sql"]
    assert (folder / "queries" / "taken.sql").read_text(encoding="utf-8") == "mine"


def test_a_statement_that_is_refused_is_not_saved(folder: Path) -> None:
    assert dbmcp("query", "shop.db", "DELETE FROM item", "--save", "items", cwd=folder)[0] == 1
    assert not (folder / "queries").exists()


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "file").write_text("", encoding="utf-8")
    code, out, err = dbmcp("query", "shop.db", SQL, "--save", "x/items", "--queries", "file", cwd=folder)
    assert code != 0
    assert "file" in err
    assert "Traceback" not in out + err
