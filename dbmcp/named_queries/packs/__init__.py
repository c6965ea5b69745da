"""Queries that come with dbmcp, one folder a pack, switched on by the setting `query_packs`.

Their texts are reviewed, so they may read what the guard holds back from everybody else. No setting and no file of a
user's gives that; and a pack is not served for a database that is under a policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbmcp.guard.extras import Extras
    from dbmcp.named_queries.model import Fault, Home

_HERE = Path(__file__).parent
_SHOWN = "pack:"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack: its name, which is its folder's and its group's, whose SQL it is, and what its queries may read."""

    name: str
    dialect: str
    relations: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """Return what messages call its folder."""
        return f"{_SHOWN}{self.name}"

    @property
    def folder(self) -> Path:
        """Return where its .sql files are."""
        return _HERE / self.name

    def is_for(self, home: Home) -> bool:
        """Say whether the pack's queries may run on a database."""
        return home.dialect == self.dialect and not home.is_governed

    def extras(self, given: Extras) -> Extras:
        """Return what the guard lets the pack's queries use: what the operator allows, and what the pack may."""
        return replace(given, functions=given.functions | self.functions, relations=self.relations)


PACKS: Mapping[str, Pack] = {
    "postgresql": Pack(
        "postgresql",
        "postgresql",
        # What sessions do, hold and wait for. The texts of their statements are shown of this database alone, and
        # none of dbmcp's own, in which a policy's key may stand.
        relations=frozenset(
            """pg_stat_activity pg_locks pg_prepared_xacts pg_stat_progress_vacuum pg_stat_statements
            pg_stat_replication pg_replication_slots pg_stat_database pg_stats""".split()
        ),
        # Of settings, five numbers: block_size, max_connections and when autovacuum comes.
        functions=frozenset(
            """pg_backend_pid pg_blocking_pids pg_current_wal_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn
            current_setting""".split()
        ),
    ),
}


def is_of_pack(fault: Fault) -> bool:
    """Say whether a fault is one of a pack's file."""
    return fault.file.startswith(_SHOWN)
