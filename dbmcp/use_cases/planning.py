"""The plan of a read: find the database → approve → plan (nothing is run, unless it is measured) → render → report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.errors import DatabaseError, Forbidden, QueryFailed
from dbmcp.results import Bounds
from dbmcp.use_cases.answers import Reply, check_cost, reported, with_names_meant
from dbmcp.use_cases.plan_hints import hints
from dbmcp.use_cases.plan_text import summary

if TYPE_CHECKING:
    from dbmcp.database import Database
    from dbmcp.guard import ApprovedQuery
    from dbmcp.runtime import Runtime


async def explain_sql(runtime: Runtime, sql: str, database: str | None = None, *, analyze: bool = False) -> Reply:
    """Return how the engine would run a read, and what could be better; with `analyze` how it did.

    Raises:
        Forbidden: the operator does not have plans shown, or measured.
        RequestError: the statement is no read, or the engine measures no plans.
        DatabaseError: it could not be planned, or took too long.
    """
    with reported(runtime, "explain", database) as done:
        found = runtime.database(database)
        check_shown(found, analyze=analyze)
        approved = await runtime.approve(sql, found)
        limits = runtime.settings.limits
        bounds = Bounds(limits.row_limit(None), limits.bytes, limits.seconds)
        if analyze:
            await check_cost(found, approved, bounds)
        return done(Reply(await plan_text(found, approved, bounds, analyze=analyze)))


def check_shown(database: Database, *, analyze: bool) -> None:
    """Refuse a plan that the operator does not have shown.

    Raises:
        Forbidden: naming the setting.
    """
    setting = f"databases.{database.name}.explain"
    if database.is_governed:
        # An estimate counts hidden rows, and a plan has the policy's conditions.
        message = f"Plans of the database {database.name} are not shown: it is under a policy, and they tell of more."
        raise Forbidden(message, hint="Use query with dry_run, which says what a statement reads.")
    if not database.shows_plans:
        raise Forbidden(
            f"Plans of the database {database.name} are not shown.", hint=f"The operator can set {setting} = true."
        )
    if analyze and not database.settings.explain_analyze:
        message = f"Statements of the database {database.name} are not run to measure their plans."
        hint = f"Ask without analyze; the operator can set {setting}_analyze = true."
        raise Forbidden(message, hint=hint)


async def plan_text(database: Database, approved: ApprovedQuery, bounds: Bounds, *, analyze: bool = False) -> str:
    """Return an approved statement's plan, summarised, with hints."""
    try:
        plan = await database.plan(approved, bounds, measured=analyze)
    except QueryFailed as error:
        raise await with_names_meant(error, database, approved) from error
    try:
        catalog = await database.catalog()
    except DatabaseError:
        # The plan is told all the same.
        return summary(plan, [], bounds.bytes)
    found = hints(plan, approved.text, catalog, approved.relations)
    return summary(plan, found, bounds.bytes, catalog.default_schema)
