"""The family of commands: one file each. A command reads its arguments and calls one use case."""
