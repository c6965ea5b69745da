/*
title = "Slow statements"
description = "What the statements of this database cost since the counts were set back, constants replaced by $1, $2 …: calls, time, rows and blocks. Needs the extension pg_stat_statements, of version 1.8 or newer, created in this database and loaded by shared_preload_libraries."
tags = ["operations", "performance"]
search_hint = "slowest queries, expensive SQL, pg_stat_statements"

[parameters.by]
type = "choice"
description = "what comes first: the time of all calls, of one call, the slowest call, how often, blocks read from disk"
default = "total"
options = { total = "s.total_exec_time DESC", mean = "s.mean_exec_time DESC", slowest = "s.max_exec_time DESC", calls = "s.calls DESC", reads = "s.shared_blks_read DESC" }

[parameters.calls]
type = "integer"
description = "leave out what was called less often"
minimum = 1
default = 1

[parameters.top]
type = "integer"
minimum = 1
maximum = 200
default = 20
*/
SELECT
    pg_get_userbyid(s.userid) AS role,
    s.calls,
    round(s.total_exec_time::numeric, 1) AS total_ms,
    round(s.mean_exec_time::numeric, 2) AS mean_ms,
    round(s.max_exec_time::numeric, 1) AS slowest_ms,
    round((100 * s.total_exec_time / nullif(sum(s.total_exec_time) OVER (), 0))::numeric, 1) AS percent_of_all,
    s.rows,
    s.shared_blks_read AS blocks_read,
    round(100.0 * s.shared_blks_hit / nullif(s.shared_blks_hit + s.shared_blks_read, 0), 1) AS cache_hit_percent,
    CASE
        WHEN s.query = '<insufficient privilege>' THEN 'hidden: the role is no member of pg_read_all_stats'
        -- What is no query keeps its constants: CREATE ROLE … PASSWORD '…'.
        WHEN s.query ~* 'password' THEN 'hidden: it may hold a password'
        ELSE left(regexp_replace(s.query, '\s+', ' ', 'g'), 1000)
    END AS statement
FROM pg_stat_statements AS s
JOIN pg_database AS d ON d.oid = s.dbid AND d.datname = current_database()
WHERE s.calls >= :calls
    -- What dbmcp runs under a policy. An EXPLAIN keeps its constants: the key of the policy's hashes.
    AND s.query !~ '^(EXPLAIN )?WITH _policy'
ORDER BY /*by[*/ s.total_exec_time DESC /*]*/, s.queryid
LIMIT :top
