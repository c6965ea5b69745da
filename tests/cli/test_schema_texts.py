"""`dbmcp schema --format`: every text whole, for a file or a person."""

from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from dbmcp.catalog.texts import TEXTS
from dbmcp.cli.schema import command
from tests import engines

SQL = """CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL); -- who buys
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (id), due TEXT);
CREATE TABLE "Odd [bold]table[/bold]" (a TEXT)"""


@pytest.fixture
def shop(tmp_path: Path) -> str:
    return str(engines.build_sqlite_file(tmp_path / "shop.db", SQL))


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False, color=True)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", ["tree", *TEXTS])
def test_every_text_shows_all_tables_or_the_one_that_is_named(shop: str, name: str) -> None:
    whole, one = shown(shop, "--format", name), shown(shop, "invoice", "-f", name)
    assert "Odd" in whole
    assert "Odd" not in one
    assert "invoice" in one


def test_json_is_whole_and_sql_makes_the_tables_again(shop: str, tmp_path: Path) -> None:
    assert [item["name"] for item in json.loads(shown(shop, "-f", "json"))["tables"]] == [
        "Odd [bold]table[/bold]",
        "customer",
        "invoice",
    ]
    with closing(sqlite3.connect(tmp_path / "again.db")) as connection:
        connection.executescript(shown(shop, "-f", "sql"))
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone() == (3,)


def test_nothing_is_left_off_where_a_reply_would_be_cut(tmp_path: Path) -> None:
    many = ";".join(f"CREATE TABLE table_number_{number:04} (column_of_a_long_name TEXT)" for number in range(3_000))
    path = str(engines.build_sqlite_file(tmp_path / "many.db", many))
    assert shown(path, "-f", "names").count("\n") == 3_000
    assert shown(path, "-f", "lines").count("table_number_") == 3_000
    assert "more of 3000: offset=" in shown(path)


def test_what_a_pattern_does_not_find_and_an_unknown_text_are_refused(shop: str) -> None:
    refused = CliRunner().invoke(command, [shop, "zzzz", "-f", "lines"])
    assert "No table matches 'zzzz'" in str(refused.exception)
    unknown = CliRunner().invoke(command, [shop, "-f", "xml"])
    assert unknown.exit_code == 2
    assert "'tree', 'names', 'lines', 'ddl', 'json'" in unknown.output


def on_a_terminal(*arguments: str) -> str:
    """Run dbmcp where its output is a terminal, and return what it prints."""
    main, other = pty.openpty()
    environment = {**os.environ, "COLUMNS": "60", "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen([sys.executable, "-m", "dbmcp", *arguments], stdout=other, env=environment)
    os.close(other)
    printed = b""
    try:
        while True:
            try:
                part = os.read(main, 65_536)
            except OSError:
                break
            if not part:
                break
            printed += part
    finally:
        os.close(main)
    assert process.wait(timeout=60) == 0
    return printed.decode()


def test_a_person_sees_a_tree_in_which_names_are_no_markup(shop: str) -> None:
    tree = on_a_terminal("schema", shop)
    assert "3 tables and views" in tree
    assert "Odd [bold]table[/bold]" in tree
    assert "→ customer" in tree


def test_a_comment_does_not_steer_a_terminal(tmp_path: Path) -> None:
    evil = "CREATE TABLE t (a TEXT DEFAULT '\x1b[2J\x07', -- red \x1b[31m\nb TEXT)"
    path = str(engines.build_sqlite_file(tmp_path / "evil.db", evil))
    assert "\x1b[2J" in shown(path, "-f", "sql")
    for name in ("sql", "ddl", "tree", "json"):
        printed = on_a_terminal("schema", path, "-f", name)
        assert "\x1b[2J" not in printed
        assert "\x07" not in printed
