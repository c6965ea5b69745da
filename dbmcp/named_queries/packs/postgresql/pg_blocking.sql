/*
title = "Who blocks whom"
description = "Every session that waits for a lock, with what it waits for, and each session that it waits for, with what that one does. A blocker that is itself blocked is not the one to look at first."
tags = ["operations", "locks"]
search_hint = "lock waits, blocked sessions, deadlock, hanging statement"
*/
WITH session AS (
    SELECT
        a.pid,
        a.usename AS role,
        a.application_name AS application,
        coalesce(a.state, 'hidden') AS state,
        a.xact_start,
        CASE
            WHEN a.query = '<insufficient privilege>' THEN 'hidden: the role is no member of pg_read_all_stats'
            WHEN a.application_name = 'dbmcp' THEN 'hidden: a statement of dbmcp'
            WHEN a.query ~* 'password' THEN 'hidden: it may hold a password'
            WHEN a.datname IS DISTINCT FROM current_database() THEN 'hidden: in another database'
            ELSE left(regexp_replace(a.query, '\s+', ' ', 'g'), 500)
        END AS statement
    FROM pg_stat_activity AS a
)
SELECT
    l.pid AS blocked,
    waiting.role AS blocked_role,
    l.locktype AS lock,
    l.mode,
    l.relation::regclass AS on_table,
    waiting.statement AS blocked_statement,
    by.pid AS blocker,
    holding.role AS blocker_role,
    holding.application AS blocker_application,
    holding.state AS blocker_state,
    date_trunc('milliseconds', clock_timestamp() - holding.xact_start) AS blocker_transaction_for,
    pg_blocking_pids(by.pid) <> '{}' AS blocker_is_blocked,
    holding.statement AS blocker_statement
FROM pg_locks AS l
CROSS JOIN LATERAL unnest(pg_blocking_pids(l.pid)) AS by (pid)
LEFT JOIN session AS waiting ON waiting.pid = l.pid
LEFT JOIN session AS holding ON holding.pid = by.pid
JOIN pg_database AS d ON d.datname = current_database()
-- A lock on no table, such as one on a transaction, is of no database.
WHERE NOT l.granted
    AND coalesce(l.database, 0) IN (0, d.oid)
ORDER BY blocker_is_blocked, by.pid, l.pid
