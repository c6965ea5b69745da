/*
title = "Long transactions"
description = "Transactions of this database that have been open for long, prepared ones too. They hold their locks, and keep vacuum from removing what died since they began."
tags = ["operations", "sessions", "vacuum"]
search_hint = "idle in transaction, long running transaction, xmin horizon"

[parameters.longer_than]
type = "interval"
description = "open for longer than this"
default = "5 minutes"
*/
SELECT
    'session ' || a.pid AS what,
    a.usename AS role,
    a.application_name AS application,
    a.state,
    date_trunc('seconds', clock_timestamp() - a.xact_start) AS open_for,
    date_trunc('seconds', clock_timestamp() - a.state_change) AS in_this_state_for,
    greatest(age(a.backend_xid), age(a.backend_xmin)) AS transactions_old,
    CASE
        WHEN a.application_name = 'dbmcp' THEN 'hidden: a statement of dbmcp'
        WHEN a.query ~* 'password' THEN 'hidden: it may hold a password'
        ELSE left(regexp_replace(a.query, '\s+', ' ', 'g'), 500)
    END AS last_statement
FROM pg_stat_activity AS a
WHERE a.datname = current_database()
    AND a.pid <> pg_backend_pid()
    AND clock_timestamp() - a.xact_start > :longer_than
UNION ALL
SELECT
    'prepared transaction ' || p.gid,
    p.owner,
    NULL,
    'prepared',
    date_trunc('seconds', clock_timestamp() - p.prepared),
    date_trunc('seconds', clock_timestamp() - p.prepared),
    age(p.transaction),
    NULL
FROM pg_prepared_xacts AS p
WHERE p.database = current_database()
    AND clock_timestamp() - p.prepared > :longer_than
UNION ALL
-- Of a session that the role may not look into there is no time: that is told, and not left out.
SELECT
    'hidden, for the role is no member of pg_read_all_stats: ' || count(*),
    NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_stat_activity AS a
WHERE a.datname = current_database()
    AND a.query = '<insufficient privilege>'
HAVING count(*) > 0
ORDER BY open_for DESC NULLS LAST, what
