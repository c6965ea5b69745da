"""PostgreSQL's comments as statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbmcp.catalog.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dbmcp.catalog.model import Catalog, Relation


def comments(catalog: Catalog, relations: Iterable[Relation]) -> Iterator[str]:
    """Return a statement for each comment, but for those that extensions bring."""
    for what, text in (*_of_catalog(catalog), *(found for item in relations for found in _of_relation(item))):
        if text is not None:
            yield f"COMMENT ON {what} IS {literal(text)};"


def _of_catalog(catalog: Catalog) -> Iterator[tuple[str, str | None]]:
    for schema in catalog.schemas:
        if schema.made_by is None:
            yield f"SCHEMA {identifier(schema.name)}", schema.comment
    for item in catalog.types:
        name = qualified(item.schema, item.name)
        yield f"{'DOMAIN' if item.kind == 'domain' else 'TYPE'} {name}", item.comment
        for part in item.attributes:
            yield f"COLUMN {name}.{identifier(part.name)}", part.comment
        for check in item.checks:
            yield f"CONSTRAINT {identifier(check.name)} ON DOMAIN {name}", check.comment
    for function in catalog.functions:
        if function.definition is not None:
            arguments = "*" if function.kind == "aggregate" and not function.arguments else function.arguments
            kind = "FUNCTION" if function.kind == "window" else function.kind.upper()
            yield f"{kind} {qualified(function.schema, function.name)}({arguments})", function.comment
    for sequence in catalog.sequences:
        yield f"SEQUENCE {qualified(sequence.schema, sequence.name)}", sequence.comment
    for made in catalog.objects:
        name = identifier(made.name) if made.schema is None else qualified(made.schema, made.name)
        on = f" ON {qualified(*made.relation)}" if made.kind == "rule" and made.relation else ""
        yield f"{made.kind.upper()} {name}{on}", made.comment


def _of_relation(item: Relation) -> Iterator[tuple[str, str | None]]:
    if item.definition is None and item.kind in ("view", "materialized view"):
        return
    name = qualified(*item.key)
    yield f"{'TABLE' if item.kind == 'partitioned table' else item.kind.upper()} {name}", item.comment
    for column in item.columns:
        yield f"COLUMN {name}.{identifier(column.name)}", column.comment
        if column.identity and column.identity.sequence:
            made = column.identity.sequence
            yield f"SEQUENCE {qualified(made.schema, made.name)}", made.comment
    for key in item.constraints:
        yield f"CONSTRAINT {identifier(key.name)} ON {name}", key.comment
    for index in item.indexes:
        yield f"INDEX {qualified(item.schema, index.name)}", index.comment
    for trigger in item.triggers:
        yield f"TRIGGER {identifier(trigger.name)} ON {name}", trigger.comment
    for policy in item.policies:
        yield f"POLICY {identifier(policy.name)} ON {name}", policy.comment
