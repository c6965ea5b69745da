"""What a PostgreSQL role may do beyond reading: the fourth lock. Finds it, says it, writes the script that mends it.

Judged is every role that the session's role is a member of, whether it inherits or must SET ROLE, and PUBLIC. Grants
are read from the access lists themselves, so a table that lies in a schema the role may not use does not count.
Not looked at: other databases of the server, settings granted by GRANT SET (PostgreSQL 15), foreign servers, and
pg_catalog's own functions and tables, which the guard allows one by one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EXAMPLES_SAID = 2
_LONGEST_NAME_SAID = 80

# Code → what is said of it; {n} is how many. All of these are refused: they write, or show what was not granted.
_REFUSED = {
    "superuser": "is a superuser",
    "bypass_rls": "bypasses row security (BYPASSRLS)",
    "replication": "can start replication (REPLICATION)",
    "create_role": "can make roles (CREATEROLE)",
    "create_database": "can make databases (CREATEDB)",
    "pg_write_all_data": "can write every table (pg_write_all_data)",
    "pg_write_server_files": "can write files of the server (pg_write_server_files)",
    "pg_read_server_files": "can read files of the server (pg_read_server_files)",
    "pg_execute_server_program": "can run programs on the server (pg_execute_server_program)",
    "pg_signal_backend": "can end other sessions (pg_signal_backend)",
    "pg_signal_autovacuum_worker": "can end autovacuum (pg_signal_autovacuum_worker)",
    "pg_checkpoint": "can force checkpoints (pg_checkpoint)",
    "pg_maintain": "can vacuum, reindex and lock every table (pg_maintain)",
    "pg_create_subscription": "can make subscriptions (pg_create_subscription)",
    "owner": "owns {n:,} object{s}",
    "write_table": "can write {n:,} table{s}",
    "use_sequence": "can advance or set {n:,} sequence{s}",
    "write_large_object": "can write {n:,} large object{s}",
    "create_in_schema": "can create in {n:,} schema{s}",
    "create_schema": "can create schemas in the database",
}
# Not refused. Temporary tables: PUBLIC may make them unless that is taken from everyone, they hold nothing of others,
# and neither the guard nor a READ ONLY transaction lets one be made. Functions that run with their owner's rights: the
# role was granted what they do. Large objects: anyone may make one, there is no grant for it, and the guard holds those
# functions back. Default privileges: nothing can be written yet; the next check finds what then can.
_NOTED = {
    "temporary": "can make temporary tables",
    "security_definer": "can call {n:,} function{s} that run{v} with {its} owner's rights and may write",
    "large_objects": "can make large objects",
    "future_writes": "will be able to write what {n:,} role{s} make{v} from now on",
}
# Not writing, but shows what was not granted.
_ONLY_READ = frozenset({"bypass_rls", "pg_read_server_files"})
# Held by the role itself, or by roles it may become: those are the examples.
_ATTRIBUTES = frozenset({"superuser", "bypass_rls", "replication", "create_role", "create_database"})


@dataclass(frozen=True, slots=True)
class Power:
    """One thing the role may do beyond reading; `examples` are up to five objects, or the roles it comes through."""

    code: str
    text: str
    severity: Literal["refuse", "note"]
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicGrant:
    """Something that every role may do to one object; `kind` is as in GRANT, `usable` says by any role as it is."""

    kind: Literal["DATABASE", "SCHEMA", "TABLE", "SEQUENCE", "LARGE OBJECT"]
    schema: str | None
    name: str
    privileges: tuple[str, ...]
    usable: bool


@dataclass(frozen=True, slots=True)
class RoleReport:
    """What the role of a connection may do beyond reading, the gravest first; a superuser's one power is that."""

    role: str
    superuser: bool
    powers: tuple[Power, ...]
    public_grants: tuple[PublicGrant, ...] = ()

    @property
    def refused(self) -> tuple[Power, ...]:
        """The powers for which the role is not served unless the operator insists."""
        return tuple(power for power in self.powers if power.severity == "refuse")

    @property
    def can_write(self) -> bool:
        """Whether any of them changes something; the others show what was not granted."""
        return any(power.code not in _ONLY_READ for power in self.refused)


@cache
def _statement() -> str:
    return Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


async def inspect(connection: Any) -> RoleReport:
    """Return what the role of an open asyncpg connection may do beyond reading; one statement.

    Raises:
        asyncpg.PostgresError: the catalog could not be read.
    """
    found: dict[str, tuple[int, Any]] = {}
    for code, number, detail in await connection.fetch(_statement()):
        found[code] = (int(number), json.loads(detail or "[]"))
    _, role = found.pop("role")
    _, public = found.pop("public", (0, []))
    grants = tuple(PublicGrant(kind, schema, name, tuple(held), usable) for kind, schema, name, held, usable in public)
    superuser = "superuser" in found
    if superuser:
        # All the others follow from it.
        found = {"superuser": found["superuser"]}
    powers = (*_powers(found, _REFUSED, "refuse"), *_powers(found, _NOTED, "note"))
    return RoleReport(role, superuser, powers, grants)


def _powers(
    found: Mapping[str, tuple[int, Any]], texts: Mapping[str, str], severity: Literal["refuse", "note"]
) -> Iterable[Power]:
    for code, text in texts.items():
        if code in found:
            number, examples = found[code]
            one = number == 1
            said = text.format(n=number, s="" if one else "s", v="s" if one else "", its="its" if one else "their")
            yield Power(code, said, severity, tuple(examples))


def refusal(report: RoleReport) -> str:
    """Return why the role is not served, "" when it is fit."""
    if not report.refused:
        return ""
    powers = [_said(power) for power in report.refused]
    listed = f"{', '.join(powers[:-1])} and {powers[-1]}" if len(powers) > 1 else "".join(powers)
    return f"The database role {_printable(report.role)} may do more than read: it {listed}."


def remedy(database: str) -> str:
    """Return what would work in place of a role that is not fit; `database` is its name in the settings."""
    return (
        "Connect as a role that only reads (the script below makes one), or insist on this one with "
        "--allow-writable-role, with allow_writable_role = true under the database in dbmcp.toml, or with "
        f"DBMCP_DATABASES__{database.upper()}__ALLOW_WRITABLE_ROLE=true."
    )


def _said(power: Power) -> str:
    names = [_printable(name) for name in power.examples[:_EXAMPLES_SAID]]
    listed = ", ".join(names) + (", …" if len(power.examples) > _EXAMPLES_SAID else "")
    if not names:
        return power.text
    return f"{power.text} through {listed}" if power.code in _ATTRIBUTES else f"{power.text} ({listed})"


def _printable(name: str) -> str:
    """Return a name fit for one line of a terminal: whoever named a table may not write the operator's messages."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in name)
    return plain if len(plain) <= _LONGEST_NAME_SAID else f"{plain[:_LONGEST_NAME_SAID]}…"


def grant_script(report: RoleReport, database: str, schemas: Sequence[str], role: str = "dbmcp_reader") -> str:
    """Return the SQL that makes a role which reads the schemas of the database, and does nothing else.

    To be run on that database by a superuser, once a password stands in it; it can be run again. A role of this name
    loses its attributes but keeps what it was granted. A name may hold anything: each is quoted for where it stands.
    """
    reader, place = _identifier(role), _identifier(database)
    parts = [
        "-- Makes a role that only reads. Choose a password below, then run this as a superuser on the database to be",
        "-- read: psql -v ON_ERROR_STOP=1 -f FILE. It may be run again, and for several databases of one server.",
        "BEGIN;",
        "SET LOCAL search_path = '';",
        _do(_MAKE_ROLE, database=_literal(database), role=_literal(role)),
        "-- A second line of defence; dbmcp's sessions are read-only whatever the role's default.",
        f"ALTER ROLE {reader} SET default_transaction_read_only = on;",
        f"GRANT CONNECT ON DATABASE {place} TO {reader};",
    ]
    for schema in map(_identifier, schemas):
        parts += [
            f"GRANT USAGE ON SCHEMA {schema} TO {reader};",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};",
        ]
    parts += [
        "-- Tables made from now on can be read too, where their maker owns something here today.",
        _do(_DEFAULTS, schemas=", ".join(map(_literal, schemas)), role=_literal(role)),
        *_revokes(report.public_grants, set(schemas)),
        "-- Every role may also make temporary tables: harmless, but each costs rows of the catalog. To stop it, for",
        "-- every role that is not granted it by name, remove the dashes:",
        _commented(f"REVOKE TEMPORARY ON DATABASE {place} FROM PUBLIC;"),
        "COMMIT;",
    ]
    return "\n".join(parts) + "\n"


def _revokes(grants: Iterable[PublicGrant], schemas: set[str]) -> list[str]:
    """Return the statements that take from PUBLIC what a reader of the schemas would have through it."""
    lines = []
    for grant in grants:
        if grant.usable or grant.schema in schemas:
            where = f"{_identifier(grant.schema)}." if grant.schema is not None else ""
            name = grant.name if grant.kind == "LARGE OBJECT" else f"{where}{_identifier(grant.name)}"
            lines.append(f"REVOKE {', '.join(grant.privileges)} ON {grant.kind} {name} FROM PUBLIC;")
    if not lines:
        return []
    return [
        "-- PUBLIC stands for every role, readers too. This takes writing from every role that was not granted it by",
        "-- name; give it back to those who need it, such as: GRANT CREATE ON SCHEMA public TO app;",
        *lines,
    ]


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'"
    return f" E{quoted}" if "\\" in text else quoted


def _commented(statement: str) -> str:
    """Return a statement as a comment, every line of it: a name may hold a line break."""
    return "\n".join(f"-- {line}" for line in statement.replace("\r", "\n").split("\n"))


def _do(body: str, **values: str) -> str:
    """Return a DO block, its body between dollar quotes that no value in it can close."""
    body = re.sub("<(database|role|schemas)>", lambda found: values[found[1]], body)
    tag = "$dbmcp$"
    while tag in body:
        tag = f"{tag[:-1]}_$"
    return f"DO {tag}\n{body}\n{tag};"


_MAKE_ROLE = """\
DECLARE
    chosen CONSTANT text := '<choose one>';
    fit CONSTANT text := 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION';
BEGIN
    IF current_database() <> <database> THEN
        RAISE EXCEPTION 'this session is on another database: connect to the one that is to be read';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = <role>) THEN
        IF chosen LIKE '<%' THEN
            RAISE EXCEPTION 'choose a password: write it into this script';
        END IF;
        EXECUTE format('CREATE ROLE %I PASSWORD %L ', <role>, chosen) || fit;
    ELSIF EXISTS (
        SELECT FROM pg_roles WHERE rolname = <role>
        AND (NOT rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication)
    ) THEN
        EXECUTE format('ALTER ROLE %I ', <role>) || fit;
    END IF;
END"""

_DEFAULTS = """\
DECLARE
    pair record;
BEGIN
    FOR pair IN
        WITH makers AS (
            SELECT n.nspname AS schema, unnest(ARRAY[n.nspowner, c.relowner, d.datdba]) AS maker
            FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid, pg_database d
            WHERE n.nspname = ANY (ARRAY[<schemas>]::text[]) AND d.datname = current_database()
        )
        SELECT DISTINCT m.schema, r.rolname AS maker FROM makers m JOIN pg_roles r ON r.oid = m.maker
        WHERE r.rolname !~ '^pg_' AND pg_has_role(r.oid, 'MEMBER')
    LOOP
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT ON TABLES TO %I',
            pair.maker, pair.schema, <role>);
    END LOOP;
END"""
