"""The command line: finds the command, turns dbmcp's errors into a line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from dbmcp import __version__
from dbmcp.errors import ConfigError, DbmcpError

# Name → module, imported only when called: `serve` must not wait for what `demo` needs.
COMMANDS: dict[str, str] = {
    "serve": "dbmcp.cli.serve",
    "demo": "dbmcp.cli.demo",
    "query": "dbmcp.cli.query",
    "schema": "dbmcp.cli.schema",
    "diff": "dbmcp.cli.diff",
    "models": "dbmcp.cli.models",
    "explain": "dbmcp.cli.explain",
    "run": "dbmcp.cli.run",
    "queries": "dbmcp.cli.queries",
    "check": "dbmcp.cli.check",
    "guard": "dbmcp.cli.guard",
    "config": "dbmcp.cli.config",
}

EXIT_REFUSED, EXIT_CONFIG = 1, 2


class _Commands(click.Group):
    """The commands of the registry, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dbmcp")
def cli() -> None:
    """Let a model read a database, and nothing else.

    \b
    dbmcp demo                         a tour, on a database of its own
    dbmcp serve postgresql://…         serve a database to an MCP client
    dbmcp query shop.db "SELECT …"     run one read, as the model would
    dbmcp schema shop.db               see what is there
    dbmcp explain shop.db "SELECT …"   see how a read would run
    dbmcp run NAME key=value …         run a named query
    dbmcp check queries                check named queries, as in CI

    A database is a postgresql:// URL or the path of a SQLite file. Without one, DATABASE_URL and
    dbmcp.toml say what is served. Exit codes: 0 done, 1 refused or failed, 2 configured wrongly.

    Shell completion: eval "$(_DBMCP_COMPLETE=bash_source dbmcp)", likewise zsh_source, fish_source.
    """


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        code = cli.main(standalone_mode=False)
    except DbmcpError as error:
        click.echo(f"dbmcp: {error}", err=True)
        if isinstance(error, ConfigError) and error.script:
            click.echo(f"\n{error.script}", err=True)
        sys.exit(EXIT_CONFIG if isinstance(error, ConfigError) else EXIT_REFUSED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        _end_unread()
    except BaseExceptionGroup as group:
        # The tour's client and server are tasks, and rich makes a SystemExit of a closed pipe.
        if group.split((BrokenPipeError, SystemExit))[1] is not None:
            raise
        _end_unread()
    sys.exit(code if isinstance(code, int) else 0)


def _end_unread() -> NoReturn:
    """End without a word, for whoever read the output has closed it, as `head` does."""
    # What is left in the buffer would be written when the interpreter ends, and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(EXIT_REFUSED)
