"""What stands behind a table's columns in Drizzle: keys of several columns or with a name, checks, indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dbmcp.codegen.drizzle_parts.columns import is_usual_key, sql
from dbmcp.codegen.drizzle_parts.layout import Calls, Items, Node, Properties, call
from dbmcp.codegen.typescript_parts.source import key as property_key
from dbmcp.codegen.typescript_parts.source import literal

if TYPE_CHECKING:
    from dbmcp.catalog.model import Relation
    from dbmcp.catalog.parts import Constraint, Index, IndexPart
    from dbmcp.catalog.types import Name
    from dbmcp.codegen.plan import Model, Plan


def member(owner: str, name: str) -> str:
    """Return `owner.name`."""
    shown = property_key(name)
    return f"{owner}.{shown}" if shown == name else f"{owner}[{shown}]"


class Constraints:
    """The keys, checks and indexes of a plan's tables. `used` are the functions to import."""

    def __init__(self, plan: Plan, written: Mapping[Name, Model]) -> None:
        self._plan = plan
        self._written = written
        self._is_sqlite = plan.catalog.dialect == "sqlite"
        self.used: set[str] = set()
        self.uses_sql = False

    def of(self, model: Model) -> Iterator[Calls]:
        """Return what is said of a table as a whole."""
        item = model.relation
        for key in item.constraints:
            found = self._constraint(model, key)
            if found is not None:
                yield found
        if self._plan.choices.constraints:
            for index in item.indexes:
                yield self._index(model, index)

    def _constraint(self, model: Model, key: Constraint) -> Calls | None:
        item = model.relation
        self._note(item, key)
        if key.kind == "exclusion" or (key.kind in ("primary", "unique") and key.definition is not None):
            return None
        if key.kind == "primary":
            is_inline = len(key.columns) == 1 and is_usual_key(self._plan, item)
            return None if is_inline or not key.columns else self._primary(model, key)
        if key.kind == "foreign":
            return self._foreign(model, key)
        if not self._plan.choices.constraints:
            return None
        return self._unique(model, key) if key.kind == "unique" else self._check(model, key)

    def _primary(self, model: Model, key: Constraint) -> Calls:
        usual = key.name in ("", f"{model.relation.name}_pkey") or self._is_sqlite
        name = () if usual else (("name", literal(key.name)),)
        return self._call("primaryKey", Properties((*name, ("columns", _columns(model, "table", key.columns)))))

    def _foreign(self, model: Model, key: Constraint) -> Calls | None:
        target = self._written.get(key.target) if key.target else None
        if target is None or not key.target_columns:
            shown = key.name or f"({', '.join(key.columns)})"
            self._plan.leave_out(
                "foreign keys to what is not here", f"{shown} of {self._plan.shown_name(model.relation.key)}"
            )
            return None
        owner = "table" if target is model else target.name
        name = (("name", literal(key.name)),) if key.name else ()
        columns = (("columns", _columns(model, "table", key.columns)),)
        others = (("foreignColumns", _columns(target, owner, key.target_columns)),)
        found = self._call("foreignKey", Properties((*name, *columns, *others), is_open=True))
        for said, action in (("onUpdate", key.on_update), ("onDelete", key.on_delete)):
            found = found.then(said, literal(action)) if action else found
        return found

    def _unique(self, model: Model, key: Constraint) -> Calls | None:
        if not key.columns:
            return None
        found = self._call("unique", *([literal(key.name)] if key.name else []))
        found = found.then("on", *(member("table", model.attributes[name]) for name in key.columns))
        return found.then("nullsNotDistinct") if key.nulls_not_distinct else found

    def _check(self, model: Model, key: Constraint) -> Calls | None:
        if key.expression is None:
            return None
        columns = "_".join((model.relation.name, *key.columns, "check"))
        return self._call("check", literal(key.name or columns), self._sql(key.expression))

    def _index(self, model: Model, index: Index) -> Calls:
        shown = f"{index.name} of {self._plan.shown_name(model.relation.key)}"
        if index.include:
            self._plan.leave_out("INCLUDE of keys and indexes", shown)
        if index.nulls_not_distinct:
            self._plan.leave_out("NULLS NOT DISTINCT of indexes", shown)
        found = self._call("uniqueIndex" if index.unique else "index", literal(index.name))
        parts = [self._part(model, part, index) for part in index.parts]
        found = (
            found.then("on", *parts) if index.method == "btree" else found.then("using", literal(index.method), *parts)
        )
        return found.then("where", self._sql(index.predicate)) if index.predicate is not None else found

    def _part(self, model: Model, part: IndexPart, index: Index) -> Node:
        is_tree = index.method == "btree"
        if part.column is not None and not part.collation and not self._is_sqlite:
            shown = member("table", model.attributes[part.column])
            shown += f".op({literal(part.operator_class)})" if part.operator_class else ""
            shown += ".desc()" if part.descending and is_tree else ""
            # Drizzle has nulls at the end whatever the order, PostgreSQL at the start of a descending one.
            if is_tree and (part.descending or part.nulls_first):
                shown += ".nullsFirst()" if part.nulls_first else ".nullsLast()"
            return shown
        if part.column is not None and not part.collation and not part.descending:
            return member("table", model.attributes[part.column])
        text = part.expression or _quoted(part.column or "")
        words = [text]
        if part.collation:
            words.append(f"COLLATE {_quoted(part.collation)}")
        words += [part.operator_class] if part.operator_class else []
        words += ["DESC"] if part.descending else []
        if not self._is_sqlite and is_tree and part.descending != part.nulls_first:
            words.append("NULLS FIRST" if part.nulls_first else "NULLS LAST")
        return self._sql(" ".join(words))

    def _note(self, item: Relation, key: Constraint) -> None:
        shown = f"{key.name or ', '.join(key.columns)} of {self._plan.shown_name(item.key)}"
        if key.kind == "exclusion" or key.definition is not None:
            self._plan.leave_out("exclusions, and keys without overlaps", shown)
        if key.deferrable:
            self._plan.leave_out("DEFERRABLE", shown)
        if key.include:
            self._plan.leave_out("INCLUDE of keys and indexes", shown)
        if key.match is not None or key.set_columns:
            self._plan.leave_out("MATCH, and the columns that ON DELETE sets", shown)
        if not (key.validated and key.enforced) or key.no_inherit:
            self._plan.leave_out("NOT VALID, NOT ENFORCED and NO INHERIT", shown)

    def _call(self, name: str, *given: Node) -> Calls:
        self.used.add(name)
        return call(name, *given)

    def _sql(self, text: str) -> str:
        self.uses_sql = True
        return sql(text)


def _columns(model: Model, owner: str, names: tuple[str, ...]) -> Items:
    return Items(tuple(member(owner, model.attributes[name]) for name in names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
