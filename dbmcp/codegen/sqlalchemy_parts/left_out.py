"""What SQLAlchemy cannot say of a database, for the header of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.codegen.sqlalchemy_parts.keys import is_expressible
from dbmcp.codegen.sqlalchemy_parts.names import is_outside

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.codegen.plan import Plan


def note(plan: Plan) -> None:
    """Note all that the target leaves out of a plan."""
    for sequence in plan.catalog.sequences:
        if sequence.comment is not None:
            plan.leave_out("comments on sequences", plan.shown_name((sequence.schema, sequence.name)))
    written = {model.relation.key for model in plan.models if not is_outside(model.relation)}
    for each in plan.catalog.objects:
        if each.relation in written and each.relation is not None:
            kind = "statistics" if each.kind == "statistics" else "rules"
            plan.leave_out(kind, f"{each.name} of {plan.shown_name(each.relation)}")
    for model in plan.models:
        item = model.relation
        name = plan.shown_name(item.key)
        if is_outside(item):
            plan.leave_out(f"creating {item.kind}s, which can only be read", name)
            continue
        for kind, what in _of_table(plan, item):
            plan.leave_out(kind, f"{what} of {name}" if what else name)


def _of_table(plan: Plan, item: Relation) -> Iterator[tuple[str, str]]:
    yield from (("triggers", trigger.name) for trigger in item.triggers)
    yield from (("row policies", policy.name) for policy in item.policies)
    if item.row_security:
        yield "row security", ""
    for key in item.constraints:
        if key.kind == "foreign" and not is_expressible(plan, key):
            yield "foreign keys to what is not here", key.name or f"({', '.join(key.columns)})"
        elif key.kind in ("primary", "unique") and key.definition is not None:
            yield "WITHOUT OVERLAPS of keys", key.name
        elif not key.enforced:
            yield "constraints that are not enforced", key.name
