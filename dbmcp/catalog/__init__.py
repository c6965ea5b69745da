"""What a database holds: read once in bulk, then searched and shown without touching the database."""
