"""The parts of the target for Drizzle: columns, constraints and relations, and text as prettier lays it out."""
