/*
title = "Paying habits"
description = "How late each customer pays on average, this year against the year before: who is getting slower."
tags = ["invoices", "late payment"]
cache_seconds = 600

[parameters.year]
type = "integer"
description = "the year in which the invoices were due"
minimum = 2024
maximum = 2025
default = 2025

[parameters.at_least_invoices]
type = "integer"
description = "leave out customers with fewer invoices in either year"
minimum = 1
default = 5

[[examples]]
rows = 32
*/
WITH year_of AS (
    SELECT
        customer_id,
        CAST(substr(due_on, 1, 4) AS INTEGER) AS year,
        count(*) AS invoices,
        avg(days_late) AS days_late
    FROM invoice_balance
    WHERE settled_on IS NOT NULL
    GROUP BY customer_id, year
)
SELECT
    c.name,
    round(before.days_late, 1) AS days_late_before,
    round(now.days_late, 1) AS days_late_now,
    round(now.days_late - before.days_late, 1) AS change
FROM year_of AS now
JOIN year_of AS before ON before.customer_id = now.customer_id AND before.year = now.year - 1
JOIN customer AS c ON c.customer_id = now.customer_id
WHERE now.year = :year
    AND min(now.invoices, before.invoices) >= :at_least_invoices
ORDER BY change DESC, c.name
