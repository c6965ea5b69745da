"""Ten questions of an analyst on each sample database, and the writes that each must refuse."""

from __future__ import annotations

PAGILA = (
    # Which categories earn most, and what share of the whole?
    """SELECT c.name, sum(p.amount) AS revenue, round(100 * sum(p.amount) / sum(sum(p.amount)) OVER (), 2) AS percent
    FROM payment p JOIN rental r USING (rental_id) JOIN inventory i USING (inventory_id)
    JOIN film_category fc USING (film_id) JOIN category c USING (category_id)
    GROUP BY c.name ORDER BY revenue DESC, c.name""",
    # The three most rented films of each rating.
    """WITH counted AS (SELECT f.rating, f.title, count(*) AS rentals FROM film f JOIN inventory i USING (film_id)
      JOIN rental r USING (inventory_id) GROUP BY f.rating, f.title),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY rating ORDER BY rentals DESC, title) AS place FROM counted)
    SELECT rating, place, title, rentals FROM ranked WHERE place <= 3 ORDER BY rating, place""",
    # Revenue a month, with the change to the month before and the running total.
    """SELECT date_trunc('month', payment_date)::date AS month, count(*) AS payments, sum(amount) AS revenue,
      sum(amount) - lag(sum(amount)) OVER (ORDER BY date_trunc('month', payment_date)::date) AS change,
      sum(sum(amount)) OVER (ORDER BY date_trunc('month', payment_date)::date) AS total
    FROM payment GROUP BY 1 ORDER BY 1""",
    # How long are films out, by category of length?
    """SELECT CASE WHEN f.length < 60 THEN 'short' WHEN f.length < 120 THEN 'medium' ELSE 'long' END AS kind,
      count(*) FILTER (WHERE r.return_date IS NULL) AS still_out, avg(r.return_date - r.rental_date) AS mean_time,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY r.return_date - r.rental_date) AS median_time,
      max(r.return_date) - min(r.rental_date) AS span
    FROM rental r JOIN inventory i USING (inventory_id) JOIN film f USING (film_id) GROUP BY 1 ORDER BY 1""",
    # Which customers have never come back, of those who spent most?
    """SELECT c.customer_id, c.first_name || ' ' || c.last_name AS name, c.create_date, c.active, sum(p.amount) AS spent
    FROM customer c JOIN payment p USING (customer_id)
    WHERE NOT EXISTS (SELECT 1 FROM rental r WHERE r.customer_id = c.customer_id AND r.rental_date > '2022-08-20')
    GROUP BY c.customer_id ORDER BY spent DESC, c.customer_id LIMIT 15""",
    # What lies in films' features and full-text vectors?
    """SELECT film_id, title, special_features, special_features[1] AS first, fulltext, rating, last_update
    FROM film WHERE 'Trailers' = ANY (special_features) AND fulltext @@ to_tsquery('english', 'boat & drama')
    ORDER BY film_id LIMIT 20""",
    # Sales by city and country, with subtotals.
    """SELECT co.country, ci.city, count(DISTINCT cu.customer_id) AS customers, sum(p.amount) AS sales
    FROM country co JOIN city ci USING (country_id) JOIN address a USING (city_id) JOIN customer cu USING (address_id)
    JOIN payment p USING (customer_id) WHERE co.country LIKE 'B%'
    GROUP BY ROLLUP (co.country, ci.city) ORDER BY co.country NULLS LAST, ci.city NULLS LAST""",
    # The views that are there already.
    "SELECT * FROM sales_by_film_category ORDER BY total_sales DESC, category",
    # Who acted with whom most often?
    """SELECT a.last_name, b.last_name AS other, count(*) AS films, string_agg(f.title, '; ' ORDER BY f.title) AS titles
    FROM film_actor x JOIN film_actor y ON x.film_id = y.film_id AND x.actor_id < y.actor_id
    JOIN actor a ON a.actor_id = x.actor_id JOIN actor b ON b.actor_id = y.actor_id JOIN film f ON f.film_id = x.film_id
    GROUP BY x.actor_id, y.actor_id, a.last_name, b.last_name HAVING count(*) >= 6 ORDER BY films DESC, 1, 2""",
    # Rentals by weekday and hour, on a calendar without gaps.
    """SELECT to_char(day, 'Dy') AS weekday, day::date, coalesce(r.rentals, 0) AS rentals, r.first, r.last
    FROM generate_series(timestamp '2022-07-01', '2022-07-14', interval '1 day') AS day
    LEFT JOIN LATERAL (SELECT count(*) AS rentals, min(rental_date) AS first, max(rental_date) AS last FROM rental
      WHERE rental_date >= day AND rental_date < day + interval '1 day') r ON true ORDER BY day""",
)

CHINOOK = (
    """SELECT g.name, count(*) AS sold, sum(l.unit_price * l.quantity) AS revenue
    FROM invoice_line l JOIN track t USING (track_id) JOIN genre g USING (genre_id)
    GROUP BY g.name ORDER BY revenue DESC, g.name""",
    """SELECT extract(year FROM invoice_date) AS year, extract(quarter FROM invoice_date) AS quarter,
      sum(total) AS sales,
      round(avg(total), 3) AS mean FROM invoice GROUP BY 1, 2 ORDER BY 1, 2""",
    """SELECT c.country, c.first_name, c.last_name, sum(i.total) AS spent,
      rank() OVER (PARTITION BY c.country ORDER BY sum(i.total) DESC) AS place
    FROM customer c JOIN invoice i USING (customer_id) GROUP BY c.customer_id ORDER BY c.country, place, c.last_name""",
    """SELECT e.employee_id, e.first_name, m.last_name AS manager, e.birth_date, e.hire_date, age(e.hire_date,
      e.birth_date)
    FROM employee e LEFT JOIN employee m ON m.employee_id = e.reports_to ORDER BY e.employee_id""",
    """WITH RECURSIVE chain AS (SELECT employee_id, last_name, 0 AS depth FROM employee WHERE reports_to IS NULL
      UNION ALL SELECT e.employee_id, e.last_name, depth + 1 FROM employee e JOIN chain ON e.reports_to =
      chain.employee_id)
    SELECT depth, count(*), string_agg(last_name, ', ' ORDER BY last_name) AS who FROM chain GROUP BY depth
      ORDER BY depth""",
    """SELECT ar.name, count(DISTINCT al.album_id) AS albums, count(*) AS tracks,
      round(sum(t.milliseconds) / 60000.0, 1) AS minutes, max(t.bytes) AS largest
    FROM artist ar JOIN album al USING (artist_id) JOIN track t USING (album_id)
    GROUP BY ar.artist_id, ar.name ORDER BY tracks DESC, ar.name LIMIT 20""",
    """SELECT t.track_id, t.name, t.composer FROM track t LEFT JOIN invoice_line l USING (track_id)
    WHERE l.track_id IS NULL AND t.composer IS NULL ORDER BY t.track_id LIMIT 50""",
    """SELECT p.name, count(pt.track_id) AS tracks, sum(t.unit_price) AS price FROM playlist p
    LEFT JOIN playlist_track pt USING (playlist_id) LEFT JOIN track t USING (track_id)
    GROUP BY p.playlist_id, p.name ORDER BY p.playlist_id""",
    """SELECT name FROM artist WHERE name ILIKE '%the %' EXCEPT SELECT name FROM artist WHERE name LIKE 'The%'
    ORDER BY name""",
    """SELECT invoice_id, invoice_date, total, total - lag(total) OVER w AS change, ntile(4) OVER (ORDER BY
      total) AS part,
      first_value(total) OVER w AS first FROM invoice WHERE customer_id IN (1, 2, 3)
    WINDOW w AS (PARTITION BY customer_id ORDER BY invoice_date, invoice_id) ORDER BY invoice_id""",
)

CHINOOK_SQLITE = (
    """SELECT g.Name, count(*) AS sold, sum(l.UnitPrice * l.Quantity) AS revenue, round(avg(l.UnitPrice), 3) AS price
    FROM InvoiceLine l JOIN Track t USING (TrackId) JOIN Genre g USING (GenreId)
    GROUP BY g.Name ORDER BY revenue DESC, g.Name""",
    """SELECT strftime('%Y-%m', InvoiceDate) AS month, count(*) AS invoices, round(sum(Total), 2) AS sales
    FROM Invoice GROUP BY month ORDER BY month""",
    """SELECT c.Country, c.LastName, round(sum(i.Total), 2) AS spent,
      rank() OVER (PARTITION BY c.Country ORDER BY sum(i.Total) DESC) AS place
    FROM Customer c JOIN Invoice i USING (CustomerId) GROUP BY c.CustomerId ORDER BY c.Country, place, c.LastName""",
    """SELECT e.EmployeeId, e.FirstName, m.LastName AS manager, e.BirthDate, e.HireDate,
      cast((julianday(e.HireDate) - julianday(e.BirthDate)) / 365.25 AS integer) AS age
    FROM Employee e LEFT JOIN Employee m ON m.EmployeeId = e.ReportsTo ORDER BY e.EmployeeId""",
    """WITH RECURSIVE chain(id, name, depth) AS (SELECT EmployeeId, LastName, 0 FROM Employee WHERE ReportsTo IS NULL
      UNION ALL SELECT e.EmployeeId, e.LastName, depth + 1 FROM Employee e JOIN chain ON e.ReportsTo = chain.id)
    SELECT depth, count(*) AS people, group_concat(name) AS who FROM (SELECT * FROM chain ORDER BY name)
    GROUP BY depth ORDER BY depth""",
    """SELECT ar.Name, count(DISTINCT al.AlbumId) AS albums, count(*) AS tracks, sum(t.Milliseconds) / 60000.0
      AS minutes
    FROM Artist ar JOIN Album al USING (ArtistId) JOIN Track t USING (AlbumId)
    GROUP BY ar.ArtistId ORDER BY tracks DESC, ar.Name LIMIT 20""",
    """SELECT t.TrackId, t.Name, t.Composer FROM Track t LEFT JOIN InvoiceLine l USING (TrackId)
    WHERE l.TrackId IS NULL AND t.Composer IS NULL ORDER BY t.TrackId LIMIT 50""",
    """SELECT p.Name, count(pt.TrackId) AS tracks, total(t.UnitPrice) AS price, min(t.Name) AS first
    FROM Playlist p LEFT JOIN PlaylistTrack pt USING (PlaylistId) LEFT JOIN Track t USING (TrackId)
    GROUP BY p.PlaylistId ORDER BY p.PlaylistId""",
    """SELECT Name FROM Artist WHERE Name LIKE '%the %' EXCEPT SELECT Name FROM Artist WHERE Name GLOB 'The*'
    ORDER BY Name""",
    """SELECT InvoiceId, InvoiceDate, Total, Total - lag(Total) OVER w AS change, ntile(4) OVER (ORDER BY
      Total) AS part,
      CASE WHEN Total > 5 THEN 'large' END AS kind, date(InvoiceDate, '+30 days') AS due
    FROM Invoice WHERE CustomerId IN (1, 2, 3)
    WINDOW w AS (PARTITION BY CustomerId ORDER BY InvoiceDate, InvoiceId) ORDER BY InvoiceId""",
)

_EVERYWHERE = """
INSERT INTO {table} SELECT * FROM {table}
INSERT INTO {table} DEFAULT VALUES
INSERT INTO {table} ({column}) VALUES (1) ON CONFLICT DO NOTHING
INSERT INTO {table} ({column}) VALUES (1) RETURNING {column}
UPDATE {table} SET {column} = {column} + 1
UPDATE {table} SET {column} = 1 WHERE {column} = 1 RETURNING *
DELETE FROM {table}
DELETE FROM {table} WHERE 1 = 0
DELETE FROM {table} RETURNING {column}
WITH x AS (SELECT 1) INSERT INTO {table} ({column}) SELECT * FROM x
WITH x AS (SELECT 1) DELETE FROM {table}
WITH x AS (SELECT 1) UPDATE {table} SET {column} = 0
CREATE TABLE evil (a int)
CREATE TABLE evil AS SELECT * FROM {table}
CREATE TEMP TABLE evil (a int)
CREATE TEMPORARY VIEW evil AS SELECT 1
CREATE VIEW evil AS SELECT * FROM {table}
CREATE INDEX evil ON {table} ({column})
CREATE UNIQUE INDEX evil ON {table} ({column})
ALTER TABLE {table} ADD COLUMN evil int
ALTER TABLE {table} RENAME TO evil
ALTER TABLE {table} DROP COLUMN {column}
DROP TABLE {table}
DROP TABLE IF EXISTS {table}
DROP VIEW IF EXISTS evil
DROP INDEX IF EXISTS evil
VACUUM
ANALYZE
REINDEX
BEGIN
COMMIT
ROLLBACK
SAVEPOINT evil
RELEASE evil
EXPLAIN DELETE FROM {table}
SELECT 1; DELETE FROM {table}
SELECT 1; ; DELETE FROM {table} --
DELETE FROM {table}; SELECT 1
/* SELECT */ DELETE FROM {table}
SELECT 1 /* ; */ ; DROP TABLE {table}
"""

_POSTGRESQL = """
WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone
WITH made AS (INSERT INTO {table} DEFAULT VALUES RETURNING *) SELECT * FROM made
WITH new AS (UPDATE {table} SET {column} = 0 RETURNING *) SELECT * FROM new
SELECT * FROM (WITH gone AS (DELETE FROM {table} RETURNING *) SELECT * FROM gone) x
MERGE INTO {table} t USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES
TRUNCATE {table}
TRUNCATE TABLE {table} CASCADE
SELECT * INTO evil FROM {table}
SELECT {column} INTO TEMP evil FROM {table}
SELECT * FROM {table} FOR UPDATE
SELECT * FROM {table} FOR SHARE
COPY {table} TO STDOUT
COPY {table} FROM STDIN
COPY {table} TO PROGRAM 'cat'
COPY (SELECT 1) TO '/tmp/evil'
LOCK TABLE {table}
GRANT ALL ON {table} TO PUBLIC
REVOKE ALL ON {table} FROM PUBLIC
COMMENT ON TABLE {table} IS 'evil'
CREATE FUNCTION evil() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE EXTENSION dblink
CREATE SCHEMA evil
CREATE SEQUENCE evil
CREATE ROLE evil
CREATE MATERIALIZED VIEW evil AS SELECT 1
DO $$ BEGIN DELETE FROM {table}; END $$
CALL evil()
EXECUTE evil
PREPARE evil AS DELETE FROM {table}
DECLARE evil CURSOR FOR SELECT 1
LISTEN evil
NOTIFY evil
SET default_transaction_read_only = off
SET LOCAL statement_timeout = 0
RESET ALL
DISCARD ALL
CHECKPOINT
EXPLAIN ANALYZE DELETE FROM {table}
SELECT set_config('default_transaction_read_only', 'off', false)
SELECT nextval('evil')
SELECT setval('evil', 1)
SELECT pg_advisory_lock(1)
SELECT pg_notify('evil', 'x')
SELECT pg_terminate_backend(1)
SELECT pg_read_file('/etc/passwd')
SELECT pg_sleep(1)
SELECT lo_create(1)
SELECT lo_import('/etc/passwd')
SELECT query_to_xml('DELETE FROM {table}', true, true, '')
SELECT dblink('', 'DELETE FROM {table}')
SELECT pg_reload_conf()
SELECT pg_switch_wal()
SELECT pg_catalog.set_config('x.y', 'z', false)
SELECT "set_config"('x.y', 'z', false)
SELECT U&"set\\005fconfig"('x.y', 'z', false)
SELECT txid_current()
"""

_SQLITE = """
REPLACE INTO {table} ({column}) VALUES (1)
INSERT OR REPLACE INTO {table} ({column}) VALUES (1)
UPDATE OR IGNORE {table} SET {column} = 1
PRAGMA query_only = OFF
PRAGMA writable_schema = ON
PRAGMA user_version = 7
PRAGMA journal_mode = DELETE
PRAGMA wal_checkpoint
PRAGMA optimize
ATTACH DATABASE ':memory:' AS evil
ATTACH 'evil.db' AS evil
DETACH DATABASE main
CREATE VIRTUAL TABLE evil USING fts5(a)
CREATE TRIGGER evil AFTER INSERT ON {table} BEGIN SELECT 1; END
DROP TRIGGER IF EXISTS evil
VACUUM INTO 'evil.db'
BEGIN IMMEDIATE
END
EXPLAIN QUERY PLAN SELECT 1
SELECT load_extension('evil')
SELECT writefile('evil', 'x')
SELECT readfile('/etc/passwd')
SELECT edit('x')
SELECT fts3_tokenizer('simple')
SELECT * FROM pragma_user_version
SELECT * FROM sqlite_dbpage
"""


def writes(dialect: str, table: str, column: str) -> list[str]:
    """Return the statements that a database must refuse, on a table of its own."""
    texts = _EVERYWHERE + (_SQLITE if dialect == "sqlite" else _POSTGRESQL)
    return [line.format(table=table, column=column) for line in texts.splitlines() if line]
