"""The parts of the SQLModel target: the texts that every file begins with, and what it has of Pydantic."""
