"""`dbmcp demo`: a tour in the terminal. A real MCP client talks to a real server, in this process, over both."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mcp import Client
    from rich.console import Console

LATE_PAYERS = """\
SELECT c.name AS customer, count(*) AS invoices, CAST(round(avg(b.days_late)) AS INTEGER) AS days_late,
       sum(CASE WHEN b.days_late > 0 THEN b.balance_cents ELSE 0 END) / 100 AS overdue_eur
FROM invoice_balance AS b JOIN customer AS c USING (customer_id)
WHERE b.due_on < '2025-12-31'
GROUP BY c.name ORDER BY days_late DESC LIMIT 5"""
OVERDUE = {"as_of": "2025-12-31", "due_since": "2023-01-01", "at_least": "300.00", "sort": "dearest"}
WRITE = "WITH gone AS (DELETE FROM invoice RETURNING *) SELECT count(*) FROM gone"
MISTYPED = "SELECT order_id, ordered_at, status FROM sales_order ORDER BY order_id DESC LIMIT 3"


@dataclass(frozen=True, slots=True)
class _Step:
    """One stop of the tour: what is said, which tool is called with what, and how it must end."""

    title: str
    tool: str
    arguments: dict[str, Any]
    refused: bool = False


STEPS = (
    _Step("Find the tables that speak of late payments", "search_schema", {"pattern": "late payment"}),
    _Step("Who pays late, and what do they owe? The analyst's question", "query", {"sql": LATE_PAYERS}),
    _Step("A named query: SQL that was reviewed, with typed parameters", "overdue_invoices", OVERDUE),
    _Step(
        "An argument that does not fit comes back with what would do", "overdue_invoices", {"sort": "due"}, refused=True
    ),
    _Step("A write, hidden in a WITH clause, is refused, with the reason", "query", {"sql": WRITE}, refused=True),
    _Step("A mistyped column comes back with the name that was meant …", "query", {"sql": MISTYPED}, refused=True),
)


@click.command("demo", short_help="A tour, on a database of its own.")
@click.option("--plain", is_flag=True, help="No colours and no frames.")
def command(plain: bool) -> None:  # noqa: FBT001
    """Show what dbmcp does, in a minute: a real client asks a real server about a small coffee roastery.

    The database is an embedded SQLite file, made at first use in the user's cache folder.
    """
    from rich.console import Console

    console = Console(no_color=plain, highlight=False, width=min(Console().width, 110))
    asyncio.run(_tour(console))


async def _tour(console: Console) -> None:
    from mcp import Client

    from dbmcp.cli.options import load_settings
    from dbmcp.demo.seed import ensure
    from dbmcp.runtime import Runtime
    from dbmcp.server.app import create_server

    path = ensure()
    console.print("[bold]dbmcp[/bold]: a model may read this database, and do nothing else.")
    console.print(f"[dim]The demo database: {path}[/dim]")
    runtime = Runtime(load_settings(None, None, demo=True))
    async with Client(create_server(runtime)) as client:
        await _show_tools(console, client)
        for number, step in enumerate(STEPS, start=2):
            reply = await _take(console, client, number, step)
        repaired = MISTYPED.replace("ordered_at", _name_meant(reply))
        await _take(console, client, len(STEPS) + 2, _Step("… so the next try is right", "query", {"sql": repaired}))
    _show_next(console)


async def _show_tools(console: Console, client: Client) -> None:
    listed = await client.list_tools()
    size = len(listed.model_dump_json(by_alias=True, exclude_none=True))
    _title(console, 1, f"The tools: {len(listed.tools)} of them, {size:,} bytes of a model's context")
    for tool in listed.tools:
        # A named query has a title.
        console.print(f"  [green]{tool.name}[/green]  {tool.title or tool.description}")


async def _take(console: Console, client: Client, number: int, step: _Step) -> str:
    """Call the tool of one step and show the call and its reply; a step that ends otherwise than told is a fault."""
    _title(console, number, step.title)
    sql = step.arguments.get("sql")
    shown = sql or ", ".join(f"{name}={value!r}" for name, value in step.arguments.items())
    console.print(f"[green]{step.tool}[/green]")
    console.print(_indented(shown), style="cyan", markup=False)
    result = await client.call_tool(step.tool, step.arguments)
    text = "\n".join(block.text for block in result.content if block.type == "text")
    console.print(_indented(text.rstrip("\n")), style="red" if result.is_error else None, markup=False)
    if bool(result.is_error) is not step.refused:
        raise click.ClickException("The demo did not go as it should; please report it.")
    return text


def _name_meant(refusal: str) -> str:
    """Take the name out of "Did you mean city?", as a model would."""
    return refusal.partition("Did you mean ")[2].partition("?")[0].split(" or ")[0]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _title(console: Console, number: int, text: str) -> None:
    console.print()
    console.print(f"[bold]{number}. {text}[/bold]")


def _show_next(console: Console) -> None:
    program = sys.argv[0] if sys.argv[0].endswith("dbmcp") else f"{sys.executable} -m dbmcp"
    _title(console, len(STEPS) + 3, "Add it to Claude Code: the demo, then your own database")
    for name, what in (("demo", "--demo"), ("mydb", "postgresql://reader@localhost/mydb")):
        console.print(f"  claude mcp add {name} -- {program} serve {what}", markup=False, soft_wrap=True)
