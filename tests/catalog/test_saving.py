"""A saved catalog: what comes back is equal, and what cannot be read is refused with the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint
from dbmcp.catalog.saving import FORMAT, VERSION, dump, load
from dbmcp.errors import ConfigError
from tests import engines
from tests.catalog.hostile import hostile
from tests.catalog.snapshots import FOLDER, feature_sql, snapshot


def test_everything_comes_back_equal_on_postgresql(postgresql_database: engines.PostgresqlDatabase) -> None:
    for sql in feature_sql(postgresql_database):
        postgresql_database.run(sql)
    catalog = snapshot(postgresql_database.url)
    assert load(dump(catalog)) == catalog
    assert repr(load(dump(catalog))) == repr(catalog)


def test_everything_comes_back_equal_on_sqlite(sqlite_file: Callable[[str], Path]) -> None:
    catalog = snapshot(str(sqlite_file((FOLDER / "sqlite.sql").read_text("utf-8"))))
    assert repr(load(dump(catalog))) == repr(catalog)


def test_any_names_come_back_equal_through_a_file(tmp_path: Path) -> None:
    catalog = hostile()
    path = tmp_path / "saved.json"
    path.write_text(dump(catalog), encoding="utf-8")
    assert load(path.read_text(encoding="utf-8")) == catalog
    assert load(dump(Catalog())) == Catalog()


def test_what_is_as_usual_is_not_written() -> None:
    catalog = Catalog((Relation("public", "a", "table", columns=(Column("b", "text"),)),))
    assert json.loads(dump(catalog)) == {
        "format": FORMAT,
        "version": VERSION,
        "catalog": {
            "relations": [
                {"schema": "public", "name": "a", "kind": "table", "columns": [{"name": "b", "type": "text"}]},
            ]
        },
    }


def saved(**changes: Any) -> str:
    key = Constraint("c", "foreign", ("b",), ("public", "a"), ("b",))
    table = Relation("public", "a", "table", columns=(Column("b", "text"),), constraints=(key,))
    content = json.loads(dump(Catalog((table,), bare={"a": ("public", "a")})))
    relation = content["catalog"]["relations"][0]
    relation.update(changes)
    return json.dumps(content)


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "The file is no saved catalog: it is not JSON."),
        ("[" * 100_000, "The file is no saved catalog: it is not JSON."),
        ("[]", "The file is no saved catalog."),
        ('{"tables": []}', "The file is no saved catalog."),
        (json.dumps({"format": FORMAT}), "The saved catalog does not say its version."),
        (json.dumps({"format": FORMAT, "version": True}), "The saved catalog does not say its version."),
        (json.dumps({"format": FORMAT, "version": 0}), "The saved catalog does not say its version."),
        (
            json.dumps({"format": FORMAT, "version": VERSION + 1, "catalog": {"new": 1}}),
            f"The catalog was saved by a later dbmcp: its version is {VERSION + 1}, and this one reads {VERSION}.",
        ),
        (json.dumps({"format": FORMAT, "version": VERSION}), "catalog should be an object."),
        (saved(rows="3"), "catalog.relations[0].rows should be a whole number."),
        (saved(rows=True), "catalog.relations[0].rows should be a whole number."),
        (saved(readable=1), "catalog.relations[0].readable should be true or false."),
        (saved(name=None), "catalog.relations[0].name should be a text."),
        (saved(columns=3), "catalog.relations[0].columns should be a list."),
        (saved(columns=[{"name": "b"}]), "catalog.relations[0].columns[0] has no 'type'."),
        (saved(parents=[["public"]]), "catalog.relations[0].parents[0] should have 2 items."),
        (saved(shape="round"), "catalog.relations[0] has 'shape', which this dbmcp does not know; a later one may."),
        (saved(by_name={}), "catalog.relations[0] has 'by_name', which this dbmcp does not know; a later one may."),
        (
            saved(row_security="off"),
            "catalog.relations[0].row_security should be one of enabled, forced, forced when enabled.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert caught.value.message.removeprefix("The saved catalog is damaged: ") == message
    assert caught.value.hint


def test_a_type_that_goes_too_deep_is_refused() -> None:
    text = saved(columns=[{"name": "b", "type": "t", "data_type": "DEEP"}])
    # No deeper than the parser takes.
    deep = '{"kind":"array","name":"a","element":' * 900 + "null" + "}" * 900
    with pytest.raises(ConfigError, match=r"damaged: it goes too deep|not JSON"):
        load(text.replace('"DEEP"', deep))
