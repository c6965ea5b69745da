"""`dbmcp run` and `dbmcp queries` from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import engines
from tests.cli.test_main import dbmcp
from tests.named_queries.files import sql_file, write

ITEMS = sql_file(
    """title = "Items"
description = "What there is."
[parameters.ids]
type = "integer"
array = true
optional = true
[parameters.like]
type = "string"
optional = true""",
    """SELECT id, name FROM item WHERE true
/*[*/ AND id IN (SELECT value FROM json_each(:ids)) /*]*/
/*[*/ AND name LIKE :like /*]*/
ORDER BY id""",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a database, a named query and settings for both."""
    rows = ", ".join(f"({number}, 'n{number}')" for number in range(1, 6))
    engines.build_sqlite_file(
        tmp_path / "shop.db", f"CREATE TABLE item (id int, name text); INSERT INTO item VALUES {rows}"
    )
    write(tmp_path / "queries", "sales/items", ITEMS)
    (tmp_path / "dbmcp.toml").write_text('queries = ["queries"]\n[databases.shop]\nurl = "shop.db"\n')
    return tmp_path


@pytest.mark.parametrize(
    "words, rows",
    [
        ([], "1,n1\n2,n2\n3,n3\n4,n4\n5,n5\n"),
        (["ids=[1, 5]"], "1,n1\n5,n5\n"),
        (["ids=1", "ids=5"], "1,n1\n5,n5\n"),
        (["like=n2", "ids=[1,2,3]"], "2,n2\n"),
        (["like='; DROP TABLE item; --"], ""),
    ],
)
def test_a_query_runs_with_its_arguments(folder: Path, words: list[str], rows: str) -> None:
    assert dbmcp("run", "items", *words, cwd=folder) == (0, f"id,name\n{rows}", "")


def test_a_query_runs_in_another_format_and_says_what_was_cut(folder: Path) -> None:
    code, out, err = dbmcp("run", "items", "-f", "json", env={"DBMCP_LIMITS__ROWS": "1"}, cwd=folder)
    assert (code, out) == (0, '{"columns":["id","name"],"rows":[\n[1,"n1"]\n]}\n')
    assert err.startswith("Cut to 1 rows; there are more.")


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["run", "item"], "There is no named query 'item'. Did you mean items?"),
        (["run", "items", "ids"], "'ids' is no argument. Write it as key=value."),
        (["run", "items", "id=1"], "There is no parameter 'id'. Did you mean ids?"),
        (["run", "items", "ids=x"], "Item 1 of the parameter 'ids' must be an integer."),
        (["queries", "show", "item"], "Did you mean items?"),
    ],
)
def test_what_a_caller_can_mend_ends_with_1(folder: Path, arguments: list[str], said: str) -> None:
    code, out, err = dbmcp(*arguments, cwd=folder)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize("arguments", [["run", "items"], ["queries", "list"], ["queries", "show", "items"]])
def test_faults_and_missing_folders_end_with_2(folder: Path, arguments: list[str]) -> None:
    write(folder / "queries", "gone", sql_file("", "DELETE FROM item"))
    write(folder / "queries", "bad", "no front matter")
    code, out, err = dbmcp(*arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert "queries/bad.sql:1:1: The file has no front matter." in err
    assert "queries/gone.sql:4:1: DELETE changes the database." in err
    (folder / "dbmcp.toml").write_text('[databases.shop]\nurl = "shop.db"\n')
    code, out, err = dbmcp(*arguments, cwd=folder)
    assert (code, out) == (2, "")
    assert "There are no named queries. Give --queries" in err


def test_queries_are_listed_found_and_shown_without_their_database(folder: Path) -> None:
    line = "items(ids?: [integer], like?: string) -- What there is.\n"
    write(folder / "queries", "stock", sql_file('description = "Other things."'))
    (folder / "dbmcp.toml").write_text(
        'queries = ["queries"]\n[databases.shop]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n'
    )
    (folder / "queries" / "sales" / "items.sql").write_text(
        ITEMS.replace("(SELECT value FROM json_each(:ids))", "(:ids)")
    )
    assert dbmcp("queries", "list", cwd=folder) == (0, f"{line}stock() -- Other things.\n", "")
    assert dbmcp("queries", "list", "what", "items", "are", "there", cwd=folder) == (0, line, "")
    code, out, err = dbmcp("queries", "show", "items", cwd=folder)
    assert (code, err) == (0, "")
    assert out.startswith(f"{line}  title: Items\n  file: queries/sales/items.sql\n  group: sales\n")
    assert out.endswith("ORDER BY id\n")


def test_a_folder_can_be_added_for_one_run(folder: Path) -> None:
    write(folder / "more", "extra", sql_file("", "SELECT 7 AS seven"))
    assert dbmcp("run", "extra", "--queries", "more", cwd=folder) == (0, "seven\n7\n", "")
    assert len(dbmcp("queries", "list", "--queries", "more", cwd=folder)[1].splitlines()) == 2


def test_a_new_query_is_good_as_it_is_and_never_written_over(folder: Path) -> None:
    code, out, err = dbmcp("queries", "new", "stock/on_hand", cwd=folder)
    assert (code, out, err) == (0, "queries/stock/on_hand.sql\n", "")
    text = (folder / "queries" / "stock" / "on_hand.sql").read_text()
    assert 'title = "On hand"' in text
    assert dbmcp("check", "--live", cwd=folder)[0] == 0
    assert dbmcp("run", "on_hand", "top=1", cwd=folder) == (0, "one\n1\n", "")
    code, _, err = dbmcp("queries", "new", "stock/on_hand", cwd=folder)
    assert code == 2
    assert "is there already" in err
    assert (folder / "queries" / "stock" / "on_hand.sql").read_text() == text


@pytest.mark.parametrize("name", ["On-hand", "1st", "a/../b", "/tmp/x", "query", "x" * 41, ""])
def test_a_new_query_of_no_name_is_refused(folder: Path, name: str) -> None:
    code, out, err = dbmcp("queries", "new", name, cwd=folder)
    assert (code, out) == (2, "")
    assert "Usage:" in err


def test_a_new_query_may_name_its_database(folder: Path) -> None:
    (folder / "dbmcp.toml").write_text(
        'queries = ["queries"]\n[databases.a]\nurl = "shop.db"\n[databases.b]\nurl = "shop.db"\n'
    )
    (folder / "queries" / "sales" / "items.sql").unlink()
    assert dbmcp("queries", "new", "on_hand", "--database", "b", cwd=folder)[0] == 0
    assert dbmcp("check", cwd=folder)[0] == 0
