"""The parts of the Pydantic target: types, what checks say of values, and the texts that every file begins with."""
