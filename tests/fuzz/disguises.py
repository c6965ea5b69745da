"""Writes disguised as reads: at a random place of a random read stands something that must never be approved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

from dbmcp.dialects.functions import held_back, load
from dbmcp.dialects.relations import held_back_relations
from tests.fuzz import postgresql_reads, sqlite_reads
from tests.fuzz.grammar import Grammar, Node

# Places of a read, by their symbol, and what is put there. {danger} is a name held back, in some spelling.
_POSTGRESQL: Mapping[str, Sequence[str]] = {
    "expr": (
        "{danger} ( )", "{danger} ( {expr} )", "{danger} ( {expr} , {expr} )", "{danger} ( VARIADIC {expr} )",
        "{danger} ( DISTINCT {expr} ORDER BY {expr} ) FILTER ( WHERE {condition} )", "{danger} ( * )",
        "( {expr} ) . {bare_danger}",
        "{danger} ( {expr} ) OVER ( {window} )", "( {danger} ( {expr} ) ) . *", "( {call} ) . {bare_danger}",
        "{danger} ( {expr} ) WITHIN GROUP ( ORDER BY {expr} )", "{foreign} ( {expr} )", "{foreign} ( )",
        "{operand} OPERATOR ( public . + ) {operand}", "{operand} = ANY ( {danger} ( ) )",
        "OPERATOR ( s . - ) {operand}",
        "( WITH w AS ( {dml} ) SELECT a FROM w )", "( {query} FOR UPDATE )", "( SELECT a INTO z FROM t )", "$1",
        "( {number} ) . my_function", '( {string} :: text ) . "Lower"', "( ARRAY [ {expr} ] ) . my_function",
        "{operand} OPERATOR ( public . < ) ALL ( {query} )", "ARRAY ( {query} FOR SHARE )",
        "( SELECT a FROM {secret} )",
    ),
    "source": (
        "{danger} ( {expr} )", "{danger} ( ) AS f ( a int )", "ROWS FROM ( {call} , {danger} ( {expr} ) )",
        "LATERAL {danger} ( {expr} ) WITH ORDINALITY", "{foreign} ( ) AS f", "{secret}", "ONLY {secret}",
        "{secret} AS {alias}",
        "t TABLESAMPLE mine ( 1 )", "{table} JOIN {secret} USING ( a )", "( {query} FOR NO KEY UPDATE ) AS s",
        "XMLTABLE ( '/a' PASSING {danger} ( ) COLUMNS x int PATH 'b' ) AS x", "db . public . t",
        "( TABLE {secret} ) AS s",
    ),
    "query": (
        "WITH w AS ( {dml} ) {query}", "WITH x AS ( {query} ) , w AS ( {dml} ) SELECT * FROM x", "{query} FOR UPDATE",
        "{query} FOR KEY SHARE OF t NOWAIT", "SELECT {items} INTO z FROM {source}",
        "SELECT {items} INTO TEMP z FROM {source}",
        "SELECT {items} INTO UNLOGGED TABLE z FROM {source}", "TABLE {secret}", "SELECT a INTO z UNION {query}",
        "WITH w AS MATERIALIZED ( WITH v AS ( {dml} ) SELECT 1 ) {query}",
        "WITH x AS ( SELECT a INTO z FROM t ) {query}",
    ),
    "statement": (
        "{query} ; {dml}", "{dml}", "{query} ; {query}", "EXPLAIN ANALYZE {query}", "EXPLAIN ( ANALYZE ) {dml}",
        "COPY ( {query} ) TO '/tmp/x'", "COPY t FROM PROGRAM 'true'", "CREATE TABLE z AS {query}",
        "CREATE VIEW z AS {query}",
        "PREPARE p AS {query}", "DECLARE c CURSOR FOR {query}", "DO {constant}", "CALL {foreign} ( )",
        "SET x = {string}",
        "COMMIT ; {query}", "BEGIN ; {query} ; COMMIT", "REFRESH MATERIALIZED VIEW z", "LOCK TABLE t",
        "NOTIFY x , {constant}",
        "EXECUTE p ( {expr} )", "VACUUM t", "TRUNCATE t", "DROP TABLE t", "ALTER TABLE t ADD a int",
        "GRANT SELECT ON t TO PUBLIC",
        "RESET ALL", "DISCARD ALL", "LISTEN x", "MERGE INTO t USING u ON {condition} WHEN MATCHED THEN DELETE",
        "SHOW ALL",
        "CREATE FUNCTION f ( ) RETURNS int RETURN {expr}", "SECURITY LABEL ON TABLE t IS 'x'", "CHECKPOINT", "LOAD 'x'",
    ),
}  # fmt: skip

_POSTGRESQL_PARTS: Mapping[str, Sequence[str]] = {
    "dml": (
        "DELETE FROM t RETURNING *", "UPDATE t SET a = {expr} RETURNING a",
        "INSERT INTO t VALUES ( {expr} ) RETURNING b",
        "INSERT INTO t {query}", "DELETE FROM ONLY t USING {source} WHERE {condition}",
        "UPDATE t SET ( a , b ) = ( {query} )",
        "INSERT INTO t DEFAULT VALUES ON CONFLICT DO NOTHING RETURNING {expr}",
        "MERGE INTO t USING {source} ON {condition} WHEN NOT MATCHED THEN INSERT VALUES ( {expr} )",
    ),
}  # fmt: skip

_SQLITE: Mapping[str, Sequence[str]] = {
    "expr": (
        "{danger} ( )", "{danger} ( {expr} )", "{danger} ( {expr} , {expr} )", "{danger} ( * )",
        "{danger} ( DISTINCT {expr} )",
        "{danger} ( {expr} ) FILTER ( WHERE {condition} )", "{danger} ( {expr} ) OVER ( {window} )",
        "( SELECT a FROM {secret} )",
        "( SELECT * FROM {danger} ( {expr} ) )", "{danger} ( {expr} ORDER BY {expr} )", "{expr} IN {secret}",
        "{expr} IN {danger} ( )",
    ),
    "source": (
        "{danger} ( {expr} )", "{danger} ( ) AS f", "{secret}", "{secret} AS {alias}",
        "{table} JOIN {secret} USING ( a )",
        "main . {secret}", "( SELECT * FROM {secret} )",
    ),
    "query": ("WITH w AS ( {dml} ) {query}", "WITH w AS ( {four} ) {dml}"),
    "statement": (
        "{query} ; {dml}", "{dml}", "{query} ; {query}", "EXPLAIN {query}", "EXPLAIN QUERY PLAN {dml}",
        "PRAGMA writable_schema = 1",
        "PRAGMA journal_mode ( DELETE )", "ATTACH {string} AS x", "ATTACH DATABASE {expr} AS x", "DETACH x",
        "VACUUM INTO {string}",
        "VACUUM", "CREATE TABLE z AS {query}", "CREATE TEMP VIEW z AS {query}", "DROP TABLE t", "REINDEX", "ANALYZE",
        "BEGIN",
        "COMMIT", "SAVEPOINT s", "ALTER TABLE t ADD z", "CREATE VIRTUAL TABLE z USING fts5 ( a )", "RELEASE s",
        "CREATE TRIGGER z AFTER INSERT ON t BEGIN {dml} ; END",
    ),
}  # fmt: skip

_SQLITE_PARTS: Mapping[str, Sequence[str]] = {
    "dml": (
        "DELETE FROM t", "DELETE FROM t WHERE {condition} RETURNING *", "UPDATE t SET b = {expr}",
        "INSERT INTO t ( b ) VALUES ( {expr} )",
        "REPLACE INTO t {four}", "INSERT OR IGNORE INTO t {four}", "UPDATE OR ROLLBACK t SET b = {expr} FROM u",
        "INSERT INTO t ( b ) {query} ON CONFLICT DO UPDATE SET b = 1 RETURNING a",
    ),
}  # fmt: skip


@cache
def grammar(dialect: str) -> Grammar:
    """Return the dialect's reads with the dangers added, as symbols that no read ever holds."""
    is_postgresql = dialect == "postgresql"
    dangers, parts = (_POSTGRESQL, _POSTGRESQL_PARTS) if is_postgresql else (_SQLITE, _SQLITE_PARTS)
    rules = postgresql_reads.RULES if is_postgresql else sqlite_reads.RULES
    atoms = postgresql_reads.ATOMS if is_postgresql else sqlite_reads.ATOMS
    added = {f"danger_{place}": choices for place, choices in dangers.items()}
    return Grammar({**rules, **parts, **added}, {**atoms, **_names(dialect)})


def disguise(dialect: str, random: Random) -> Node:
    """Return a read in which one place was made dangerous; it stands between two signs of Unicode's private use."""
    grown = grammar(dialect)
    read = grown.grow("statement", random, depth=6, size=40)
    dangers = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    places = [node for node in read.nodes() if node.symbol in dangers]
    # Whatever the read is made of, no kind of place is rare.
    symbol = random.choice(sorted({node.symbol for node in places}))
    place = random.choice([node for node in places if node.symbol == symbol])
    danger = grown.grow(f"danger_{symbol}", random, depth=3, size=12)
    return read.with_replaced(place, Node(symbol, ("\ue000", danger, "\ue001")))


def _names(dialect: str) -> dict[str, Sequence[str]]:
    """Return atoms of names that must be refused, each in every spelling that the dialect has."""
    names = sorted(name for name in held_back(dialect) if re.fullmatch(r"\w+", name))
    spell = _POSTGRESQL_SPELLINGS if dialect == "postgresql" else _SQLITE_SPELLINGS
    bare = [spelling(name) for name in names for spelling in spell]
    if dialect != "postgresql":
        tables = [name for name in held_back_relations(dialect) if re.fullmatch(r"\w+", name)]
        secret = [spelling(name) for name in tables for spelling in spell]
        return {"danger": [*bare, "my_function", '"my function"', "[eval]"], "secret": secret}
    qualified = [f"{schema}.{name}" for name in bare for schema in ("pg_catalog", '"pg_catalog"')]
    listed = sorted(load(dialect) & set(postgresql_reads.FUNCTIONS))[::7]
    foreign = [f"{schema}.{name}" for name in listed for schema in ("public", '"s"', "db.pg_catalog", "PG_CATALOG1")]
    relations = [name for name in held_back_relations(dialect) if name.startswith("pg_catalog.pg_")]
    secret = [spelling(name.partition(".")[2]) for name in relations for spelling in spell]
    return {
        "bare_danger": bare,
        "danger": bare + qualified,
        "foreign": [*foreign, "my_function", '"Lower"', '"upper "', "ünlink"],
        "secret": [*relations, *secret, *(f"pg_catalog . {name}" for name in secret)],
    }


def _escaped(name: str) -> str:
    return 'U&"' + "".join(f"\\{ord(sign):04x}" if sign in "pl_" else sign for sign in name) + '"'


def _escaped_otherwise(name: str) -> str:
    return 'U&"' + "".join(f"!+{ord(sign):06X}" for sign in name) + "\" UESCAPE '!'"


_POSTGRESQL_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str, str.upper, str.title, lambda name: f'"{name}"', _escaped, _escaped_otherwise,
)  # fmt: skip
_SQLITE_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str, str.upper, str.title, lambda name: f'"{name.upper()}"', lambda name: f"[{name}]", lambda name: f"`{name}`",
)  # fmt: skip
