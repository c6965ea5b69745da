"""Why a statement is refused: one stable code for each reason, documented in docs/security.md."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The code a refused statement carries; the text beside it may change, the code does not."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    BAD_CHARACTER = "bad_character"
    TOO_COMPLEX = "too_complex"
    SYNTAX = "syntax_error"
    MANY_STATEMENTS = "many_statements"
    NOT_A_QUERY = "not_a_query"
    WRITE = "write"
    SELECT_INTO = "select_into"
    ROW_LOCK = "row_lock"
    PARAMETER = "parameter"
    FUNCTION = "function_not_allowed"
    RELATION = "relation_not_allowed"
    TYPE = "type_not_allowed"
    OPERATOR = "operator_not_allowed"
    UNSUPPORTED = "unsupported"
    PARSERS_DISAGREE = "parsers_disagree"
    POLICY = "policy"
    TOO_EXPENSIVE = "too_expensive"
