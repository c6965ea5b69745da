"""Measures what the documentation claims about speed (`make bench`). Not part of the installed package."""
