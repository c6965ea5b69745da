/*
title = "Table sizes"
description = "The largest tables, with their indexes and what is kept apart of long values, and about how many rows each has."
tags = ["operations", "space"]
search_hint = "largest tables, disk space, database size"

[parameters.schema]
type = "string"
description = "only of this schema"
max_length = 63
optional = true

[parameters.top]
type = "integer"
minimum = 1
maximum = 500
default = 30
*/
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    nullif(c.reltuples, -1)::bigint AS rows_about,
    pg_size_pretty(pg_total_relation_size(c.oid)) AS total,
    pg_size_pretty(pg_relation_size(c.oid)) AS rows_size,
    pg_size_pretty(pg_indexes_size(c.oid)) AS indexes_size,
    pg_size_pretty(pg_table_size(c.oid) - pg_relation_size(c.oid)) AS long_values_size,
    round((100.0 * pg_total_relation_size(c.oid) / nullif(sum(pg_total_relation_size(c.oid)) OVER (), 0)), 1) AS percent
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\_toast%'
    /*[*/ AND n.nspname = :schema /*]*/
ORDER BY pg_total_relation_size(c.oid) DESC, c.oid
LIMIT :top
