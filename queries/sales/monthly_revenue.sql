/*
title = "Monthly revenue"
description = "Revenue of each month of a year, in euros."
tags = ["revenue"]
deprecated = "use revenue, which groups by more than the month"

[parameters.year]
type = "integer"
minimum = 2023
maximum = 2025

[[examples]]
arguments = { year = 2024 }
rows = 12
*/
SELECT
    month,
    sum(orders) AS order_lines,
    round(sum(revenue_cents) / 100.0, 2) AS revenue_eur
FROM monthly_sales
WHERE month BETWEEN :year || '-01' AND :year || '-12'
GROUP BY month
ORDER BY month
