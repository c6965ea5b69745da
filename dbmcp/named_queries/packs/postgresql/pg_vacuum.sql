/*
title = "Vacuum"
description = "Tables by what vacuum has to do: rows that are dead, when autovacuum will come, when it last did, whether one is at work now, and how old the oldest transaction number is (at 200 million autovacuum comes by force, at two thousand million the server stops writing)."
tags = ["operations", "vacuum"]
search_hint = "dead tuples, autovacuum, wraparound, last analyze"

[parameters.sort]
type = "choice"
description = "most dead rows first, or the oldest transaction number"
default = "dead"
options = { dead = "t.n_dead_tup DESC", oldest = "age(c.relfrozenxid) DESC" }

[parameters.top]
type = "integer"
minimum = 1
maximum = 500
default = 30
*/
SELECT
    t.schemaname AS schema,
    t.relname AS "table",
    t.n_live_tup AS live_rows,
    t.n_dead_tup AS dead_rows,
    round(100.0 * t.n_dead_tup / nullif(t.n_live_tup + t.n_dead_tup, 0), 1) AS dead_percent,
    -- The table's own settings come before the server's.
    least(
        round(
            coalesce(
                substring(array_to_string(c.reloptions, ' ') FROM 'autovacuum_vacuum_threshold=(\d+)'),
                current_setting('autovacuum_vacuum_threshold')
            )::numeric
            + coalesce(
                substring(array_to_string(c.reloptions, ' ') FROM 'autovacuum_vacuum_scale_factor=([\d.]+)'),
                current_setting('autovacuum_vacuum_scale_factor')
            )::numeric * greatest(c.reltuples, 0)::numeric
        ),
        -- From PostgreSQL 18 on; before it there is no such setting, and -1 is without limit.
        nullif(
            coalesce(
                substring(array_to_string(c.reloptions, ' ') FROM 'autovacuum_vacuum_max_threshold=(-?\d+)'),
                current_setting('autovacuum_vacuum_max_threshold', true)
            )::numeric,
            -1
        )
    ) AS vacuumed_at_dead_rows,
    date_trunc('seconds', greatest(t.last_vacuum, t.last_autovacuum)) AS last_vacuum,
    date_trunc('seconds', greatest(t.last_analyze, t.last_autoanalyze)) AS last_analyze,
    t.vacuum_count + t.autovacuum_count AS vacuums,
    age(c.relfrozenxid) AS transactions_old,
    p.phase || format(' (%s of %s blocks)', p.heap_blks_scanned, p.heap_blks_total) AS at_work
FROM pg_stat_user_tables AS t
JOIN pg_class AS c ON c.oid = t.relid
LEFT JOIN pg_stat_progress_vacuum AS p ON p.relid = t.relid AND p.datname = current_database()
-- A partitioned table holds no rows of its own, and has no transaction number.
WHERE c.relkind IN ('r', 'm')
ORDER BY /*sort[*/ t.n_dead_tup DESC /*]*/, t.relid
LIMIT :top
