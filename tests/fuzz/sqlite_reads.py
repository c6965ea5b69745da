"""Reads in SQLite's SQL, as a grammar, and the small database they read."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from dbmcp.dialects.functions import load
from tests.fuzz.grammar import Grammar

SCHEMA = """
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d JSON);
CREATE TABLE u (a INTEGER, b TEXT, c REAL, d JSON);
CREATE TABLE "Weird table" (a, b, c, d, "delete", "update_date");
CREATE TABLE list (a);
CREATE VIEW v AS SELECT a, b, c, d FROM t;
CREATE INDEX t_b ON t (b);
"""

_OTHER_ARGUMENTS = {"->", "->>", "glob", "like", "match", "if"}


def _calls() -> list[str]:
    """Return a call of every listed scalar function that this build of SQLite has, with arguments as it wants them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        known = connection.execute("SELECT DISTINCT name, narg FROM pragma_function_list WHERE type = 's'").fetchall()
    wanted = [(name, count) for name, count in known if name in load("sqlite") and name not in _OTHER_ARGUMENTS]
    arguments = [(name, " , ".join(["{expr}"] * (count if count >= 0 else 3))) for name, count in sorted(wanted)]
    return [f"{name} ( {listed} )" for name, listed in arguments]


RULES = {
    "statement": ["{query}", "{query}", "{query} ;"],
    "query": [
        "SELECT {items}",
        "SELECT {items} FROM {source} {where} {group} {order} {limit}",
        "SELECT {items} FROM {source} {where} {order} {limit}",
        "SELECT DISTINCT {items} FROM {source} {where} {order}",
        "SELECT sum ( {expr} ) OVER w FROM {source} WINDOW w AS ( {window} )",
        "WITH {ctes} SELECT {items} FROM w {where}",
        "WITH RECURSIVE w ( a , b , c , d ) AS ( {growing} ) SELECT {items} FROM w {limit}",
        "SELECT {expr} {setop} SELECT {expr}",
        "VALUES ( {literal} , {literal} ) , ( {literal} , {literal} )",
    ],
    "growing": ["SELECT 1 , 2 , 3 , 4 UNION ALL SELECT a + 1 , b , c , {expr} FROM w {where}"],
    "setop": ["UNION", "UNION ALL", "EXCEPT", "INTERSECT"],
    "ctes": ["{cte}", "{cte}", "{cte} , x AS ( {four} )"],
    "cte": ["w AS ( {four} )", "w ( a , b , c , d ) AS MATERIALIZED ( {four} )", "w AS NOT MATERIALIZED ( {four} )"],
    "four": ["SELECT a , b , c , d FROM {source} {where}",
        "SELECT {expr} AS a , {expr} AS b , 1 AS c , {expr} AS d FROM {source}"],
    "items": ["{item}", "{item}", "{item} , {item}", "*", "{item} , {item} , {item}"],
    "item": ["{expr}", "{expr} AS {alias}", "count ( * )"],
    "where": ["", "WHERE {condition}", "WHERE {expr}"],
    "group": ["", "GROUP BY {expr}", "GROUP BY {expr} HAVING {condition}", "GROUP BY a , b"],
    "order": ["", "ORDER BY {expr}", "ORDER BY {expr} DESC NULLS LAST", "ORDER BY a COLLATE NOCASE , b"],
    "limit": ["", "LIMIT {number}", "LIMIT {number} OFFSET {number}", "LIMIT {number} , {number}",
        "LIMIT ( SELECT {number} )"],
    "source": [
        "{table}", "{table}", "{source} JOIN {source} USING ( a , b , c , d )",
        "{table} LEFT JOIN {table} USING ( a , b , c , d )",
        "{source} NATURAL JOIN {table}", "( {four} ) AS {alias}", "( {four} )", "t INDEXED BY t_b", "t NOT INDEXED",
        "( {four} ) AS s JOIN json_each ( {string} ) AS j ON {literal}",
    ],
    "condition": [
        "{expr} = {expr}", "{expr} IS NOT NULL", "{expr} AND {condition}", "NOT {condition}",
        "{condition} OR {condition}",
        "{expr} IN ( {expr} , {expr} )", "{expr} NOT IN ( SELECT {expr} FROM {source} )", "EXISTS ( {query} )",
        "{expr} IN list", "{expr} BETWEEN {operand} AND {operand}", "{expr} LIKE {string} ESCAPE '!'",
        "{expr} GLOB {string}",
        "{expr} IS NOT DISTINCT FROM {operand}", "( {expr} , {expr} ) < ( {expr} , {expr} )", "{expr} ISNULL",
        "{expr} == {expr}",
    ],
    "operand": ["{number}", "{column}", "( {expr} )", "{string}"],
    "literal": ["{number}", "{string}", "NULL", "TRUE"],
    "expr": [
        "{column}", "{column}", "{column}", "{literal}", "{literal}", "{call}", "{call}", "{expr} {operator} {expr}",
        "( {expr} )", "- {operand}", "+ {operand}", "~ {operand}", "CAST ( {expr} AS {type} )",
        "CASE WHEN {condition} THEN {expr} ELSE {expr} END", "CASE {expr} WHEN {expr} THEN {expr} END",
        "( SELECT {expr} FROM {source} {where} )", "{operand} COLLATE NOCASE", "{expr} -> {string}", "{expr} ->> '$.a'",
        "count ( * ) FILTER ( WHERE {condition} )", "sum ( {expr} ) OVER ( {window} )", "rank ( ) OVER ( {window} )",
        "group_concat ( {expr} , {string} )", "iif ( {condition} , {expr} , {expr} )", "coalesce ( {expr} , {expr} )",
        "like ( {string} , {expr} )", "current_timestamp", "( SELECT count ( * ) FROM pragma_table_info ( {string} ) )",
        "EXISTS ( {query} )", "x'1F'",
    ],
    "window": [
        "PARTITION BY {expr} ORDER BY {expr}", "ORDER BY {expr} ROWS BETWEEN {number} PRECEDING AND CURRENT ROW",
        "ORDER BY {expr} GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES", "PARTITION BY {expr}",
    ],
    "call": _calls(),
    "operator": ["+", "-", "*", "/", "%", "||", "<", ">=", "<>", "!=", "&", "|", "<<", "AND"],
    "type": ["INTEGER", "TEXT", "NUMERIC ( 10 , 2 )", "BLOB", "REAL", "VARCHAR ( 5 )"],
    "table": ["t", "t", "u", "v", "main . t", "[t]", "`u`", '"t"', "{odd_table}"],
    "column": ["a", "a", "b", "c", "d", "[b]", '"c"', "`a`", "rowid"],
}  # fmt: skip

ATOMS = {
    "odd_table": ('"Weird table"', "[Weird table]", "`Weird table`"),
    "alias": ("x", '"update"', "[two words]", "`drop`", '"a""b"', "total", "'quoted'"),
    "number": ("1", "0", "42", "1.5", ".5", "1e10", "0x1F", "1.", "9223372036854775807"),
    "string": (
        "'x'", "''", "'it''s'", "'hunter2'", "'it''s hunter2'", "'--hunter2'", "'DROP TABLE t'",
        "'; DELETE FROM t; --'", "'/* c */'", "'-- c'", "'🎉'", "'[1,2]'",
        "'{\"a\": [1]}'", "'load_extension(1)'", "'\\'", "'?1'", "'$.a'",
    ),
}  # fmt: skip

GRAMMAR = Grammar(RULES, ATOMS)
