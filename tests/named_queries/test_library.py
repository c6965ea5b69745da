"""Folders of files become a library, whole or not at all; every fault is told with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dbmcp.errors import ConfigError
from dbmcp.guard.extras import Extras
from dbmcp.limits import Limits
from dbmcp.named_queries import library
from dbmcp.named_queries.model import Home, LibraryError
from dbmcp.server.tools import TOOLS
from tests.named_queries.files import MAIN, faults_of, load, query_of, sql_file, write


def test_a_folder_becomes_queries_sorted_by_name_with_groups_from_subfolders(tmp_path: Path) -> None:
    write(tmp_path, "zebra", sql_file(""))
    write(tmp_path, "sales/orders", sql_file(""))
    write(tmp_path, "sales/eu/late", sql_file(""))
    (tmp_path / "README.md").write_text("not a query")
    (tmp_path / ".hidden").mkdir()
    write(tmp_path / ".hidden", "nothing", "no query")
    found = load(tmp_path)
    assert [(query.name, query.group) for query in found.queries.values()] == [
        ("late", "sales/eu"),
        ("orders", "sales"),
        ("zebra", ""),
    ]
    assert found.groups == ("sales", "sales/eu")


def test_every_key_of_the_front_matter_arrives(tmp_path: Path) -> None:
    query = query_of(
        tmp_path,
        """/*
title = "Orders"
description = "What was ordered."
database = "main"
tags = ["a", "b"]
limits = { rows = 10, bytes = 2000, seconds = 1.5 }
cache_seconds = 60
rate = "10/minute"
scopes = ["orders:read"]
output = "structured"
deprecated = "use late_orders"
always_load = true
search_hint = "sales"
parameters = { store = { type = "integer", minimum = 1 } }
[[examples]]
name = "one store"
arguments = { store = 7 }
rows = 3
*/
SELECT :store AS store""",
    )
    assert (query.title, query.description, query.databases) == ("Orders", "What was ordered.", ("main",))
    assert (query.tags, query.scopes, query.rate, query.cache_seconds) == (
        ("a", "b"),
        ("orders:read",),
        "10/minute",
        60,
    )
    assert (query.limits.rows, query.limits.bytes, query.limits.seconds) == (10, 2000, 1.5)
    assert (query.output, query.deprecated, query.always_load) == ("structured", "use late_orders", True)
    assert query.search_hint == "sales"
    (example,) = query.examples
    assert (dict(example.arguments), example.name, example.rows) == ({"store": 7}, "one store", 3)
    assert (example.line, example.column) == (15, 1)


def test_one_bad_file_keeps_every_query_out_and_all_faults_of_all_files_are_told(tmp_path: Path) -> None:
    write(tmp_path, "good", sql_file(""))
    write(tmp_path, "one", sql_file("", "DELETE FROM t"))
    write(tmp_path, "two", sql_file("titel = 1\ntags = 2"))
    faults = faults_of(tmp_path)
    assert [fault.split(": ")[0] for fault in faults] == ["one.sql:4:1", "two.sql:3:1", "two.sql:4:1"]


@pytest.mark.parametrize(
    "name", ["Upper", "with-dash", "9lives", "ünïcode", "a" * 41, "two.dots", "_under", "white space", ""]
)
def test_a_file_of_a_name_that_no_tool_can_have_is_a_fault(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"x/{name}", sql_file(""))
    faults = faults_of(tmp_path)
    assert (len(faults) == 1 and "is no name for a query" in faults[0]) or (name == "" and faults == [])


def test_a_query_may_not_have_the_name_of_a_tool_of_dbmcps_own(tmp_path: Path) -> None:
    for name in sorted(library.RESERVED):
        write(tmp_path, name, sql_file(""))
    faults = faults_of(tmp_path)
    assert len(faults) == len(library.RESERVED)
    assert all("tool of dbmcp's own" in fault for fault in faults)


def test_the_names_of_the_built_in_tools_are_reserved() -> None:
    assert TOOLS.keys() <= library.RESERVED


def test_two_files_of_one_name_are_a_fault_that_names_both(tmp_path: Path) -> None:
    write(tmp_path, "a/orders", sql_file(""))
    write(tmp_path, "b/orders", sql_file(""))
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("b/orders.sql:1:1: There is a query orders in ")
    assert "a/orders.sql" in fault


def test_a_name_is_one_for_all_folders(tmp_path: Path) -> None:
    write(tmp_path, "a/orders", sql_file(""))
    write(tmp_path, "b/orders", sql_file(""))
    with pytest.raises(LibraryError, match="There is a query orders"):
        library.load([tmp_path / "a", tmp_path / "b"], MAIN, Limits())


def test_a_group_needs_a_name_that_a_flag_can_take(tmp_path: Path) -> None:
    write(tmp_path, "Big Sales/orders", sql_file(""))
    (fault,) = faults_of(tmp_path)
    assert "is no name for a group" in fault


def test_a_folder_that_is_missing_or_is_a_file_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "nope") == [".:1:1: There is no such folder. Make it, or name another one in queries."]
    file = write(tmp_path, "q", sql_file(""))
    assert faults_of(file) == [".:1:1: This is no folder. Name the folder that the file is in."]


def test_a_folder_that_cannot_be_read_is_a_fault_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (fault,) = faults_of(tmp_path / "loop")
    assert fault.startswith(".:1:1: The folder cannot be read: Too many levels of symbolic links")


def test_what_the_system_does_not_let_be_read_is_a_fault_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "loop.sql").symlink_to(tmp_path / "loop.sql")
    (tmp_path / "broken.sql").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe.sql")
    faults = faults_of(tmp_path)
    assert faults[0] == "broken.sql:1:1: The link leads to no file. Mend the link, or take it away."
    assert faults[1].startswith("loop.sql:1:1: The file cannot be read: ")
    assert faults[2] == "pipe.sql:1:1: This is no regular file."


def test_a_link_to_a_folder_above_is_a_fault_and_one_to_another_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "queries/a/q", sql_file(""))
    write(tmp_path, "other/r", sql_file(""))
    (tmp_path / "queries" / "linked").symlink_to(tmp_path / "other")
    assert list(load(tmp_path / "queries").queries) == ["q", "r"]
    (tmp_path / "queries" / "a" / "again").symlink_to(tmp_path / "queries")
    (fault,) = faults_of(tmp_path / "queries")
    assert fault == "a/again:1:1: The folder is a link to one that it lies in. Take the link away."


def test_a_file_that_is_not_utf8_is_a_fault_at_the_byte(tmp_path: Path) -> None:
    write(tmp_path, "q", sql_file("", "SELECT\n  'gr\xfc\xdf'").encode("latin-1"))
    assert faults_of(tmp_path) == ["q.sql:5:6: The file is not UTF-8 here. Save it with the encoding UTF-8."]


def test_a_byte_order_mark_at_the_beginning_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "q", b"\xef\xbb\xbf" + sql_file("", "SELECT 'gr\xfc\xdf'").encode())
    assert "q" in load(tmp_path).queries


def test_a_file_of_five_megabytes_is_a_fault_and_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "q", sql_file("", "SELECT " + "1 + " * 1_250_000 + "1"))
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("q.sql:1:1: The file has 5,000,0")
    assert "at most 262,144 are allowed" in fault


def test_lines_that_end_as_on_windows_are_read_and_placed(tmp_path: Path) -> None:
    text = sql_file('[parameters.a]\ntype = "integer"', "SELECT :a\nFROM t\nWHERE :b").replace("\n", "\r\n")
    write(tmp_path, "q", text)
    (fault,) = faults_of(tmp_path)
    assert fault.startswith("q.sql:8:7: The parameter 'b' is not declared.")


def test_a_query_names_its_database_where_there_are_several(tmp_path: Path) -> None:
    homes = {"shop": Home("postgresql"), "books": Home("sqlite")}
    write(tmp_path, "q", sql_file(""))
    with pytest.raises(LibraryError, match=r'There are several databases. Write database = "shop"'):
        library.load([tmp_path], homes, Limits())
    write(tmp_path, "q", sql_file('database = "book"'))
    with pytest.raises(LibraryError, match=r"q.sql:3:1: There is no database 'book'. Did you mean books?"):
        library.load([tmp_path], homes, Limits())
    write(tmp_path, "q", sql_file('database = ["books", "shop"]'))
    with pytest.raises(LibraryError, match="of one dialect"):
        library.load([tmp_path], homes, Limits())
    write(tmp_path, "q", sql_file('database = "books"'))
    assert library.load([tmp_path], homes, Limits()).queries["q"].databases == ("books",)


def test_a_query_of_a_database_where_none_is_configured_says_so(tmp_path: Path) -> None:
    write(tmp_path, "q", sql_file('database = "shop"'))
    with pytest.raises(LibraryError, match=r"There is no database 'shop'\. None is configured\."):
        library.load([tmp_path], {}, Limits())


def test_a_query_without_any_database_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, "q", sql_file(""))
    with pytest.raises(LibraryError, match=r"There is no database that the query could run on."):
        library.load([tmp_path], {}, Limits())


def test_a_query_of_several_databases_is_approved_for_each_and_keeps_the_argument_database(tmp_path: Path) -> None:
    extras = Extras(functions=frozenset({"my_own"}))
    homes = {"one": Home("postgresql", extras), "two": Home("postgresql", extras)}
    write(tmp_path, "q", sql_file('database = ["one", "two"]', "SELECT my_own()"))
    found = library.load([tmp_path], homes, Limits()).queries["q"]
    assert set(next(iter(found.variants.values())).approved) == {"one", "two"}
    with pytest.raises(LibraryError, match="my_own is not allowed"):
        library.load([tmp_path], {**homes, "two": Home("postgresql")}, Limits())
    taken = sql_file('database = ["one", "two"]\n[parameters.database]\ntype = "string"', "SELECT :database")
    write(tmp_path, "q", taken)
    with pytest.raises(LibraryError, match=r"q.sql:4:1: The query runs on several databases"):
        library.load([tmp_path], homes, Limits())


def test_limits_above_the_servers_are_faults(tmp_path: Path) -> None:
    write(tmp_path, "q", sql_file("limits = { rows = 10001, bytes = 40001, seconds = 31 }"))
    assert [fault.partition(", and")[0] for fault in faults_of(tmp_path)] == [
        "q.sql:3:12: limits.rows is 10,001",
        "q.sql:3:26: limits.bytes is 40,001",
        "q.sql:3:41: limits.seconds is 31",
    ]


def test_an_example_that_the_query_would_refuse_is_a_fault(tmp_path: Path) -> None:
    header = '[parameters.a]\ntype = "integer"\n[[examples]]\narguments = { a = "x" }\n[[examples]]'
    write(tmp_path, "q", sql_file(header, "SELECT :a"))
    assert faults_of(tmp_path) == [
        "q.sql:6:1: The parameter 'a' must be an integer.",
        "q.sql:7:1: The parameter 'a' is missing. It must be an integer.",
    ]


def test_a_pack_that_is_not_there_or_has_no_database_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"there is no pack 'postgres'. Did you mean postgresql?"):
        library.load([], MAIN, Limits(), ["postgres"])
    with pytest.raises(ConfigError, match="needs a database of postgresql"):
        library.load([], {"main": Home("sqlite")}, Limits(), ["postgresql"])


def test_groups_can_be_served_apart(tmp_path: Path) -> None:
    for name in ("sales/a", "sales/eu/b", "stock/c", "d"):
        write(tmp_path, name, sql_file(""))
    whole = load(tmp_path)
    assert list(whole.of_groups(["sales"]).queries) == ["a", "b"]
    assert list(whole.of_groups(["sales/eu", "stock"]).queries) == ["b", "c"]
    assert whole.of_groups([]) is whole
    assert whole.of_groups(["sales"]).fingerprint != whole.fingerprint
    with pytest.raises(ConfigError, match=r"There is no group 'sale' of named queries. Did you mean sales?"):
        whole.of_groups(["sale"])


def test_a_reload_keeps_what_has_not_changed_and_reads_what_has(tmp_path: Path) -> None:
    write(tmp_path, "a", sql_file(""))
    write(tmp_path, "b", sql_file(""))
    former = load(tmp_path)
    same = load(tmp_path, former=former)
    assert same.fingerprint == former.fingerprint
    assert same.queries["a"] is former.queries["a"]
    write(tmp_path, "b", sql_file('title = "new"'))
    changed = load(tmp_path, former=former)
    assert changed.fingerprint != former.fingerprint
    assert changed.queries["a"] is former.queries["a"]
    assert changed.queries["b"].title == "new"
    (tmp_path / "a.sql").unlink()
    assert list(load(tmp_path, former=changed).queries) == ["b"]


def test_a_reload_reads_all_when_the_databases_have_changed(tmp_path: Path) -> None:
    write(tmp_path, "a", sql_file("", "SELECT my_own()"))
    allowed = {"main": Home("postgresql", Extras(functions=frozenset({"my_own"})))}
    former = library.load([tmp_path], allowed, Limits())
    with pytest.raises(LibraryError, match="my_own is not allowed"):
        library.load([tmp_path], MAIN, Limits(), former=former)
