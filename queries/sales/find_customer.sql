/*
title = "Find a customer"
description = "Customers whose name, city or account number fits, with their terms and who looks after them."
tags = ["customers"]
output = "structured"
search_hint = "look up customer account by name"

[parameters.words]
type = "string"
min_length = 2
max_length = 60
description = "a part of the name or the city, in any case; or the account number as C-0012"

[parameters.email_domain]
type = "string"
description = "only those whose invoices go to this domain, such as example.com"
pattern = '[a-z0-9-]+(\.[a-z0-9-]+)+'
optional = true

[parameters.include_closed]
type = "boolean"
description = "closed accounts as well"
default = false

[[examples]]
arguments = { words = "cork" }
rows = 5

[[examples]]
name = "By account number"
arguments = { words = "C-0012", include_closed = true }
rows = 1
*/
SELECT
    c.customer_id,
    c.name,
    c.kind,
    c.city,
    c.terms_days,
    c.discount_percent,
    e.full_name AS account_manager,
    c.closed_on
FROM customer AS c
LEFT JOIN employee AS e ON e.employee_id = c.account_manager_id
-- instr() and not LIKE: a % or _ of the caller's is a letter like any other.
WHERE (
        instr(lower(c.name), lower(:words)) > 0
        OR instr(lower(c.city), lower(:words)) > 0
        OR printf('C-%04d', c.customer_id) = upper(:words)
    )
    AND (:include_closed OR c.closed_on IS NULL)
    /*[*/ AND lower(c.email) LIKE '%@' || :email_domain /*]*/
ORDER BY c.name
