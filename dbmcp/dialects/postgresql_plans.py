"""PostgreSQL's plans: EXPLAIN (FORMAT JSON) read into the product-neutral tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dbmcp.plans import Kind, Plan, Step

if TYPE_CHECKING:
    import asyncpg

    from dbmcp.dialects.base import Read

# VERBOSE names the schema of each table. Buffers are off by name: from version 18 on they are counted by default.
_OPTIONS = "VERBOSE, FORMAT JSON"
_MEASURED = "ANALYZE, TIMING, BUFFERS OFF, "
_MEMORY = """
SELECT pg_catalog.pg_size_bytes(pg_catalog.current_setting('work_mem'))::pg_catalog.text,
  coalesce(pg_catalog.current_setting('hash_mem_multiplier', true), '1')"""
_KINDS: dict[str, Kind] = {
    "Nested Loop": "join", "Hash Join": "join", "Merge Join": "join", "Sort": "sort", "Incremental Sort": "sort",
    "Hash": "hash", "Limit": "limit",
}  # fmt: skip
_WHOLE = ("Seq Scan", "Sample Scan", "Foreign Scan")
# Where a step says what it goes by; the first that is there.
_ON = ("Index Cond", "Hash Cond", "Merge Cond", "Join Filter", "TID Cond", "Sort Key", "Group Key", "Cache Key")
# Steps are nested as deeply as the statement is: it passed the guard, and its views did not.
_DEEPEST = 200


async def plan(connection: asyncpg.Connection, read: Read, *, measured: bool) -> Plan:
    """Ask for the plan of a statement as it is written; `measured` runs it, and throws its rows away.

    It stands within a query, as it does when it is run: there the grammar takes nothing but a query.
    """
    options = f"{_MEASURED if measured else ''}{_OPTIONS}"
    rows = await connection.fetch(f"EXPLAIN ({options}) {read.prelude}SELECT * FROM (\n{read.text}\n) AS _q")  # noqa: S608
    ((memory, multiplier),) = await connection.fetch(_MEMORY)
    found = rows[0][0]
    # SQLAlchemy has the connections of its pool read JSON.
    (said,) = json.loads(found) if isinstance(found, str) else found
    return plan_of(said, int(memory), float(multiplier))


def plan_of(found: dict[str, Any], work_mem: int, hash_multiplier: float) -> Plan:
    """Return the tree of what EXPLAIN said."""
    milliseconds = found.get("Execution Time")
    root = found["Plan"]
    if root["Node Type"] == "Subquery Scan" and root.get("Alias") == "_q":
        # The query that the statement was put into.
        (root,) = root["Plans"]
    return Plan(
        _step(root),
        root.get("Total Cost"),
        None if milliseconds is None else milliseconds / 1000,
        work_mem,
        int(work_mem * hash_multiplier),
    )


def _step(node: dict[str, Any], depth: int = 0, at_once: int = 1) -> Step:
    """Return a step and those below it; `at_once` processes share its loops."""
    kind = str(node["Node Type"])
    below = node.get("Plans", ()) if depth < _DEEPEST else ()
    loops = node.get("Actual Loops")
    milliseconds = node.get("Actual Total Time")
    on = next((node[key] for key in _ON if node.get(key)), "")
    processes = node.get("Workers Launched", 0) + 1 if kind.startswith("Gather") else at_once
    steps = tuple(_step(item, depth + 1, processes) for item in below)
    return Step(
        _name(node, kind),
        "scan" if "Relation Name" in node else _KINDS.get(kind, "other"),
        node.get("Schema", "") if "Relation Name" in node else "",
        node.get("Relation Name", ""),
        node.get("Alias", ""),
        node.get("Index Name") or _indexes_of(steps if kind == "Bitmap Heap Scan" else ()),
        kind in _WHOLE,
        ", ".join(on) if isinstance(on, list) else on or _indexed_by(kind, steps),
        node.get("Filter") or (node.get("Join Filter", "") if on != node.get("Join Filter") else ""),
        node.get("Plan Rows"),
        node.get("Plan Width"),
        node.get("Actual Rows"),
        node.get("Rows Removed by Filter"),
        loops,
        None if milliseconds is None else milliseconds * max((loops or 0) / at_once, 1) / 1000,
        _spilled(node),
        node.get("Subplan Name", ""),
        # The indexes of a bitmap are told with the table that it is of.
        () if kind == "Bitmap Heap Scan" else steps,
    )


def _name(node: dict[str, Any], kind: str) -> str:
    if kind == "Aggregate":
        strategy = node.get("Strategy", "")
        return {"Hashed": "HashAggregate", "Sorted": "GroupAggregate", "Mixed": "MixedAggregate"}.get(strategy, kind)
    join = node.get("Join Type", "Inner")
    of = node.get("CTE Name") or node.get("Function Name") or node.get("Tuplestore Name") or ""
    name = f"{kind.removesuffix(' Join')} {join} Join" if join != "Inner" else kind
    return f"{name} {of}".rstrip()


def _indexes_of(steps: tuple[Step, ...]) -> str:
    """Return the indexes that a bitmap is made of."""
    return " + ".join(dict.fromkeys(item.index for step in steps for item in step.walk() if item.index))


def _indexed_by(kind: str, steps: tuple[Step, ...]) -> str:
    if kind != "Bitmap Heap Scan":
        return ""
    return " + ".join(item.on for step in steps for item in step.walk() if item.on)


def _spilled(node: dict[str, Any]) -> int:
    """Return the bytes that a sort, a hash table or a grouping put on disk; 1 where how many is not told."""
    if node.get("Sort Space Type") == "Disk":
        return int(node.get("Sort Space Used", 0)) * 1024
    if node.get("Disk Usage"):
        return int(node["Disk Usage"]) * 1024
    groups = node.get("Full-sort Groups", {}), node.get("Pre-sorted Groups", {})
    disk = sum(int(item.get("Sort Space Disk", {}).get("Peak Sort Space Used", 0)) for item in groups)
    return disk * 1024 or int(node.get("Hash Batches", 1) > 1)
