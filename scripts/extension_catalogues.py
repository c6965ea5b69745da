"""Read the functions and operators that PostgreSQL's extensions bring from a server's catalogue; decides nothing.

Each extension is created in a transaction that is rolled back, so that the server stays as it was. psql does the
asking: it also reaches servers that know no more of the protocol than plain statements.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from function_catalogues import KINDS, VOLATILITIES, Routine

AVAILABLE_SQL = "SELECT name FROM pg_catalog.pg_available_extensions ORDER BY name;"
# Types are named without their schema, so that it does not matter where an extension was put.
IN_THE_EXTENSION = """
BEGIN;
SET LOCAL client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS :"extension" CASCADE;
SELECT set_config('search_path', string_agg(DISTINCT quote_ident(n.nspname), ', '), true) AS search_path
FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace \\gset
{query}
  AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e' AND e.extname = :'extension';
ROLLBACK;
"""
FUNCTIONS_SQL = """
SELECT p.proname, p.prokind, p.provolatile, p.proretset,
       (SELECT string_agg(pg_catalog.format_type(a.type, NULL), ',' ORDER BY a.position)
        FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, position)),
       pg_catalog.format_type(p.prorettype, NULL), e.extversion
FROM pg_catalog.pg_depend AS d
JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
WHERE d.classid = 'pg_catalog.pg_proc'::regclass
"""
OPERATORS_SQL = """
SELECT DISTINCT o.oprname, p.proname, e.extversion
FROM pg_catalog.pg_depend AS d
JOIN pg_catalog.pg_operator AS o ON o.oid = d.objid
JOIN pg_catalog.pg_proc AS p ON p.oid = o.oprcode
JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
WHERE d.classid = 'pg_catalog.pg_operator'::regclass
"""


@dataclass(frozen=True, order=True)
class Operator:
    """An operator of an extension and one of the functions that compute it, in one or more versions."""

    extension: str
    sign: str
    function: str
    versions: tuple[str, ...]


def available(url: str) -> set[str]:
    """Return the extensions that the server at a URL can create."""
    return {name for (name,) in _ask(url, AVAILABLE_SQL)}


def read_functions(url: str, extension: str) -> list[Routine]:
    """Return the functions of one extension, created on the server at a URL and forgotten again."""
    return [_routine(row) for row in _ask(url, IN_THE_EXTENSION.format(query=FUNCTIONS_SQL), extension)]


def read_operators(url: str, extension: str) -> list[Operator]:
    """Return the operators of one extension, created on the server at a URL and forgotten again."""
    rows = _ask(url, IN_THE_EXTENSION.format(query=OPERATORS_SQL), extension)
    return [Operator(extension, sign, function.lower(), (version,)) for sign, function, version in rows]


def merge_operators(known: Iterable[Operator], read: Iterable[Operator]) -> list[Operator]:
    """Return what is known with the versions just read put in the place of the same ones read before."""
    read = list(read)
    renewed = {(operator.extension, version) for operator in read for version in operator.versions}
    versions: dict[Operator, set[str]] = {}
    for operator in known:
        kept = {version for version in operator.versions if (operator.extension, version) not in renewed}
        versions.setdefault(replace(operator, versions=()), set()).update(kept)
    for operator in read:
        versions.setdefault(replace(operator, versions=()), set()).update(operator.versions)
    return sorted(replace(operator, versions=tuple(sorted(seen))) for operator, seen in versions.items() if seen)


def load_operators(path: Path) -> list[Operator]:
    """Read the file that `save_operators` wrote; an absent file holds nothing."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Operator(row["extension"], row["sign"], row["function"], tuple(row["versions"].split(","))) for row in rows]


def save_operators(path: Path, operators: Iterable[Operator]) -> None:
    """Write operators as tab-separated text, sorted."""
    lines = ["extension\tsign\tfunction\tversions"]
    lines += [f"{o.extension}\t{o.sign}\t{o.function}\t{','.join(o.versions)}" for o in sorted(operators)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _ask(url: str, sql: str, extension: str = "") -> list[list[str]]:
    command = ["psql", "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-v", f"extension={extension}", url]
    try:
        done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise SystemExit("servers are read with psql, which is not on PATH; install PostgreSQL's client") from error
    if done.returncode:
        raise SystemExit(f"psql: {done.stderr.strip()}")
    return [line.split("\t") for line in done.stdout.splitlines()]


def _routine(row: list[str]) -> Routine:
    name, kind, volatility, returns_set, arguments, result, version = row
    return Routine(
        name=name.lower(),
        kind=KINDS[kind],
        traits=(VOLATILITIES[volatility],),
        returns_set=returns_set == "t",
        arguments=tuple(arguments.split(",")) if arguments else (),
        result=result,
        versions=(version,),
    )
