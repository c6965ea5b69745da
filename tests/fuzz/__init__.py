"""Inputs for the guard by the million, and what must hold of its answer to each (`python -m tests.fuzz --help`)."""
