"""Named queries checked on real databases: what no longer fits is found before a user meets it, with its place."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from dbmcp import config
from dbmcp.errors import ConfigError
from dbmcp.named_queries.snapshot import FILE_NAME
from dbmcp.runtime import Runtime
from dbmcp.use_cases.checking import Checked, check_live
from tests import engines
from tests.named_queries.files import sql_file, write

TABLES = """
CREATE TABLE orders (id integer PRIMARY KEY, store_id integer, ordered_on date, total numeric, note text);
INSERT INTO orders VALUES (1, 1, '2025-01-01', 10.5, NULL), (2, 1, '2025-01-02', 20, 'x'), (3, 2, '2025-02-01', 5, '');
"""
PARAMETERS = """[parameters.store]
type = "integer"
optional = true
[parameters.sort]
type = "choice"
default = "newest"
options = { newest = "o.ordered_on DESC", dearest = "o.total DESC" }
"""
ORDERS = sql_file(
    PARAMETERS,
    """SELECT o.id, o.total
FROM orders AS o
WHERE true /*[*/ AND o.store_id = :store /*]*/
ORDER BY /*sort[*/ o.ordered_on DESC /*]*/""",
)


@dataclass(frozen=True)
class Shop:
    """A database of its own, whose tables a test may change, and the folder of its queries."""

    url: str
    folder: Path
    run: Callable[[str], None]
    is_postgresql: bool

    def write(self, name: str, text: str) -> None:
        """Write a file of named queries."""
        write(self.folder, name, text)

    async def check(self, *, update: bool = False, **flags: object) -> list[str]:
        """Return the faults of a live check, without the folder's path."""
        return [str(fault).replace(f"{self.folder}/", "") for fault in (await self.checked(update, **flags)).faults]

    async def checked(self, update: bool = False, **flags: object) -> Checked:  # noqa: FBT001, FBT002
        """Return what a live check finds."""
        runtime = Runtime(config.load({"queries": [str(self.folder)], **flags}, url=self.url))
        try:
            return await check_live(runtime, update=update)
        finally:
            await runtime.close()

    @property
    def snapshot(self) -> Path:
        """The snapshot's file."""
        return self.folder / FILE_NAME


@pytest.fixture
def sqlite_orders(tmp_path: Path) -> Shop:
    """Return the tables on SQLite."""
    path = engines.build_sqlite_file(tmp_path / "orders.db", TABLES)

    def run(sql: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(sql)

    (tmp_path / "queries").mkdir()
    return Shop(str(path), tmp_path / "queries", run, is_postgresql=False)


@pytest.fixture(scope="module")
def postgresql_database(postgresql_from_wheel: engines.PostgresqlServer) -> Iterator[engines.PostgresqlDatabase]:
    """Make one database for the module: what a test changes of its tables is made anew for the next."""
    with engines.fresh_postgresql_database(postgresql_from_wheel) as database:
        yield database


@pytest.fixture
def postgresql_orders(tmp_path: Path, postgresql_database: engines.PostgresqlDatabase) -> Shop:
    """Return the tables on PostgreSQL."""
    postgresql_database.run(f"DROP TABLE IF EXISTS orders, order_list; {TABLES}")
    postgresql_database.grant_reader()
    (tmp_path / "queries").mkdir()
    return Shop(postgresql_database.reader_url, tmp_path / "queries", postgresql_database.run, is_postgresql=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shop(request: pytest.FixtureRequest) -> Shop:
    """Return the tables on each engine."""
    found: Shop = request.getfixturevalue(f"{request.param}_orders")
    return found


async def test_queries_that_fit_are_counted_with_their_texts_and_examples(shop: Shop) -> None:
    shop.write("orders", ORDERS.replace("*/", "[[examples]]\narguments = { store = 1 }\nrows = 2\n*/", 1))
    checked = await shop.checked()
    assert checked.faults == ()
    assert (checked.queries, checked.variants, checked.examples) == (1, 4, 1)
    assert checked.notes == (
        f"There is no {shop.snapshot}: dbmcp check --live --update makes it, and drift is found from then on.",
    )


async def test_a_column_that_was_dropped_is_found_with_file_line_and_column(shop: Shop) -> None:
    shop.write("sales/orders", ORDERS)
    assert await shop.check() == []
    shop.run("ALTER TABLE orders RENAME COLUMN total TO totals")
    missing = "Column o.total does not exist." if shop.is_postgresql else "No such column: o.total."
    assert await shop.check() == [f"sales/orders.sql:11:14: {missing} Did you mean totals?"]


async def test_a_column_of_an_optional_part_or_an_option_alone_is_found_too(shop: Shop) -> None:
    shop.write("orders", ORDERS)
    shop.run("ALTER TABLE orders RENAME COLUMN store_id TO shop_id")
    (fault,) = await shop.check()
    assert fault.startswith("orders.sql:13:22: ")
    assert "store_id" in fault
    shop.run("ALTER TABLE orders RENAME COLUMN shop_id TO store_id")
    shop.write("orders", ORDERS.replace("o.total DESC", "o.price DESC"))
    (fault,) = await shop.check()
    assert fault.startswith("orders.sql:9:")
    assert "price" in fault


async def test_a_table_that_is_gone_is_found(shop: Shop) -> None:
    shop.write("orders", ORDERS)
    shop.run("ALTER TABLE orders RENAME TO order_list")
    faults = await shop.check()
    assert [fault[:19] for fault in faults] == ["orders.sql:12:6: Re" if shop.is_postgresql else "orders.sql:12:6: No"]


async def test_the_snapshot_is_written_once_and_the_same_each_time(shop: Shop) -> None:
    shop.write("orders", ORDERS)
    checked = await shop.checked(update=True)
    assert checked.notes == (f"{shop.snapshot} is written: commit it.",)
    first = shop.snapshot.read_bytes()
    kinds = ["integer", "numeric"] if shop.is_postgresql else ["", ""]
    (database,) = json.loads(first)["orders"]
    assert json.loads(first)["orders"][database] == {
        "parameters": {"store": kinds[0]},
        "results": [dict(zip(["id", "total"], kinds, strict=True))],
    }
    await shop.checked(update=True)
    assert shop.snapshot.read_bytes() == first
    assert await shop.check() == []


async def test_a_snapshot_is_not_written_over_faults(shop: Shop) -> None:
    shop.write("orders", ORDERS.replace("o.id", "o.nothing"))
    assert len(await shop.check(update=True)) == 1
    assert not shop.snapshot.exists()


async def test_a_column_that_a_star_lost_or_won_is_drift(shop: Shop) -> None:
    shop.write("orders", sql_file("", "SELECT *\nFROM orders"))
    await shop.check(update=True)
    shop.run("ALTER TABLE orders DROP COLUMN note; ALTER TABLE orders ADD COLUMN paid boolean")
    update = "If that is meant, run dbmcp check --live --update and commit the file."
    assert await shop.check() == [
        f"orders.sql:4:1: The column 'note' is gone from the result. {update}",
        f"orders.sql:4:1: The column 'paid' is new in the result. {update}",
    ]
    assert await shop.check(update=True) == []
    assert await shop.check() == []


async def test_columns_that_change_places_are_drift(shop: Shop) -> None:
    shop.write("orders", sql_file("", "SELECT id, total FROM orders"))
    await shop.check(update=True)
    shop.write("orders", sql_file("", "SELECT total, id FROM orders"))
    (fault,) = await shop.check()
    assert fault.startswith("orders.sql:4:1: The columns of the result come in another order.")


async def test_queries_that_come_and_go_are_drift(shop: Shop) -> None:
    shop.write("orders", ORDERS)
    await shop.check(update=True)
    (shop.folder / "orders.sql").rename(shop.folder / "purchases.sql")
    assert [fault.partition(" If that")[0] for fault in await shop.check()] == [
        f"purchases.sql:1:1: The query is not in {shop.snapshot}.".replace(f"{shop.folder}/", ""),
        f"{FILE_NAME}:1:1: There is no query orders any more.",
    ]


async def test_a_broken_snapshot_is_the_operators_to_mend(shop: Shop) -> None:
    shop.write("orders", ORDERS)
    for broken in ("{", "[]", '{"orders": 1}', '{"orders": {"x": {"parameters": {}}}}'):
        shop.snapshot.write_text(broken)
        with pytest.raises(ConfigError, match="is no snapshot"):
            await shop.check()


@pytest.mark.parametrize(
    "example, said",
    [
        ("rows = 4", "The example gives 3 rows, and 4 are expected."),
        ('name = "All"\nrows = 0', "The example 'All' gives 3 rows, and 0 are expected."),
        ("arguments = { store = 2 }\nrows = 1", None),
    ],
)
async def test_examples_are_run_and_their_rows_counted(shop: Shop, example: str, said: str | None) -> None:
    shop.write("orders", ORDERS.replace("*/", f"[[examples]]\n{example}\n*/", 1))
    assert await shop.check() == ([f"orders.sql:10:1: {said}"] if said else [])


async def test_an_example_that_fails_says_why(shop: Shop) -> None:
    text = sql_file(
        '[parameters.mine]\ntype = "integer"\nclaim = "store"\n[[examples]]',
        "SELECT id FROM orders WHERE store_id = :mine",
    )
    shop.write("orders", text)
    (fault,) = await shop.check()
    assert fault.startswith("orders.sql:6:1: The example fails: The query needs the claim 'store'")
    assert await shop.check(claims={"store": 2}) == []


async def test_a_rate_does_not_hold_up_the_examples(shop: Shop) -> None:
    shop.write("orders", sql_file('rate = "1/day"\n[[examples]]\n[[examples]]\n[[examples]]'))
    assert await shop.check() == []


async def test_faults_of_the_files_come_before_the_database_is_asked(shop: Shop) -> None:
    shop.write("orders", ORDERS)
    shop.write("bad", sql_file("", "DELETE FROM orders"))
    shop.run("DROP TABLE orders")
    (fault,) = await shop.check()
    assert fault.startswith("bad.sql:4:1: DELETE changes the database.")


@pytest.mark.postgresql
async def test_a_type_that_changed_is_drift_at_its_column(postgresql_orders: Shop) -> None:
    shop = postgresql_orders
    shop.write("orders", ORDERS)
    await shop.check(update=True)
    shop.run("ALTER TABLE orders ALTER COLUMN total TYPE text, ALTER COLUMN store_id TYPE bigint")
    assert [fault.partition(" If that")[0] for fault in await shop.check()] == [
        "orders.sql:11:14: The column 'total' is text now, and was numeric.",
        "orders.sql:13:35: The database takes bigint for the parameter 'store', and took integer.",
    ]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "declared, sql, taken",
    [
        ('type = "string"', "SELECT id FROM orders WHERE store_id = :p", "integer"),
        ('type = "string"', "SELECT id FROM orders WHERE ordered_on = :p", "date"),
        ('type = "datetime"', "SELECT id FROM orders WHERE ordered_on = :p", "date"),
        ('type = "number"', "SELECT id FROM orders WHERE id = :p", "integer"),
        ('type = "integer"', "SELECT id FROM orders WHERE id = ANY(:p)", "integer[]"),
        ('type = "integer"\narray = true', "SELECT id FROM orders WHERE id = :p", "integer"),
        ('type = "date"', "SELECT id FROM orders WHERE :p", "boolean"),
    ],
)
async def test_a_parameter_declared_as_what_the_database_does_not_take_is_found(
    postgresql_orders: Shop, declared: str, sql: str, taken: str
) -> None:
    postgresql_orders.write("orders", sql_file(f"[parameters.p]\n{declared}", sql))
    (fault,) = await postgresql_orders.check()
    assert f":{sql.index(':p') + 1}: The parameter 'p' is declared as " in fault
    assert f", and the database takes {taken} there." in fault


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "declared, sql",
    [
        ('type = "string"', "SELECT id FROM orders WHERE note = :p"),
        ('type = "integer"', "SELECT id FROM orders WHERE note = :p"),
        ('type = "integer"', "SELECT id FROM orders WHERE total > :p"),
        ('type = "decimal"', "SELECT id FROM orders WHERE total > :p"),
        ('type = "date"', "SELECT id FROM orders WHERE ordered_on > :p"),
        ('type = "date"', "SELECT id FROM orders WHERE ordered_on > :p::timestamptz"),
        ('type = "integer"\narray = true', "SELECT id FROM orders WHERE id = ANY(:p)"),
        ('type = "json"', "SELECT :p::jsonb AS j"),
        ('type = "interval"', "SELECT now() - :p::interval AS t"),
        ('type = "enum"\nvalues = ["a", "b"]', "SELECT :p::text AS t"),
    ],
)
async def test_a_parameter_that_the_database_takes_is_no_fault(
    postgresql_orders: Shop, declared: str, sql: str
) -> None:
    postgresql_orders.write("orders", sql_file(f"[parameters.p]\n{declared}", sql))
    assert await postgresql_orders.check() == []
