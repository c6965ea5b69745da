"""`dbmcp diff`: databases and saved catalogs, what differs, and exit codes that a script can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import engines
from tests.cli.test_main import SECRET, dbmcp

OLD = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT);"
NEW = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC); CREATE TABLE shop (id INTEGER);"
DIFFERENCES = """\
~ table main.item
    ~ column name: not null no → yes
    + column price numeric
+ table main.shop (1 column)
1 added, 1 changed.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two databases, the first of them saved."""
    engines.build_sqlite_file(tmp_path / "old.db", OLD)
    engines.build_sqlite_file(tmp_path / "new.db", NEW)
    assert dbmcp("schema", "old.db", "--save", "old.json", cwd=tmp_path)[0] == 0
    return tmp_path


@pytest.mark.parametrize("before", ["old.db", "old.json", "sqlite:///old.db"])
def test_databases_and_saved_catalogs_are_compared(folder: Path, before: str) -> None:
    assert dbmcp("diff", before, "new.db", cwd=folder) == (1, DIFFERENCES, "")
    assert dbmcp("diff", before, "old.db", cwd=folder) == (0, "No differences.\n", "")


def test_saved_catalogs_need_no_database(folder: Path) -> None:
    (folder / "old.db").unlink()
    assert dbmcp("diff", "old.json", "old.json", cwd=folder) == (0, "No differences.\n", "")


def test_without_a_second_name_the_database_of_the_settings_is_meant(folder: Path) -> None:
    assert dbmcp("diff", "old.json", env={"DATABASE_URL": "new.db"}, cwd=folder) == (1, DIFFERENCES, "")
    (folder / "dbmcp.toml").write_text('[databases.first]\nurl = "old.db"\n[databases.second]\nurl = "new.db"\n')
    assert dbmcp("diff", "first", "second", cwd=folder) == (1, DIFFERENCES, "")
    assert dbmcp("diff", "second", "old.json", cwd=folder)[0] == 1
    code, _, err = dbmcp("diff", "old.json", cwd=folder)
    assert (code, "Name one of first, second." in err) == (2, True)
    code, _, err = dbmcp("diff", "first", "secnd", cwd=folder)
    assert (code, "Did you mean second?" in err) == (2, True)


def test_programs_get_json(folder: Path) -> None:
    code, out, _ = dbmcp("diff", "old.db", "new.db", "--format", "json", cwd=folder)
    assert code == 1
    assert [(item["change"], item["kind"], item["name"]) for item in json.loads(out)] == [
        ("changed", "table", "main.item"),
        ("added", "table", "main.shop"),
    ]
    assert dbmcp("diff", "old.db", "old.db", "-f", "json", cwd=folder) == (0, "[]\n", "")


def test_what_cannot_be_compared_is_not_different(folder: Path) -> None:
    (folder / "later.json").write_text('{"format": "dbmcp catalog", "version": 99}')
    (folder / "other.json").write_text('{"rows": []}')
    for arguments, message in (
        (["old.db", "gone.db"], "gone.db"),
        (["gone.json", "old.db"], "gone.json cannot be read: No such file or directory."),
        (["later.json", "old.db"], "later.json: The catalog was saved by a later dbmcp: its version is 99"),
        (["other.json", "old.db"], "other.json: The file is no saved catalog."),
        (["old.db", f"postgresql://someone:{SECRET}@127.0.0.1:1/shop"], "reached"),
        (["old.db", "nowhere"], "There is no file and no database 'nowhere'."),
        ([], "Missing argument"),
    ):
        code, out, err = dbmcp("diff", *arguments, cwd=folder)
        assert (code, out) == (2, ""), arguments
        assert message in err
        assert SECRET not in err


def test_what_a_policy_hides_is_in_no_file_and_no_difference(tmp_path: Path) -> None:
    for name, kind in (("a.db", "TEXT DEFAULT 'qzx'"), ("b.db", "INTEGER")):
        engines.build_sqlite_file(
            tmp_path / name, f"CREATE TABLE vault (gold {kind}); CREATE TABLE item (id INTEGER, secret {kind})"
        )
    policy = 'policy = {deny_tables = ["vault"], tables = {item = {deny = ["secret"]}}}'
    (tmp_path / "dbmcp.toml").write_text(
        f'[databases.a]\nurl = "a.db"\n{policy}\n[databases.b]\nurl = "b.db"\n{policy}\n'
    )
    assert dbmcp("diff", "a", "b", cwd=tmp_path) == (0, "No differences.\n", "")
    assert dbmcp("schema", "-d", "a", "--save", "a.json", cwd=tmp_path)[0] == 0
    saved = (tmp_path / "a.json").read_text()
    assert "item" in saved
    assert not any(word in saved for word in ("vault", "gold", "secret", "qzx"))
