"""The parts of the target for Prisma: types, defaults, keys and relations as its engine reads them of a database."""
