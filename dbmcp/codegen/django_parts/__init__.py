"""The parts of the Django target: names, relations, fields, what Meta says, and the files."""
