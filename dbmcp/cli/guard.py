"""`dbmcp guard`: the guard's verdict on a statement, without a database."""

from __future__ import annotations

import sys

import click

from dbmcp.cli.options import dialect_option


@click.command("guard", short_help="Say whether a statement is a pure read; needs no database.")
@click.argument("sql")
@dialect_option("Whose SQL it is.")
def command(sql: str, dialect: str) -> None:
    """Print the guard's verdict on SQL (- reads it from standard input); exit with 1 when it is refused.

    \b
    dbmcp guard "SELECT 1"
    dbmcp guard "SELECT load_extension('x')" --dialect sqlite
    """
    from dbmcp.use_cases import judge

    click.echo(judge(sys.stdin.read() if sql == "-" else sql, dialect).text)
