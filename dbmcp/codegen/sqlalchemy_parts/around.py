"""What stands around the classes: their base, sequences, and the statements before and behind the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dbmcp.codegen.python_source import Bracketed, Source, call, laid_out, literal, prefixed, several
from dbmcp.codegen.sqlalchemy_parts.columns import Columns, sequence_options
from dbmcp.codegen.sqlalchemy_parts.ddl import Epilogue, prelude
from dbmcp.codegen.sqlalchemy_parts.keys import table_key
from dbmcp.codegen.sqlalchemy_parts.names import is_brought, is_outside
from dbmcp.codegen.sqlalchemy_parts.texts import string

if TYPE_CHECKING:
    from dbmcp.codegen.plan import Plan

MADE_BELOW = '''_Made = TypeVar("_Made", sa.Index, sa.Constraint)


def _never(*_: object, **__: object) -> bool:
    return False


def _made_below(item: _Made) -> _Made:
    """Return what the metadata knows, and a statement at the end creates."""
    return item.ddl_if(callable_=_never)'''

_BROUGHT = """for _name in _BROUGHT:
    _table = {base}.metadata.tables[_name]
    _table.set_creator_ddl(sa.schema.CreateTable(_table, if_not_exists=True))"""

_READ_ONLY = '''class ReadOnly({base}{keywords}):
    """Rows that can only be read: of views, and of what the metadata does not create."""

    __abstract__ = True
    metadata = sa.MetaData()


def _refuse(_mapper: object, _connection: object, target: object) -> None:
    raise _exc.InvalidRequestError(f"{{type(target).__name__}} can only be read")


for _moment in ("before_insert", "before_update", "before_delete"):
    _event.listen(ReadOnly, _moment, _refuse, propagate=True)'''

_BEFORE = '''@_event.listens_for({base}.metadata, "before_create")
def _make_needs(_target: object, connection: sa.Connection, **_: object) -> None:
    """Create what the tables need, where it is not there."""
    for exists, statements in _NEEDS:
        if not exists or not connection.scalar(sa.text(exists)):
            for statement in statements:
                connection.exec_driver_sql(
                    statement, execution_options={{"no_parameters": True}}
                )'''

_AFTER = '''@_event.listens_for({base}.metadata, "after_create")
def _complete(
    _target: object, connection: sa.Connection, tables: list[sa.Table], **_: object
) -> None:
    """Add to the tables that were created what only the database's own words can say."""
    made = {{table.key for table in tables}}
    for table, statement in _FURTHER:
        if table in made:
            connection.exec_driver_sql(
                statement, execution_options={{"no_parameters": True}}
            )'''


def base(name: str, bases: str, keywords: str, plan: Plan) -> str:
    """Return the classes that all others are made of."""
    text = f"class {name}({bases}{keywords}):\n    pass"
    if any(is_outside(item.relation) for item in plan.models):
        text += f"\n\n\n{_READ_ONLY.format(base=name, keywords=keywords)}"
    return text


class Around:
    """The sequences and statements of one plan."""

    def __init__(self, plan: Plan, columns: Columns, base_name: str) -> None:
        self._plan = plan
        self._columns = columns
        self._base = base_name

    def sequences(self) -> Iterator[str]:
        """Return the sequences that no column makes by itself."""
        lines = [laid_out(each) for each in self._sequences()]
        if lines:
            yield "\n".join(lines)

    def _sequences(self) -> Iterator[Source]:
        plan = self._plan
        tables = {item.relation.key: item.relation for item in plan.models if not is_outside(item.relation)}
        defaults = " ".join(column.default or "" for item in tables.values() for column in item.columns)
        is_part = bool(plan.choices.tables or plan.choices.schemas)
        for each in plan.catalog.sequences:
            if each.owner is not None:
                owner = tables.get(each.owner[:2])
                column = (
                    next((found for found in owner.columns if found.name == each.owner[2]), None) if owner else None
                )
                if owner is None or column is None or self._columns.is_serial(owner, column):
                    continue
            elif is_part and each.name not in defaults:
                continue
            schema = None if each.schema == plan.catalog.default_schema else literal(each.schema)
            kind = {"smallint": "sa.SmallInteger", "integer": "sa.Integer"}.get(each.type)
            options = sequence_options(each)
            yield call(
                "sa.Sequence",
                literal(each.name),
                *options,
                schema=schema,
                data_type=kind,
                metadata=f"{self._base}.metadata",
            )

    def before(self) -> Iterator[str]:
        """Return what creates what the tables need."""
        steps = [
            several([string(step.exists), several(map(string, step.statements), "()")], "()")
            for step in prelude(self._plan)
        ]
        if steps:
            yield laid_out(prefixed("_NEEDS: tuple[tuple[str, tuple[str, ...]], ...] = ", several(steps, "()")))
            yield _BEFORE.format(base=self._base)

    def after(self) -> Iterator[str]:
        """Return what completes the tables."""
        brought = [item.relation for item in self._plan.models if is_brought(item.relation)]
        if brought:
            names = tuple(literal(table_key(self._plan, item.key)) for item in brought)
            listed = laid_out(Bracketed("_BROUGHT = ", names, "[]"))
            yield f"# Extensions bring these.\n{listed}\n{_BROUGHT.format(base=self._base)}"
        pairs = [
            several([literal(table), string(statement)], "()")
            for table, statement in Epilogue(self._plan, self._columns).statements()
        ]
        if pairs:
            yield laid_out(prefixed("_FURTHER: tuple[tuple[str, str], ...] = ", several(pairs, "()")))
            yield _AFTER.format(base=self._base)
