"""How Django names things: no underscore at an end, no two in a row, and much that a model has already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dbmcp.codegen.naming import Style
from dbmcp.codegen.python_names import attribute, kept_attribute, python_style
from dbmcp.codegen.words import words

if TYPE_CHECKING:
    from dbmcp.codegen.base import Choices

MODULE = frozenset(
    """Any Base DB_CASCADE DB_SET_NULL DatabaseArrayField DatabaseField LocalDateTimeField LongNames NumericField
    PlainJSONField RawSQL ReadOnly ReadOnlyQuerySet functions models pg_constraints pg_fields pg_indexes
    pg_search""".split()
)
# What every model has, of any Django since 5.2, or is given.
MEMBERS = frozenset(
    """DoesNotExist Meta MultipleObjectsReturned NotUpdated adelete arefresh_from_db asave check clean clean_fields
    date_error_message delete from_db full_clean get_constraints get_deferred_fields objects pk prepare_database_save
    refresh_from_db save save_base serializable_value unique_error_message validate_constraints
    validate_unique""".split()
)


def django_style(choices: Choices) -> Style:
    """Return Django's style. Models of one application differ by more than case."""
    style = python_style(choices, module=MODULE, members=MEMBERS, needs_identity=True, joins=False)
    taken = style.taken_class
    write = attribute if choices.naming == "idiomatic" else _kept

    def named(name: str) -> str:
        found = write(name)
        return f"{found}_field" if found in taken else found

    return replace(
        style,
        attribute=named,
        # A name with an underscore at its end is none, so what is taken has a number.
        suffix="",
        # No class begins with a small letter.
        taken_module=frozenset(name for name in style.taken_module if not name[:1].islower()),
        folds_classes=True,
    )


def _kept(name: str) -> str:
    found = kept_attribute(name)
    return "_".join(words(found)) if "__" in found or found.endswith("_") else found
