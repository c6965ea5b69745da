-- Extensions, for a server that has those of PostgreSQL's own collection.
CREATE EXTENSION citext;
CREATE EXTENSION cube WITH SCHEMA sales;
CREATE EXTENSION earthdistance WITH SCHEMA sales;
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION pg_stat_statements;
CREATE TABLE extended (nick citext UNIQUE, cell sales.cube, pairs hstore, path ltree[], room integer, during tsrange,
  CONSTRAINT one_at_a_time EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE INDEX extended_nick ON extended USING gist ((nick::text) gist_trgm_ops (siglen = 32));
CREATE SERVER far_away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'not.to.be.told');
CREATE FOREIGN TABLE far_table (id integer OPTIONS (column_name 'ID')) SERVER far_away OPTIONS (table_name 'x');
CREATE VIEW statements AS SELECT query FROM pg_stat_statements;
