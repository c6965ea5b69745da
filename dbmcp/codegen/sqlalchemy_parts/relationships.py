"""Relationships: what tells SQLAlchemy which key is meant, where it could not see that by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.codegen.python_source import Bracketed, Source, call, literal
from dbmcp.codegen.sqlalchemy_parts.names import table_variable

if TYPE_CHECKING:
    from dbmcp.codegen.links import Link
    from dbmcp.codegen.plan import Model, Plan


def relationship(plan: Plan, model: Model, link: Link, **more: str) -> tuple[str, Bracketed]:
    """Return the annotation and the call of a relationship; `more` are arguments put at its end."""
    target = plan.by_relation[link.target]
    if link.is_list:
        annotation = f'list["{target.name}"]'
    else:
        annotation = f'"{target.name} | None"' if link.is_optional else f'"{target.name}"'
    arguments = _joining(plan, link) if link.far_key is not None else _directed(plan, model, link)
    if link.sharing:
        arguments["overlaps"] = literal(",".join(link.sharing))
    return annotation, call("relationship", **arguments, **more)


def _joining(plan: Plan, link: Link) -> dict[str, Source]:
    variable = table_variable(plan.by_relation[link.owner])
    arguments: dict[str, Source] = {"secondary": f"lambda: {variable}", "back_populates": literal(link.back)}
    if link.far_key is not None and link.far_key.target == link.key.target:
        here, there = plan.by_relation[link.target], plan.by_relation[link.target]
        arguments["primaryjoin"] = f"lambda: {_pairs(variable, here, link.key.columns, link.key.target_columns)}"
        far = _pairs(variable, there, link.far_key.columns, link.far_key.target_columns)
        arguments["secondaryjoin"] = f"lambda: {far}"
    return arguments


def _pairs(variable: str, model: Model, columns: tuple[str, ...], targets: tuple[str, ...]) -> str:
    pairs = [
        f"{variable}.c[{literal(column)}] == {model.name}.{model.attributes[target]}"
        for column, target in zip(columns, targets, strict=True)
    ]
    return pairs[0] if len(pairs) == 1 else f"sa.and_({', '.join(pairs)})"


def _directed(plan: Plan, model: Model, link: Link) -> dict[str, Source]:
    owner = plan.by_relation[link.owner]
    target = plan.by_relation[link.key.target] if link.key.target else model
    is_self = owner is target
    own = [f"{owner.name}.{owner.attributes[column]}" for column in link.key.columns]
    there = [f"{target.name}.{target.attributes[column]}" for column in link.key.target_columns]
    arguments: dict[str, Source] = {}
    if not link.is_only and (link.sharing or _is_shared(owner, link)):
        far = [f"remote({name})" if is_self and link.is_owner else name for name in there]
        near = [f"remote(foreign({name}))" if is_self and not link.is_owner else f"foreign({name})" for name in own]
        pairs = [f"{mine} == {yours}" for mine, yours in zip(near, far, strict=True)]
        arguments["primaryjoin"] = literal(pairs[0] if len(pairs) == 1 else f"and_({', '.join(pairs)})")
    elif is_self and (link.is_owner or set(own) & set(there)):
        arguments |= {} if link.is_only else {"foreign_keys": _names(own)}
        arguments["remote_side"] = _names(there if link.is_owner else own)
    elif not link.is_only:
        arguments["foreign_keys"] = _names(own)
    return {**arguments, "back_populates": literal(link.back)}


def _is_shared(owner: Model, link: Link) -> bool:
    """Say whether another key of the table has one of the columns."""
    others = (key for key in owner.relation.foreign_keys if key is not link.key)
    return any(set(key.columns) & set(link.key.columns) for key in others)


def _names(names: list[str]) -> str:
    return literal(names[0] if len(names) == 1 else f"[{', '.join(names)}]")
