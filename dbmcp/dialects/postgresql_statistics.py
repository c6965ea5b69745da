"""What ANALYZE has counted of a table on PostgreSQL. pg_stats shows a role what it may read, and no row security."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dbmcp.shapes import ColumnShape, Order, Statistics, ends

if TYPE_CHECKING:
    import asyncpg

# Where more of the rows than this share were changed since, what was counted is of no use.
_MOST_CHANGED = 0.2
_COMMON = 100
_VALUE_CHARS = 60
# By the category of the type (pg_type.typcategory). Numbers hold money as well, which is no number as it is printed.
_ORDERS: dict[str | None, Order] = {"N": "number", "D": "moment", "S": "text"}
# Of a partitioned table all partitions are counted together; of a table with children the counts are its own alone.
# An array is read as text, whose elements a comma divides: not those of a type with another sign.
_STATISTICS = f"""
SELECT pg_catalog.json_build_array(
  s.attname, s.null_frac, s.n_distinct, s.most_common_freqs[1:{_COMMON}],
  CASE WHEN v.readable THEN ARRAY(
    SELECT pg_catalog.left(u.value, {_VALUE_CHARS + 1})
    FROM pg_catalog.unnest((s.most_common_vals::pg_catalog.text::pg_catalog.text[])[1:{_COMMON}])
      WITH ORDINALITY AS u(value, place) ORDER BY u.place) END,
  CASE WHEN v.readable THEN ARRAY(
    SELECT pg_catalog.left(u.value, {_VALUE_CHARS + 1})
    FROM (SELECT s.histogram_bounds::pg_catalog.text::pg_catalog.text[] AS bounds) AS h,
      LATERAL (VALUES (h.bounds[1]), (h.bounds[pg_catalog.array_upper(h.bounds, 1)])) AS u(value)
    WHERE u.value IS NOT NULL) END,
  t.typcategory,
  c.reltuples,
  GREATEST(pg_catalog.pg_stat_get_last_analyze_time(c.oid),
    pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid))::pg_catalog.date
)::pg_catalog.text
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname
  AND s.inherited = (c.relkind = 'p')
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = s.attname AND NOT a.attisdropped
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
CROSS JOIN LATERAL (SELECT t.typdelim = ',' AND t.typname <> 'bytea' AND t.typtype <> 'c' AS readable) AS v
WHERE n.nspname = $1 AND c.relname = $2 AND c.reltuples > 0
  AND (c.relkind IN ('m', 'p') OR c.relkind = 'r' AND NOT c.relhassubclass)
  AND coalesce(pg_catalog.pg_stat_get_mod_since_analyze(c.oid), 0) <= {_MOST_CHANGED} * c.reltuples
ORDER BY a.attnum"""  # noqa: S608  (numbers alone are put in)


async def statistics(connection: asyncpg.Connection, relation: tuple[str, str]) -> Statistics | None:
    """Return what was counted of a table; None where nothing was, or too much has changed since."""
    rows = [json.loads(row[0]) for row in await connection.fetch(_STATISTICS, *relation)]
    if not rows:
        return None
    *_, count, counted_on = rows[0]
    return Statistics(int(count), counted_on, tuple(_column(row, int(count)) for row in rows))


def _column(row: list[Any], rows: int) -> ColumnShape:
    name, nulls, distinct, shares, common, bounds, category, *_ = row
    # Counted as they are; where they grow with the table, as a share of its rows.
    count = distinct if distinct >= 0 else -distinct * rows
    values = [*(common or ()), *(bounds or ())]
    order = _ORDERS.get(category)
    whole = all(len(value) <= _VALUE_CHARS for value in values)
    least, greatest = ends(values, order) if order is not None and whole else (None, None)
    return ColumnShape(
        name,
        nulls,
        round(count) or None,
        is_unique=distinct == -1,
        least=least,
        greatest=greatest,
        common=tuple(zip(common or (), shares or (), strict=False)),
    )
