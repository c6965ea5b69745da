/*
title = "Locks on tables"
description = "Locks held and waited for on the tables of this database: mode, how many sessions, and for how long the oldest of their transactions has run."
tags = ["operations", "locks"]

[parameters.table]
type = "string"
description = "only of this table: its name, without the schema"
max_length = 63
optional = true
*/
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    l.mode,
    count(*) FILTER (WHERE l.granted) AS held,
    count(*) FILTER (WHERE NOT l.granted) AS waited_for,
    date_trunc('milliseconds', max(clock_timestamp() - a.xact_start)) AS oldest_transaction_for,
    array_agg(DISTINCT l.pid ORDER BY l.pid) AS pids
FROM pg_locks AS l
JOIN pg_database AS d ON d.oid = l.database AND d.datname = current_database()
JOIN pg_class AS c ON c.oid = l.relation
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.pid IS DISTINCT FROM pg_backend_pid()
    /*[*/ AND c.relname = :table /*]*/
GROUP BY n.nspname, c.relname, l.mode
ORDER BY waited_for DESC, schema, "table", l.mode
