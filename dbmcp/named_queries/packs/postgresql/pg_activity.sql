/*
title = "Running statements"
description = "What the sessions of this database do at the moment: state, what each waits for, who blocks it, for how long, and its statement."
tags = ["operations", "sessions"]
search_hint = "what is running now, processes, waits, pg_stat_activity"

[parameters.longer_than]
type = "interval"
description = "only what has been running for longer, such as 30 seconds"
default = "0 seconds"

[parameters.idle]
type = "boolean"
description = "sessions that wait for their client as well"
default = false
*/
SELECT
    a.pid,
    a.usename AS role,
    a.application_name AS application,
    coalesce(a.state, 'hidden') AS state,
    a.wait_event_type || ': ' || a.wait_event AS waits_for,
    nullif(pg_blocking_pids(a.pid), '{}') AS blocked_by,
    date_trunc('milliseconds', clock_timestamp() - a.query_start) AS statement_for,
    date_trunc('milliseconds', clock_timestamp() - a.xact_start) AS transaction_for,
    CASE
        WHEN a.query = '<insufficient privilege>' THEN 'hidden: the role is no member of pg_read_all_stats'
        -- What runs under a policy holds the key of its hashes.
        WHEN a.application_name = 'dbmcp' THEN 'hidden: a statement of dbmcp'
        WHEN a.query ~* 'password' THEN 'hidden: it may hold a password'
        ELSE left(regexp_replace(a.query, '\s+', ' ', 'g'), 1000)
    END AS statement
FROM pg_stat_activity AS a
WHERE a.datname = current_database()
    AND a.pid <> pg_backend_pid()
    AND (:idle OR a.state IS DISTINCT FROM 'idle')
    -- Of a session that the role may not look into there is no time: it stays in the list.
    AND coalesce(clock_timestamp() - a.query_start >= :longer_than, true)
ORDER BY a.query_start, a.pid
