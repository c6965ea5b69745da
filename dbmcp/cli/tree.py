"""A schema as a tree, for a person's terminal."""

from __future__ import annotations

from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from dbmcp.catalog.model import Catalog, Relation

# With more tables than that their columns would bury them.
_MOST_WITH_COLUMNS = 25
_UNBOUNDED = 10_000


def tree(catalog: Catalog, relations: Sequence[Relation], *, width: int | None, coloured: bool) -> str:
    """Return the relations by schema, with their columns where they are few; lines of any length without a width."""
    from rich.console import Console
    from rich.tree import Tree

    root = Tree(f"{len(relations)} tables and views", highlight=False)
    for schema, members in groupby(sorted(relations, key=lambda item: item.key), key=lambda item: item.schema):
        branch = root.add(_styled((schema, "bold")))
        for item in members:
            leaf = branch.add(_relation(item))
            if len(relations) <= _MOST_WITH_COLUMNS:
                _add_columns(catalog, item, leaf)
    written = StringIO()
    Console(file=written, width=width or _UNBOUNDED, force_terminal=coloured, no_color=not coloured).print(root)
    return "\n".join(line.rstrip() for line in written.getvalue().rstrip("\n").split("\n"))


def _styled(*parts: tuple[str, str]) -> Text:
    """Return texts with their styles; a name is no markup."""
    from rich.text import Text

    from dbmcp.catalog.render import printable

    return Text.assemble(*((printable(text), style) for text, style in parts if text))


def _relation(item: Relation) -> Text:
    from dbmcp.catalog.render import TABLES, one_line

    notes = [item.kind] if item.kind not in TABLES else []
    notes += [f"{item.rows:,} rows"] if item.rows is not None else []
    comment = one_line(item.comment)
    return _styled(
        (item.name, "bold cyan"),
        (f" ({', '.join(notes)})" if notes else "", "dim"),
        (f"  {comment}" if comment else "", "italic"),
    )


def _add_columns(catalog: Catalog, item: Relation, leaf: object) -> None:
    from rich.tree import Tree

    from dbmcp.catalog.erd_links import all_keys, partitions
    from dbmcp.catalog.render import one_line, short_type, target_of

    assert isinstance(leaf, Tree)  # noqa: S101 - rich gives back what it was asked to add
    keys = all_keys(item, partitions(catalog) if item.partitioning else {})
    points = {key.columns[0]: f" → {target_of(catalog, key)}" for key in keys if len(key.columns) == 1}
    for column in item.readable_columns:
        is_key = column.name in item.primary_key
        comment = one_line(column.comment)
        leaf.add(
            _styled(
                (column.name, "yellow" if is_key else ""),
                (f" {short_type(catalog, column.type)}", "dim"),
                (" key" if is_key else " not null" if column.not_null else "", "dim"),
                (points.get(column.name, ""), "green"),
                (f"  {comment}" if comment else "", "italic"),
            )
        )
