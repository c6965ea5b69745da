/*
title = "Bloat"
description = "How much larger tables are than their rows need, as far as the last ANALYZE tells: an estimate, to find out where to look. The extension pgstattuple measures. Where there is no estimate, the table was never analysed or the role may not read it."
tags = ["operations", "vacuum"]
search_hint = "table bloat, wasted space, vacuum full"

[parameters.at_least_mb]
type = "number"
description = "only tables of this size and more, in MiB"
minimum = 0
default = 10

[parameters.top]
type = "integer"
minimum = 1
maximum = 200
default = 30
*/
WITH row_width AS (
    -- No sample of values is read: only how wide they are, and how many are NULL.
    SELECT schemaname, tablename, sum((1 - null_frac) * avg_width) AS bytes, count(*) AS columns
    FROM pg_stats
    WHERE NOT inherited
    GROUP BY schemaname, tablename
),
size AS (
    SELECT
        c.oid,
        n.nspname AS schema,
        c.relname AS "table",
        c.reltuples AS rows,
        pg_relation_size(c.oid) AS bytes,
        current_setting('block_size')::int AS block,
        coalesce(substring(array_to_string(c.reloptions, ' ') FROM 'fillfactor=(\d+)')::int, 100) AS fill_percent,
        -- A row: a header of 23 bytes and a bit for each column, its values, all rounded up to 8; and its pointer.
        4 + 8 * ceil((23 + w.columns / 8.0) / 8) + 8 * ceil(w.bytes / 8) AS row_bytes
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN row_width AS w ON w.schemaname = n.nspname AND w.tablename = c.relname
    WHERE c.relkind IN ('r', 'm')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND n.nspname NOT LIKE 'pg\_toast%'
),
needed AS (
    SELECT
        size.*,
        -- A page has a header of 24 bytes. Before the first ANALYZE the number of rows is -1.
        CASE WHEN rows >= 0 THEN block * ceil(rows * row_bytes * 100 / fill_percent / (block - 24)) END AS needs
    FROM size
),
wasted AS (
    SELECT needed.*, CASE WHEN needs < bytes THEN bytes - needs WHEN needs >= bytes THEN 0 END AS bloat
    FROM needed
)
SELECT
    schema,
    "table",
    nullif(round(rows), -1) AS rows,
    pg_size_pretty(bytes) AS size,
    pg_size_pretty(needs::bigint) AS rows_need,
    pg_size_pretty(bloat::bigint) AS bloat,
    round((100 * bloat / nullif(bytes, 0))::numeric) AS bloat_percent
FROM wasted
WHERE bytes >= :at_least_mb::numeric * 1048576
ORDER BY wasted.bloat DESC NULLS LAST, bytes DESC, oid
LIMIT :top
