-- What came with PostgreSQL 18.
CREATE TABLE virtual_sum (a integer, b integer, c integer GENERATED ALWAYS AS (a + b) VIRTUAL);
CREATE TABLE booking (room int4range, during daterange, CONSTRAINT booked PRIMARY KEY (room, during WITHOUT OVERLAPS));
CREATE TABLE guest (room int4range, during daterange,
  CONSTRAINT stays FOREIGN KEY (room, PERIOD during) REFERENCES booking (room, PERIOD during));
CREATE TABLE lenient (a integer, CONSTRAINT loosely CHECK (a > 0) NOT ENFORCED);
