"""Which resources a change of the catalog makes other texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dbmcp.catalog.govern import govern
from dbmcp.catalog.model import Catalog, Relation
from dbmcp.catalog.parts import Column, Constraint, Extension, Function, SchemaObject, Sequence
from dbmcp.policy import Policy, PolicySettings
from dbmcp.server import catalog_watch
from dbmcp.server.resources import address_of

KEY = Constraint("key", "primary", ("id",))
ITEM = Relation("public", "item", "table", columns=(Column("id", "integer"),), constraints=(KEY,))
VIEW = Relation("public", "items", "view", columns=(Column("id", "integer"),), definition="SELECT 1")
PAY = Relation("hr", "pay", "table", columns=(Column("id", "integer"),))
BEFORE = Catalog((PAY, ITEM, VIEW))
DATABASE = ["schema://shop", "erd://shop", "graph://shop"]
PUBLIC = ["schema://shop/public", "schema://shop/public/item"]
FUNCTION = Function("hr", "raise_pay", "function", "integer", "integer", "volatile", "sql")
COLLATION = SchemaObject("collation", "hr", "names", None, "CREATE COLLATION hr.names (locale = 'de')")


def changed(before: Catalog, now: Catalog) -> list[str]:
    addresses = [address for uri in [*DATABASE, *PUBLIC] if (address := address_of(uri))]
    return catalog_watch._changed(before, now, addresses)


@pytest.mark.parametrize(
    "now",
    [
        replace(BEFORE, functions=(FUNCTION,)),
        replace(BEFORE, objects=(COLLATION,)),
        replace(BEFORE, extensions=(Extension("citext", "public", "1.6"),)),
        replace(BEFORE, sequences=(Sequence("public", "numbers", "bigint"),)),
    ],
)
def test_what_stands_in_no_text_is_no_change_of_one(now: Catalog) -> None:
    assert now != BEFORE
    assert changed(BEFORE, now) == []


def test_a_table_is_a_change_of_its_own_text_and_of_those_that_hold_it() -> None:
    now = replace(BEFORE, relations=(PAY, replace(ITEM, comment="What is sold."), VIEW))
    assert changed(BEFORE, now) == [*DATABASE, *PUBLIC]
    now = replace(BEFORE, relations=(replace(PAY, comment="What is earned."), ITEM, VIEW))
    assert changed(BEFORE, now) == DATABASE


def test_what_a_view_reads_is_a_change_of_the_graph() -> None:
    now = replace(BEFORE, dependencies=((VIEW.key, ITEM.key),))
    assert "graph://shop" in changed(BEFORE, now)


def test_nothing_that_a_policy_hides_is_a_change() -> None:
    policy = Policy(PolicySettings.model_validate({"deny_tables": ["hr.*"]}), "public")
    before, *others = (
        govern(catalog, policy)
        for catalog in (
            BEFORE,
            replace(BEFORE, relations=(replace(PAY, comment="What is earned."), ITEM, VIEW)),
            replace(BEFORE, functions=(FUNCTION,), objects=(COLLATION,)),
        )
    )
    for now in others:
        assert now == before
