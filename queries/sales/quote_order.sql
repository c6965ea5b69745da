/*
title = "Quote an order"
description = "What an order would cost a customer today: each line at list price less the customer's discount, and whether the warehouse has the bags."
tags = ["orders", "prices"]
output = "structured"

[parameters.lines]
type = "json"
description = 'the order: [{"sku": "HARE-1KG", "bags": 12}, …]'

[parameters.customer_id]
type = "integer"
description = "whose discount applies; without one nobody's"
optional = true
minimum = 1

[parameters.extra_discount]
type = "decimal"
description = "percent off on top of the customer's"
default = "0"
minimum = "0"
maximum = "15"

[[examples]]
arguments = { lines = [{ sku = "HARE-1KG", bags = 12 }, { sku = "LAMP-250", bags = 40 }], customer_id = 12, extra_discount = "2.5" }
rows = 2
*/
WITH line AS (
    SELECT
        value ->> 'sku' AS sku,
        CAST(value ->> 'bags' AS INTEGER) AS bags
    FROM json_each(:lines)
),
discount AS (
    -- One row, whether there is such a customer or not. Optional outside an optional part: NULL when not given.
    SELECT coalesce(max(discount_percent), 0) + :extra_discount AS percent
    FROM customer
    WHERE customer_id = :customer_id
)
SELECT
    line.sku,
    p.name,
    line.bags,
    p.list_price_cents / 100.0 AS list_price_eur,
    discount.percent AS discount_percent,
    round(line.bags * p.list_price_cents * (100 - discount.percent) / 10000.0, 2) AS total_eur,
    CASE
        WHEN p.product_id IS NULL THEN 'unknown sku'
        WHEN p.retired_on IS NOT NULL THEN 'no longer sold'
        WHEN line.bags > s.bags THEN 'only ' || s.bags || ' in stock'
        ELSE 'in stock'
    END AS availability
FROM line
CROSS JOIN discount
LEFT JOIN product AS p ON p.sku = line.sku
LEFT JOIN stock_on_hand AS s ON s.product_id = p.product_id
ORDER BY line.sku
