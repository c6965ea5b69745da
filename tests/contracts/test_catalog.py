"""What every dialect's snapshot of its feature schema holds: one of everything that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint, Index
from dbmcp.catalog.types import Kind
from dbmcp.dialects import DIALECTS
from tests import engines
from tests.catalog.snapshots import FOLDER, feature_sql, snapshot


def relation(holds: Callable[[Relation], object]) -> Callable[[Catalog], bool]:
    return lambda catalog: any(holds(item) for item in catalog.relations)


def column(holds: Callable[[Column], object]) -> Callable[[Catalog], bool]:
    return relation(lambda item: any(holds(found) for found in item.columns))


def constraint(kind: str, holds: Callable[[Constraint], object] = bool) -> Callable[[Catalog], bool]:
    return relation(lambda item: any(found.kind == kind and holds(found) for found in item.constraints))


def index(holds: Callable[[Index], object]) -> Callable[[Catalog], bool]:
    return relation(lambda item: any(holds(found) for found in item.indexes))


def kind(name: str) -> Callable[[Catalog], bool]:
    return relation(lambda item: item.kind == name)


def value(name: str) -> Callable[[Catalog], bool]:
    return column(lambda item: item.data_type.kind == name)


ITEMS: dict[str, Callable[[Catalog], object]] = {
    **{
        f"a {name}": kind(name) for name in ("table", "view", "materialized view", "foreign table", "partitioned table")
    },
    "a virtual table": kind("virtual table"),
    "the tables behind a virtual table": relation(lambda item: item.kind == "shadow table" and item.made_by),
    "an unlogged table": relation(lambda item: item.unlogged),
    "options of a table": relation(lambda item: item.kind == "table" and item.options),
    "options of a view": relation(lambda item: item.kind == "view" and item.options),
    "a view's definition": relation(lambda item: item.kind == "view" and item.definition),
    "a broken view": relation(lambda item: item.kind == "view" and item.name.startswith("broken")),
    "a table without columns": relation(lambda item: item.kind == "table" and not item.columns),
    "a partition and its bound": relation(lambda item: item.parents and item.bound),
    "a partition that is divided": relation(lambda item: item.bound and item.partitioning),
    "partitions by an expression": relation(lambda item: item.partitioning and None in item.partitioning.parts),
    "several parents": relation(lambda item: len(item.parents) == 2 and not item.bound),
    "row security": relation(lambda item: item.row_security == "forced"),
    "a row policy": relation(lambda item: any(not found.permissive and found.check for found in item.policies)),
    "a row policy for roles": relation(lambda item: any(found.roles for found in item.policies)),
    "a trigger": relation(lambda item: item.kind == "table" and item.triggers),
    "a trigger of a view": relation(lambda item: item.kind == "view" and item.triggers),
    "a disabled trigger": relation(lambda item: any(found.firing == "disabled" for found in item.triggers)),
    "a foreign table's server": relation(lambda item: item.server and item.server_options),
    **{
        f"a comment on a {name}": relation(lambda item, name=name: item.kind == name and item.comment)  # type: ignore[misc]
        for name in ("table", "view")
    },
    "a comment on a column": column(lambda item: item.comment),
    "a comment that holds instructions": column(lambda item: "Ignore all previous" in (item.comment or "")),
    "a comment with control characters": column(lambda item: "\x07" in (item.comment or "")),
    "a comment on a constraint": constraint("check", lambda item: item.comment),
    "a comment on an index": index(lambda item: item.comment),
    "a comment on a schema": lambda catalog: any(item.comment for item in catalog.schemas),
    **{f"a value of kind {name}": value(name) for name in get_args(Kind)},
    "a length": column(lambda item: item.data_type.length),
    "precision and scale": column(lambda item: item.data_type.precision and item.data_type.scale),
    "a time zone": column(lambda item: item.data_type.with_timezone),
    "fields of an interval": column(lambda item: item.data_type.fields == "day to second"),
    "an array of composites": column(
        lambda item: item.data_type.element and item.data_type.element.kind == "composite"
    ),
    "labels of an enum": column(lambda item: item.data_type.kind == "enum" and len(item.labels) == 4),
    "labels of an array of an enum": column(lambda item: item.data_type.kind == "array" and item.labels),
    "labels of a check": column(lambda item: item.labels == ("guest", "host", "it's")),
    "a default": column(lambda item: item.default),
    "a collation": column(lambda item: item.collation),
    "a stored generated column": column(lambda item: item.generated and item.stored),
    "a virtual generated column": column(lambda item: item.generated and not item.stored),
    **{
        f"a column numbered {name}": column(lambda item, name=name: item.identity and item.identity.kind == name)  # type: ignore[misc]
        for name in ("always", "by default", "rowid", "autoincrement")
    },
    "options of an identity": column(
        lambda item: item.identity and item.identity.sequence and item.identity.sequence.start == 100
    ),
    "a primary key of several columns": constraint("primary", lambda item: len(item.columns) > 1),
    "a unique key": constraint("unique"),
    "a unique key that includes columns": constraint("unique", lambda item: item.include),
    "a unique key for which nulls are equal": constraint("unique", lambda item: item.nulls_not_distinct),
    "a deferrable key": constraint("unique", lambda item: item.deferrable and item.deferred),
    "a check": constraint("check", lambda item: item.name == "cheap" and item.columns != ()),
    "a check that is not inherited": constraint("check", lambda item: item.no_inherit),
    "a check that is not valid yet": constraint("check", lambda item: not item.validated),
    "a check that is not enforced": constraint("check", lambda item: not item.enforced),
    "an exclusion": constraint("exclusion", lambda item: item.definition),
    "a foreign key to its own table": constraint("foreign", lambda item: item.target and item.target[1] == "orders"),
    "a foreign key of several columns": constraint("foreign", lambda item: len(item.target_columns) > 1),
    "a foreign key with actions": constraint(
        "foreign", lambda item: item.on_update == "cascade" and item.on_delete == "set null"
    ),
    "a foreign key that sets some columns": constraint("foreign", lambda item: item.set_columns),
    "a foreign key that matches in full": constraint("foreign", lambda item: item.match == "full"),
    "a foreign key that is not valid yet": constraint("foreign", lambda item: not item.validated),
    "a deferrable foreign key": constraint("foreign", lambda item: item.deferred),
    "a key without overlaps": constraint("primary", lambda item: "WITHOUT OVERLAPS" in (item.definition or "")),
    "an index on an expression": index(lambda item: any(found.expression for found in item.parts)),
    "an index that descends": index(lambda item: item.parts[0].descending and not item.parts[0].nulls_first),
    "an index with a collation": index(lambda item: any(found.collation for found in item.parts)),
    "an index with an operator class": index(lambda item: any(found.operator_class for found in item.parts)),
    "an index of another method": index(lambda item: item.method == "gin"),
    "an index that includes columns": index(lambda item: item.include),
    "a partial index": index(lambda item: item.predicate),
    "a unique index": index(lambda item: item.unique),
    "a unique index for which nulls are equal": index(lambda item: item.nulls_not_distinct),
    "an index that is not valid yet": index(lambda item: not item.valid),
    "an enum": lambda catalog: any(item.labels == ("calm", "it's fine", "Ärger", "") for item in catalog.types),
    "a composite type": lambda catalog: any(len(item.attributes) == 4 for item in catalog.types),
    "a domain": lambda catalog: any(
        item.kind == "domain" and item.default and item.not_null and item.checks for item in catalog.types
    ),
    "a range": lambda catalog: any(item.kind == "range" and item.options for item in catalog.types),
    "a function": lambda catalog: any(item.arguments and item.result and item.comment for item in catalog.functions),
    "a procedure": lambda catalog: any(item.kind == "procedure" for item in catalog.functions),
    "an aggregate": lambda catalog: any(item.kind == "aggregate" and item.definition for item in catalog.functions),
    "a sequence made by hand": lambda catalog: any(item.increment == -5 and item.cycle for item in catalog.sequences),
    "a sequence of a column": lambda catalog: any(item.owner for item in catalog.sequences),
    "an extension": lambda catalog: any(item.version for item in catalog.extensions),
    "a collation of its own": lambda catalog: any(item.kind == "collation" for item in catalog.objects),
    "statistics": lambda catalog: any(item.kind == "statistics" for item in catalog.objects),
    "a rule": lambda catalog: any(item.kind == "rule" for item in catalog.objects),
    "one name in two schemas": lambda catalog: len([item for item in catalog.relations if item.name == "person"]) == 2,
    "names that differ in case alone": lambda catalog: {"Order", "order"} <= {item.name for item in catalog.relations},
    "a name of 63 characters": relation(lambda item: len(item.name) == 63),
    "a name with quotes, dots and an emoji": relation(lambda item: item.name == 'table with "quotes", dots . and 😀'),
    "a keyword as a name": column(lambda item: item.name == "select"),
    "a column of a name with a line end": column(lambda item: item.name == "new\nline"),
}

_NOT_ON_SQLITE = """\
a materialized view, a foreign table, a partitioned table, an unlogged table, options of a view, a table without
columns, a partition and its bound, a partition that is divided, partitions by an expression, several parents, row
security, a row policy, a row policy for roles, a disabled trigger, a foreign table's server, a comment on a
constraint, a comment on an index, a comment on a schema, a value of kind money, a value of kind char, a value of kind
time, a value of kind interval, a value of kind xml, a value of kind bits, a value of kind array, a value of kind
enum, a value of kind domain, a value of kind composite, a value of kind range, a value of kind multirange, a time
zone, fields of an interval, an array of composites, labels of an enum, labels of an array of an enum, a column
numbered always, a column numbered by default, options of an identity, a unique key that includes columns, a unique
key for which nulls are equal, a deferrable key, a check that is not inherited, a check that is not valid yet, a check
that is not enforced, an exclusion, a foreign key that sets some columns, a foreign key that matches in full, a
foreign key that is not valid yet, a key without overlaps, an index with an operator class, an index of another
method, an index that includes columns, a unique index for which nulls are equal, an index that is not valid yet, an
enum, a composite type, a domain, a range, a function, a procedure, an aggregate, a sequence made by hand, a sequence
of a column, an extension, a collation of its own, statistics, a rule, one name in two schemas, names that differ in
case alone, a name of 63 characters"""
_NOT_ON_POSTGRESQL = """a virtual table, the tables behind a virtual table, a value of kind any, a column numbered
rowid, a column numbered autoincrement"""
_SINCE_18 = "a virtual generated column, a check that is not enforced, a key without overlaps"


def _listed(text: str) -> set[str]:
    return set(" ".join(text.split()).split(", "))


@pytest.fixture(scope="module", params=[pytest.param("postgresql", marks=pytest.mark.postgresql), "sqlite"])
def held(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[set[str], set[str]]]:
    """Return the items that a snapshot holds, and those that its product does not have."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("catalog") / "feature.sqlite"
        engines.build_sqlite_file(path, (FOLDER / "sqlite.sql").read_text("utf-8"))
        yield _held(snapshot(str(path))), _listed(_NOT_ON_SQLITE)
        return
    server = request.getfixturevalue("postgresql_from_wheel")
    with engines.fresh_postgresql_database(server) as database:
        for sql in feature_sql(database):
            database.run(sql)
        ((version,),) = database.rows("SELECT current_setting('server_version_num')::int")
        absent = _listed(_NOT_ON_POSTGRESQL) | (_listed(_SINCE_18) if int(str(version)) < 180000 else set())
        yield _held(snapshot(database.url)), absent


def _held(catalog: Catalog) -> set[str]:
    return {item for item, holds in ITEMS.items() if holds(catalog)}


def test_the_suite_runs_over_every_dialect() -> None:
    assert set(DIALECTS) == {"postgresql", "sqlite"}, "give the new dialect a feature schema"


def test_the_snapshot_holds_every_item_that_the_product_has(held: tuple[set[str], set[str]]) -> None:
    found, absent = held
    assert absent <= set(ITEMS), "an item has another name"
    assert set(ITEMS) - found == absent
