"""The demo database: the same rows everywhere, books that add up, one good file however it is asked for."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dbmcp.demo.seed import DEMO_VERSION, build, ensure

# Of all rows of all tables. When it changes, so must DEMO_VERSION: people keep the file they have until then.
RECORDED = (1, "d621fd76c334831d8ed78545318d16667136779dd886e42a1a45779b8dad0236")

# What must not be found in the books.
FAULTS = {
    "an invoice that is not the sum of its order": """
        SELECT number FROM invoice AS i JOIN sales_order AS o USING (order_id) WHERE total_cents <> delivery_cents
        + (SELECT sum(l.total_cents) FROM order_line AS l WHERE l.order_id = o.order_id)
    """,
    "an invoice whose status belies its balance": """
        SELECT invoice_id FROM invoice_balance WHERE balance_cents < 0
        OR (status = 'paid') <> (balance_cents = 0) OR (status = 'open' AND paid_cents > 0)
    """,
    "an order whose status belies its shipment": """
        SELECT order_id FROM sales_order AS o LEFT JOIN shipment USING (order_id) LEFT JOIN invoice USING (order_id)
        WHERE (o.status IN ('shipped', 'delivered')) <> (shipment_id IS NOT NULL)
        OR (shipment_id IS NULL) <> (invoice_id IS NULL)
        OR (o.status = 'delivered') <> (delivered_on IS NOT NULL) OR shipped_on <= ordered_on
    """,
    "a payment before the invoice": """
        SELECT payment_id FROM payment JOIN invoice USING (invoice_id) WHERE paid_on <= issued_on
    """,
    "a return of more than was sold, or before it arrived": """
        SELECT return_id FROM product_return AS r JOIN order_line AS l USING (order_id, line_no)
        JOIN shipment USING (order_id) WHERE r.quantity > l.quantity OR returned_on <= delivered_on
    """,
    "a lot used up beyond its weight, or before it came": """
        SELECT lot_id FROM green_lot JOIN batch_lot USING (lot_id) JOIN roast_batch USING (batch_id)
        GROUP BY lot_id HAVING sum(kg) > bought_kg + 0.01 OR min(roasted_on) < arrived_on
    """,
    "a batch that is not the sum of its lots": """
        SELECT batch_id FROM roast_batch JOIN batch_lot USING (batch_id)
        GROUP BY batch_id HAVING abs(sum(kg) - green_kg) > 0.01
    """,
    "a batch roasted by someone who was not there": """
        SELECT batch_id FROM roast_batch JOIN employee ON employee_id = roaster_id
        WHERE role NOT LIKE '%roaster' OR roasted_on NOT BETWEEN hired_on AND coalesce(left_on, '9999')
    """,
    "a sale to a closed account, or of a product not on sale": """
        SELECT order_id FROM sales_order JOIN customer USING (customer_id)
        JOIN order_line USING (order_id) JOIN product USING (product_id)
        WHERE ordered_on NOT BETWEEN opened_on AND coalesce(closed_on, '9999')
        OR ordered_on NOT BETWEEN launched_on AND coalesce(retired_on, '9999')
    """,
    "a day after the last one": """
        SELECT moved_on FROM stock_movement WHERE moved_on > '2025-12-31'
        UNION ALL SELECT paid_on FROM payment WHERE paid_on > '2025-12-31'
        UNION ALL SELECT returned_on FROM product_return WHERE returned_on > '2025-12-31'
    """,
    "a recipe that is not 100 percent of known producers": """
        SELECT product_id FROM product, json_each(recipe) GROUP BY product_id
        HAVING sum(value) <> 100 OR count(*) <> sum(key IN (SELECT producer_id FROM producer))
    """,
}
MOVED = {
    "sale": "SELECT product_id, shipped_on, -quantity FROM shipment JOIN order_line USING (order_id)",
    "roast": "SELECT product_id, roasted_on, bags FROM roast_batch",
    "return": """
        SELECT product_id, returned_on, r.quantity
        FROM product_return AS r JOIN order_line USING (order_id, line_no) WHERE restocked
    """,
}

CHILD = """
import sqlite3, sys
from pathlib import Path
from dbmcp.demo.seed import ensure
print("ready", flush=True)
sys.stdin.readline()
connection = sqlite3.connect(ensure(Path(sys.argv[1])))
print(connection.execute("PRAGMA integrity_check").fetchone()[0])
connection.close()
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    build(path)
    return path


@pytest.fixture
def books(demo: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(demo)) as connection:
        yield connection


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands for the user's home and cache, on every system."""
    folder = tmp_path / "home"
    for variable in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(folder))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return folder


def names(connection: sqlite3.Connection, kind: str) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name", (kind,)
    )
    return [name for (name,) in found]


def fingerprint(path: Path) -> str:
    """Return a hash over all rows of all tables."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        for table in names(connection, "table"):
            rows = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            digest.update(repr((table, rows)).encode())
    return digest.hexdigest()


def single(connection: sqlite3.Connection, statement: str) -> object:
    """Return the one value that the statement yields."""
    ((value,),) = connection.execute(statement).fetchall()
    return value


def run(books: sqlite3.Connection, statement: str) -> list[tuple[object, ...]]:
    return books.execute(statement).fetchall()


def test_every_build_holds_the_recorded_rows(demo: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    build(again)
    assert fingerprint(again) == fingerprint(demo)
    assert (DEMO_VERSION, fingerprint(demo)) == RECORDED


def test_the_file_is_sound_and_every_reference_is_met(books: sqlite3.Connection) -> None:
    assert run(books, "PRAGMA integrity_check") == [("ok",)]
    assert run(books, "PRAGMA foreign_key_check") == []


def test_the_planner_has_statistics_of_every_table(books: sqlite3.Connection) -> None:
    assert {table for (table,) in run(books, "SELECT tbl FROM sqlite_stat1")} == set(names(books, "table"))


def test_there_are_about_a_dozen_tables_and_ten_thousand_rows(books: sqlite3.Connection) -> None:
    tables = names(books, "table")
    counts = {table: single(books, f"SELECT count(*) FROM {table}") for table in tables}
    assert 12 <= len(tables) <= 14
    assert all(isinstance(count, int) and count >= 10 for count in counts.values()), counts
    assert 6_000 <= sum(count for count in counts.values() if isinstance(count, int)) <= 12_000


def test_every_table_view_and_column_is_documented_where_the_catalog_looks(books: sqlite3.Connection) -> None:
    for name in names(books, "table") + names(books, "view"):
        lines = str(single(books, f"SELECT sql FROM sqlite_schema WHERE name = '{name}'")).splitlines()
        assert re.fullmatch(r"CREATE (TABLE|VIEW) \w+ \(", lines[0])
        assert re.fullmatch(r" +-- [A-Z].*\.", lines[1]), name
        columns = [row[1] for row in run(books, f"PRAGMA table_xinfo({name})")]
        documented = [line.split()[0].rstrip(",") for line in lines[2:] if re.search(r" -- \w", line)]
        assert documented == columns, name


def test_stock_never_runs_below_zero(books: sqlite3.Connection) -> None:
    balance = "sum(quantity) OVER (PARTITION BY product_id ORDER BY movement_id)"
    lowest = single(books, f"SELECT min(bags) FROM (SELECT {balance} AS bags FROM stock_movement)")
    assert isinstance(lowest, int)
    assert lowest >= 0
    assert run(books, "SELECT moved_on FROM stock_movement ORDER BY movement_id") == run(
        books, "SELECT moved_on FROM stock_movement ORDER BY moved_on"
    )


@pytest.mark.parametrize("kind", MOVED)
def test_every_bag_moved_is_a_bag_sold_roasted_or_returned(books: sqlite3.Connection, kind: str) -> None:
    moved = run(books, f"SELECT product_id, moved_on, quantity FROM stock_movement WHERE kind = '{kind}'")
    assert sorted(moved) == sorted(run(books, MOVED[kind]))


@pytest.mark.parametrize("fault", FAULTS)
def test_the_books_are_free_of(books: sqlite3.Connection, fault: str) -> None:
    assert run(books, FAULTS[fault]) == []


def test_revenue_grows_and_peaks_before_christmas(books: sqlite3.Connection) -> None:
    by_year = run(books, "SELECT sum(revenue_cents) FROM monthly_sales GROUP BY substr(month, 1, 4) ORDER BY 1")
    assert by_year == sorted(by_year)
    by_month = run(books, "SELECT substr(month, 6) FROM monthly_sales GROUP BY 1 ORDER BY sum(revenue_cents)")
    assert (by_month[0], by_month[-1]) == (("02",), ("12",))


def test_four_customers_of_many_bring_half_of_the_revenue(books: sqlite3.Connection) -> None:
    orders = "sales_order JOIN order_line USING (order_id)"
    shares = run(books, f"SELECT sum(total_cents) FROM {orders} GROUP BY customer_id ORDER BY 1 DESC")
    cents = [int(str(share)) for (share,) in shares]
    assert len(cents) > 40
    assert 0.5 < sum(cents[:4]) / sum(cents) < 0.7


def test_a_few_customers_pay_weeks_late_and_the_others_on_time(books: sqlite3.Connection) -> None:
    late = run(
        books,
        "SELECT name FROM invoice_balance JOIN customer USING (customer_id) WHERE status = 'paid'"
        " GROUP BY name HAVING avg(days_late) > 14 ORDER BY avg(days_late) DESC",
    )
    assert [name for (name,) in late] == [
        "Cloud Nine Waffles",
        "Nettle",
        "Atlantic Crown Hotels",
        "Hearth & Hop",
        "Hotel Marlowe",
        "Corrib Biomedical",
    ]
    usual = "SELECT avg(days_late) AS days FROM invoice_balance GROUP BY customer_id HAVING avg(days_late) < 4"
    assert single(books, f"SELECT count(*) FROM ({usual})") == 38


def test_a_faulty_roll_of_bags_shows_in_the_returns(books: sqlite3.Connection) -> None:
    returns = "product_return JOIN order_line USING (order_id, line_no) JOIN product USING (product_id)"
    faulty = f"SELECT DISTINCT sku, substr(returned_on, 1, 4) FROM {returns} WHERE reason = 'bag_seal'"
    assert run(books, faulty) == [("LARK-1KG", "2025")]


def test_building_replaces_an_older_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite"
    path.write_text("an older file")
    build(path)
    assert path.read_bytes().startswith(b"SQLite format 3")
    assert list(tmp_path.iterdir()) == [path]


def test_a_build_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "demo.sqlite"
    folder.mkdir()
    with pytest.raises(OSError, match=re.escape(folder.name)):
        build(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_ensure_builds_once(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    path = ensure(folder)
    first = path.stat()
    assert ensure(folder) == path
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("mark", ["user_version", "application_id"])
def test_a_file_of_another_version_or_kind_is_built_anew(demo: Path, tmp_path: Path, mark: str) -> None:
    path = ensure(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA {mark} = 999")
    assert ensure(tmp_path) == path
    assert fingerprint(path) == fingerprint(demo)
    with closing(sqlite3.connect(path)) as connection:
        assert single(connection, "PRAGMA user_version") == DEMO_VERSION


@pytest.mark.parametrize("kept", [0, 50, 8192])
def test_a_file_that_was_cut_short_is_built_anew(demo: Path, tmp_path: Path, kept: int) -> None:
    path = ensure(tmp_path)
    os.truncate(path, kept)
    assert fingerprint(ensure(tmp_path)) == fingerprint(demo)


def test_a_folder_asked_for_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        ensure(tmp_path / "file")


def test_the_default_folder_is_the_users_own(cache: Path) -> None:
    path = ensure()
    assert path.is_relative_to(cache)
    assert path.parent.name == "dbmcp"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="XDG names the cache of other systems")
def test_a_relative_cache_folder_is_ignored_as_xdg_demands(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert ensure().parent == cache / ".cache" / "dbmcp"


def test_a_cache_that_cannot_be_written_gives_way_to_a_private_temporary_folder(
    cache: Path, demo: Path, tmp_path: Path
) -> None:
    cache.touch()
    path = ensure()
    assert path.parent.parent == tmp_path / "tmp"
    assert fingerprint(path) == fingerprint(demo)
    assert ensure() == path
    if sys.platform != "win32":
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="the temporary folder is the user's own on Windows")
@pytest.mark.parametrize("squatter", ["file", "open folder", "link", "dangling link"])
def test_a_temporary_folder_that_others_may_have_filled_is_not_used(cache: Path, tmp_path: Path, squatter: str) -> None:
    cache.touch()
    private = ensure().parent
    (private / "copper-hare.sqlite").unlink()
    private.rmdir()
    elsewhere = tmp_path / "elsewhere"
    if squatter == "file":
        private.touch()
    elif squatter == "open folder":
        private.mkdir()
        private.chmod(0o777)
    else:
        private.symlink_to(elsewhere)
    if squatter == "link":
        elsewhere.mkdir()
    path = ensure()
    assert path.parent.parent == tmp_path / "tmp"
    assert path.parent != private
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_processes_at_once_both_get_a_good_file(demo: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    folder = tmp_path / "shared"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        assert [child.communicate(timeout=60)[0] for child in children] == ["ok\n", "ok\n"]
    finally:
        for child in children:
            child.kill()
            child.communicate()
    (path,) = folder.iterdir()
    assert fingerprint(path) == fingerprint(demo)
