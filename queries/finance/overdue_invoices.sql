/*
title = "Overdue invoices"
description = "Invoices that are owed and past their day, with what is left to pay and how late they are."
tags = ["invoices", "late payment"]
rate = "60/minute"
always_load = true
search_hint = "who owes money, late unpaid invoices"

[limits]
rows = 200
seconds = 5

[parameters.as_of]
type = "date"
description = "late as of this day"
default = "today"

[parameters.due_since]
type = "date"
description = "only those due on this day or later; older ones are with the lawyers"
default = "today - 5 years"

[parameters.at_least]
type = "decimal"
description = "only those with this much left to pay, in euros"
minimum = "0"
optional = true

[parameters.sort]
type = "choice"
default = "latest"
options = { latest = "days_late DESC", dearest = "owed_eur DESC", customer = "c.name" }

[[examples]]
name = "At the end of the books"
arguments = { as_of = "2025-12-31", due_since = "2023-01-01" }
rows = 7

[[examples]]
name = "The dear ones"
arguments = { as_of = "2025-12-31", due_since = "2023-01-01", at_least = "1500.00", sort = "dearest" }
rows = 3
*/
SELECT
    i.number,
    c.name AS customer,
    b.due_on,
    CAST(julianday(:as_of) - julianday(b.due_on) AS INTEGER) AS days_late,
    round(b.balance_cents / 100.0, 2) AS owed_eur
FROM invoice_balance AS b
JOIN invoice AS i ON i.invoice_id = b.invoice_id
JOIN customer AS c ON c.customer_id = b.customer_id
WHERE b.status IN ('open', 'part_paid')
    AND b.due_on >= :due_since
    AND b.due_on < :as_of
    /*[*/ AND b.balance_cents >= :at_least * 100 /*]*/
ORDER BY /*sort[*/ days_late DESC /*]*/, i.number
