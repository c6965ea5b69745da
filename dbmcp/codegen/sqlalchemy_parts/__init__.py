"""What every target over SQLAlchemy stands on: types, columns, constraints, relationships, DDL around tables."""
