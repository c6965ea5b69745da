"""`dbmcp models`: what is written where, and what is not written over."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dbmcp.codegen import TARGETS
from tests import engines
from tests.cli.test_main import dbmcp

SHOP = """CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer);
CREATE TRIGGER t AFTER INSERT ON invoice BEGIN SELECT 1; END;"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engines.build_sqlite_file(tmp_path / "shop.db", SHOP)
    return tmp_path


def test_the_targets_are_listed(folder: Path) -> None:
    code, out, _ = dbmcp("models", "--list", cwd=folder)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(TARGETS)


def test_without_out_the_text_is_printed_and_the_summary_told_apart(folder: Path) -> None:
    code, out, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", cwd=folder)
    assert code == 0
    assert "class Invoice(Base):" in out
    assert err.splitlines() == [
        f"sqlalchemy: 2 classes, 2 relationships in models.py, {out.count(chr(10))} lines",
        "left out: triggers: t of invoice",
    ]


def test_a_file_is_written_and_written_anew(folder: Path) -> None:
    write = ("models", "shop.db", "-t", "sqlalchemy", "--out", "app/models.py")
    assert dbmcp(*write, cwd=folder)[:2] == (0, "")
    first = (folder / "app/models.py").read_bytes()
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("ALTER TABLE customer ADD COLUMN mail TEXT")
    connection.close()
    assert dbmcp(*write, cwd=folder)[0] == 0
    assert b"mail: Mapped" in (folder / "app/models.py").read_bytes()
    assert b"mail: Mapped" not in first


def test_a_file_of_somebody_else_is_left_alone(folder: Path) -> None:
    (folder / "models.py").write_text("# mine\n")
    code, _, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", "--out", "models.py", cwd=folder)
    assert (code, "dbmcp has not written it" in err) == (1, True)
    assert (folder / "models.py").read_text() == "# mine\n"


def test_a_package_is_a_folder_of_a_file_for_each_table(folder: Path) -> None:
    code, _, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", "--package", "--out", "shop", cwd=folder)
    assert (code, "in 4 files" in err) == (0, True)
    names = {path.name for path in (folder / "shop").iterdir()}
    assert names == {"__init__.py", "base.py", "customer.py", "invoice.py"}
    code, _, err = dbmcp("models", "shop.db", "-t", "sqlalchemy", "--package", cwd=folder)
    assert (code, "needs --out" in err) == (2, True)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("-t", "sqlalchmy"), "Did you mean sqlalchemy?"),
        (("-t", "sqlalchemy", "--tables", "invoce"), "Did you mean invoice?"),
        (("-t", "sqlalchemy", "--schema", "other"), "No schema with a table fits 'other'."),
        (("-t", "sqlalchemy", "--base", "1st"), "base must be a name"),
    ],
)
def test_what_cannot_be_is_said_with_what_could(folder: Path, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = dbmcp("models", "shop.db", *arguments, cwd=folder)
    assert (code, out) == (1, "")
    assert told in err


def test_choices_are_heard(folder: Path) -> None:
    arguments = ("--tables", "invoice,cust*", "--no-relationships", "--base", "Model", "--naming", "database")
    code, out, _ = dbmcp("models", "shop.db", "-t", "sqlalchemy", *arguments, cwd=folder)
    assert code == 0
    assert "class Customer(Model):" in out
    assert "relationship" not in out
