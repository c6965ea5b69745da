-- What came with PostgreSQL 14 and 15.
CREATE FUNCTION people_of(mood) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM sales.people WHERE feels = $1; END;
CREATE VIEW invoked WITH (security_invoker = true) AS SELECT people_of('calm') AS n;
CREATE TABLE nulls (a integer, b integer, CONSTRAINT one_null UNIQUE NULLS NOT DISTINCT (a));
CREATE UNIQUE INDEX nulls_b ON nulls (b) NULLS NOT DISTINCT;
CREATE TABLE set_null (region text NOT NULL, id integer, CONSTRAINT some_columns FOREIGN KEY (region, id)
  REFERENCES sales.orders ON DELETE SET NULL (id));
CREATE TYPE hours AS RANGE (SUBTYPE = timestamptz, MULTIRANGE_TYPE_NAME = spans_of_time);
CREATE TABLE scaled (n numeric(3, -2), many nummultirange, spans spans_of_time);
