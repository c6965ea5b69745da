"""An ad-hoc statement as a named query: the text of its file, with its inputs as typed parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dbmcp.errors import InvalidParameter
from dbmcp.named_queries.folders import File
from dbmcp.named_queries.lift import file_text
from dbmcp.named_queries.model import Home
from dbmcp.named_queries.reader import QueryReader
from dbmcp.named_queries.saving import Lifting
from dbmcp.use_cases.answers import reported

if TYPE_CHECKING:
    from dbmcp.guard import ApprovedQuery
    from dbmcp.runtime import Runtime


async def lift_sql(runtime: Runtime, sql: str, database: str | None, rows: int | None) -> str:
    """Return the text of the .sql file that a statement makes; `rows` are those it gave, None where they were cut.

    Nothing is run: the database is asked for the types of what may be a parameter.

    Raises:
        RequestError: the statement is not one read, or cannot stand in a file.
        DatabaseError: the database did not answer.
    """
    with reported(runtime, "lift", database):
        found = runtime.database(database)
        approved = await runtime.approve(sql, found)

        async def approve(text: str, parameters: int) -> ApprovedQuery:
            return await runtime.approve(text, found, parameters)

        lifted = await Lifting(sql, found, approve).parameters()
        read = " and ".join(sorted(approved.relations)) or "no table"
        head = {"description": f"Reads {read}."} | ({"database": found.name} if len(runtime.databases) > 1 else {})
        text = file_text(sql, found.dialect.name, lifted, head=head, rows=rows)
        homes = {found.name: Home(found.dialect.name, found.extras)}
        _, flaws = QueryReader(File(Path(), "", ""), "saved", text, homes, runtime.settings.limits).read()
        if flaws:
            raise InvalidParameter(f"The statement cannot be saved: {flaws[0].message}", hint=flaws[0].hint)
        return text
