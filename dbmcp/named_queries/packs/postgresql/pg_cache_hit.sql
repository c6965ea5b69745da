/*
title = "Cache hits"
description = "How many blocks of tables and of their indexes were found in PostgreSQL's memory and how many had to be asked of the system, worst first. Far below 99 percent on a busy table, memory is short or too much is read."
tags = ["operations", "performance"]

[parameters.blocks]
type = "integer"
description = "leave out tables of which fewer blocks were read"
minimum = 0
default = 1000

[parameters.top]
type = "integer"
minimum = 1
maximum = 200
default = 30
*/
SELECT
    s.schemaname AS schema,
    s.relname AS "table",
    s.heap_blks_hit + coalesce(s.toast_blks_hit, 0) AS table_hits,
    s.heap_blks_read + coalesce(s.toast_blks_read, 0) AS table_reads,
    round(100.0 * s.heap_blks_hit / nullif(s.heap_blks_hit + s.heap_blks_read, 0), 2) AS table_hit_percent,
    coalesce(s.idx_blks_hit, 0) AS index_hits,
    coalesce(s.idx_blks_read, 0) AS index_reads,
    round(100.0 * s.idx_blks_hit / nullif(s.idx_blks_hit + s.idx_blks_read, 0), 2) AS index_hit_percent
FROM pg_statio_user_tables AS s
WHERE s.heap_blks_hit + s.heap_blks_read + coalesce(s.idx_blks_hit + s.idx_blks_read, 0) >= :blocks
ORDER BY s.heap_blks_read + coalesce(s.idx_blks_read, 0) DESC, s.relid
LIMIT :top
