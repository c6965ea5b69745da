"""What every codegen target promises, run over the registry: the same bytes, whatever the names, nothing hidden."""

from __future__ import annotations

import ast
import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dbmcp.catalog.govern import govern
from dbmcp.catalog.model import Catalog
from dbmcp.cli.models import _choices, command
from dbmcp.codegen import TARGETS, record, target
from dbmcp.codegen.base import Choices
from dbmcp.policy import Policy, PolicySettings
from tests import engines
from tests.catalog.snapshots import FOLDER, feature_sql, snapshot
from tests.codegen.conftest import postgresql_server

__all__ = ["postgresql_server"]

HOSTILE = Path(__file__).parents[1] / "codegen" / "hostile.sql"


@pytest.fixture(params=sorted(TARGETS))
def name(request: pytest.FixtureRequest) -> str:
    """Return each target of the registry."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def catalogs(
    postgresql_server: engines.PostgresqlServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Catalog]:
    """Return the snapshots that every target is given."""
    found = {"empty": Catalog()}
    for kind in ("feature", "hostile"):
        with engines.fresh_postgresql_database(postgresql_server) as database:
            for sql in feature_sql(database) if kind == "feature" else [HOSTILE.read_text("utf-8")]:
                database.run(sql)
            found[kind] = snapshot(database.url)
    path = tmp_path_factory.mktemp("catalogs") / "feature.sqlite"
    found["sqlite"] = snapshot(str(engines.build_sqlite_file(path, (FOLDER / "sqlite.sql").read_text("utf-8"))))
    return found


def test_a_target_says_in_a_line_what_it_writes(name: str) -> None:
    assert target(name).DESCRIPTION
    assert "\n" not in target(name).DESCRIPTION


@pytest.mark.parametrize("kind", ["empty", "feature", "hostile", "sqlite"])
def test_every_catalog_becomes_files_of_text(name: str, catalogs: dict[str, Catalog], kind: str) -> None:
    made = target(name).generate(catalogs[kind], Choices())
    assert made.files
    for file, text in made.files.items():
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "\x1b" not in text, "signs that a terminal would obey"
        assert "\u202e" not in text
        if file.endswith(".py"):
            ast.parse(text)
    assert all("\n" not in line for line in made.left_out)
    first = next(iter(made.files.values()))
    assert all(line.split(":")[0] in " ".join(first.split()) for line in made.left_out), "the header lists them"


@pytest.mark.parametrize(
    "choices",
    [
        Choices(),
        Choices(("it's *", "b"), ("x",), relationships=False, is_package=True, base="Model"),
        Choices(constraints=False, views=False, naming="database"),
    ],
)
def test_the_header_can_say_what_a_target_was_asked_for(
    name: str, catalogs: dict[str, Catalog], choices: Choices
) -> None:
    whole = replace(choices, tables=(), schemas=())
    asked = record.options(name, choices)
    files = record.recorded(target(name).generate(catalogs["feature"], whole).files, asked)
    assert record.options_in(files.values()) == asked
    given = command.make_context("models", asked).params
    assert _choices(given["schemas"], given["tables"], given) == choices


_HASHED = """
import hashlib, pickle, sys
from dbmcp.codegen import target
from dbmcp.codegen.base import Choices
catalogs = pickle.load(sys.stdin.buffer)
made = [sorted(target(sys.argv[1]).generate(each, Choices()).files.items()) for each in catalogs]
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


def test_the_same_catalog_gives_the_same_bytes_whatever_the_hash_seed(name: str, catalogs: dict[str, Catalog]) -> None:
    given = pickle.dumps(list(catalogs.values()))
    found = set()
    for seed in ("0", "1", "2", "3", "random"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", _HASHED, name]
        ran = subprocess.run(command, input=given, capture_output=True, env=environment, check=True, timeout=120)
        found.add(ran.stdout)
    assert len(found) == 1


def test_what_a_policy_hides_is_in_no_file(name: str, postgresql_database: engines.PostgresqlDatabase) -> None:
    postgresql_database.run(
        "CREATE TYPE kind AS ENUM ('qzx_label'); CREATE SCHEMA vault; CREATE TABLE vault.gold (id integer PRIMARY KEY);"
        "CREATE TABLE person (id integer PRIMARY KEY, gone text, note text DEFAULT 'qzx' CHECK (note <> 'qzx'),"
        " kind kind, gold integer REFERENCES vault.gold); CREATE INDEX i ON person (id) WHERE note = 'qzx';"
        "CREATE VIEW v AS SELECT gone FROM person"
    )
    rules = {
        "deny_tables": ["vault.*"],
        "tables": {"person": {"deny": ["gone"], "mask": {"note": "redact", "kind": "null"}}},
    }
    governed = govern(snapshot(postgresql_database.url), Policy(PolicySettings.model_validate(rules), "public"))
    text = json.dumps(dict(target(name).generate(governed, Choices()).files)).lower()
    assert "person" in text
    for secret in ("gone", "qzx", "vault"):
        assert secret not in text
