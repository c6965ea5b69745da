"""Parameters: the schema that clients are told, and what becomes of each argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from dbmcp.errors import Forbidden, InvalidParameter
from dbmcp.named_queries.model import Parameter, ParameterType
from dbmcp.named_queries.parameters import read
from dbmcp.named_queries.values import MAX_TEXT

NOW = datetime(2026, 3, 31, 14, 30, 15, 123, tzinfo=UTC)
UUID_TEXT = "123e4567-e89b-12d3-a456-426614174000"
PLUS_TWO = "2026-01-31T01:30:00+02:00"


def value(parameter: Parameter, given: object) -> object:
    """Return what one parameter makes of an argument."""
    return read({parameter.name: parameter}, {parameter.name: given}, {}, NOW)[parameter.name].value


def refusal(parameter: Parameter, given: object) -> str:
    """Return the text of the refusal of an argument."""
    with pytest.raises(InvalidParameter) as refused:
        value(parameter, given)
    return str(refused.value)


@pytest.mark.parametrize(
    "kind, given, read_as",
    [
        ("string", "", ""),
        ("string", "it's; DROP TABLE -- 'x' \\ \u202e😀", "it's; DROP TABLE -- 'x' \\ \u202e😀"),
        ("integer", 7, 7),
        ("integer", -0.0, 0),
        ("integer", 3.0, 3),
        ("integer", 2**63 - 1, 2**63 - 1),
        ("integer", -(2**63), -(2**63)),
        ("number", 7, 7.0),
        ("number", 1e300, 1e300),
        ("decimal", "12.50", Decimal("12.50")),
        ("decimal", "-0.1", Decimal("-0.1")),
        ("decimal", 12.5, Decimal("12.5")),
        ("decimal", 1e-7, Decimal("1E-7")),
        ("decimal", "9" * 100 + "." + "9" * 100, Decimal("9" * 100 + "." + "9" * 100)),
        ("boolean", True, True),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("datetime", "2026-01-31T14:30:00Z", datetime(2026, 1, 31, 14, 30, tzinfo=UTC)),
        ("datetime", "2026-01-31 14:30", datetime(2026, 1, 31, 14, 30, tzinfo=UTC)),
        ("datetime", PLUS_TWO, datetime(2026, 1, 30, 23, 30, tzinfo=UTC)),
        ("datetime", "2026-01-31T14:30:00.5", datetime(2026, 1, 31, 14, 30, 0, 500_000, tzinfo=UTC)),
        ("time", "14:30", time(14, 30)),
        ("time", "23:59:59.999999", time(23, 59, 59, 999_999)),
        ("interval", "2 days 3 hours", "2 days 3 hours"),
        ("interval", "-1.5 month", "-1.5 month"),
        ("interval", "P1Y2M3DT4H5M6.5S", "P1Y2M3DT4H5M6.5S"),
        ("interval", "PT36H", "PT36H"),
        ("uuid", UUID_TEXT, UUID(UUID_TEXT)),
        ("uuid", UUID_TEXT.upper(), UUID(UUID_TEXT)),
        ("json", {"b": [1, None, "ü\\u0000"], "a": 1.5}, '{"b":[1,null,"ü\\\\u0000"],"a":1.5}'),
        ("json", "text", '"text"'),
        ("json", 5, "5"),
        ("json", False, "false"),
    ],
)
def test_a_value_of_the_type_is_read(kind: ParameterType, given: object, read_as: object) -> None:
    found = value(Parameter("p", kind), given)
    assert found == read_as
    assert type(found) is type(read_as)


@pytest.mark.parametrize(
    "kind, wrong, wanted",
    [
        ("string", [5, True, 1.5, [], {}, ["a"]], "a string"),
        ("string", ["a\0b"], "a string without the character U+0000"),
        ("string", ["\ud800", "a\udfffb"], "a string of whole Unicode characters"),
        ("string", ["x" * (MAX_TEXT + 1)], "no longer than 65,536 characters"),
        ("integer", ["7", True, 1.5, [7], {}, "", float("nan"), float("inf"), 1e300], "an integer"),
        ("integer", [2**63, -(2**63) - 1, 10**400], "an integer of 64 bits"),
        ("number", ["1", True, [], {}], "a number"),
        ("number", [float("nan"), float("inf"), 10**400], "a finite number"),
        (
            "decimal",
            [True, [], "1,5", "1e5", "0x1", "٣", " 1", "1 ", "", "NaN", "Infinity", ".5", "5.", "--1"],
            "a decimal",
        ),
        ("decimal", ["9" * 101, "0." + "9" * 101, float("nan"), 10**400], "a decimal number"),
        ("boolean", ["true", 1, 0, "t", [], {}], "true or false"),
        (
            "date",
            [
                "2026-02-29",
                "2026-2-1",
                "20260201",
                "2026-W05-1",
                "01.02.2026",
                "0000-01-01",
                "today",
                20260201,
                "2026-01-31T00:00:00",
                "２０２６-01-31",
                "2026-01-31\n",
                "-001-01-01",
            ],
            "a date such as 2026-01-31",
        ),
        (
            "datetime",
            [
                "2026-01-31",
                "2026-01-31T25:00:00Z",
                "2026-01-31T14:30:00+25:00",
                "2026-01-31T14:30:60Z",
                1700000000,
                "now",
                "2026-01-31T14:30:00.1234567Z",
                "0001-01-01T00:00:00+10:00",
            ],
            "a date and time such as",
        ),
        ("time", ["24:00", "9:30", "14:30:61", "14:30+02:00", "noon", 1430], "a time such as 14:30:00"),
        (
            "interval",
            [
                "",
                "P",
                "PT",
                "P1DT",
                "1",
                "1 fortnight",
                "1 day; x",
                "1 day  2 hours",
                "@ 1 day",
                5,
                "1 day\n",
                "P1H",
                " 1 day",
            ],
            "a length of time such as",
        ),
        (
            "uuid",
            ["{" + UUID_TEXT + "}", "urn:uuid:" + UUID_TEXT, UUID_TEXT.replace("-", ""), "x", 5],
            "a UUID such as",
        ),
        ("json", [float("nan"), float("inf"), {"a": "\0"}, ["\ud800"]], "a "),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_would_do(
    kind: ParameterType, wrong: list[object], wanted: str
) -> None:
    for given in wrong:
        text = refusal(Parameter("p", kind), given)
        assert text.startswith("The parameter 'p' must be "), (given, text)
        assert wanted in text


def test_json_that_nests_without_end_is_refused() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    assert "nested less deeply" in refusal(Parameter("p", "json"), nested)


@pytest.mark.parametrize(
    "parameter, good, bad, wanted",
    [
        (Parameter("p", "integer", minimum=1, maximum=9), [1, 9], [0, 10], ["at least 1", "at most 9"]),
        (Parameter("p", "number", minimum=0.5), [0.5], [0.49], ["at least 0.5"]),
        (
            Parameter("p", "decimal", minimum="0.10", maximum=2),
            ["0.1", "2.00"],
            ["0.09", "2.01"],
            ["at least 0.10", "at most 2"],
        ),
        (Parameter("p", "date", minimum="2026-01-01"), ["2026-01-01"], ["2025-12-31"], ["at least 2026-01-01"]),
        (Parameter("p", "date", maximum="today"), ["2026-03-31"], ["2026-04-01"], ["at most today"]),
        (
            Parameter("p", "datetime", minimum="now - 1 hour"),
            ["2026-03-31T13:31Z"],
            ["2026-03-31T13:30Z"],
            ["at least now - 1 hour"],
        ),
        (
            Parameter("p", "time", minimum="09:00", maximum="17:00"),
            ["17:00"],
            ["08:59", "17:00:01"],
            ["at least 09:00", "at most 17:00"],
        ),
        (
            Parameter("p", "string", min_length=2, max_length=3),
            ["ab", "äöü"],
            ["a", "abcd"],
            ["at least 2 characters long", "no longer than 3"],
        ),
        (
            Parameter("p", "string", pattern="[a-z]+"),
            ["abc"],
            ["ab1", "", "abc\n", "1abc"],
            ["a text that matches [a-z]+"] * 4,
        ),
        (Parameter("p", "string", pattern="a|b"), ["a", "b"], ["ab", "xb"], ["a text that matches a|b"] * 2),
        (
            Parameter("p", "enum", values=("web", "shop")),
            ["web"],
            ["wob", "Web", "", 5, ["web"]],
            ["one of web, shop (web?)", "one of web, shop"],
        ),
        (Parameter("p", "choice", options={"up": "x", "down": "y"}), ["up"], ["x", "up; --"], ["one of up, down"] * 2),
    ],
)
def test_ranges_lengths_patterns_and_lists_are_kept(
    parameter: Parameter, good: list[object], bad: list[object], wanted: list[str]
) -> None:
    for given in good:
        value(parameter, given)
    for given, what in zip(bad, [*wanted, *["one of"] * len(bad)], strict=False):
        assert f"must be {what}" in refusal(parameter, given)


def test_a_pattern_that_others_would_never_finish_is_matched_at_once() -> None:
    refusal(Parameter("p", "string", pattern="(a+)+(b+)+(a|aa)+"), "a" * 60_000 + "!")


def test_arrays_are_read_item_by_item() -> None:
    ids = Parameter("ids", "integer", array=True, minimum=1, min_items=1, max_items=3)
    assert value(ids, [3, 1, 2]) == [3, 1, 2]
    assert refusal(ids, []) == "The parameter 'ids' must be an array of 1 to 3 items."
    assert refusal(ids, [1, 2, 3, 4]) == "The parameter 'ids' must be an array of 1 to 3 items."
    assert refusal(ids, 5) == "The parameter 'ids' must be an array."
    assert refusal(ids, "[1]") == "The parameter 'ids' must be an array."
    assert refusal(ids, {"0": 1}) == "The parameter 'ids' must be an array."
    assert refusal(ids, [1, "2"]) == "Item 2 of the parameter 'ids' must be an integer."
    assert refusal(ids, [1, [2]]) == "Item 2 of the parameter 'ids' must be an integer."
    assert refusal(ids, [1, None]) == "Item 2 of the parameter 'ids' must be an integer."
    assert refusal(ids, [0]) == "Item 1 of the parameter 'ids' must be at least 1."
    assert refusal(Parameter("p", "string", array=True), ["x"] * 10_001) == (
        "The parameter 'p' must be an array of at most 10000 items."
    )


def test_missing_and_unknown_arguments_are_told_with_what_would_do() -> None:
    parameters = {"since": Parameter("since", "date"), "note": Parameter("note", "string", optional=True)}
    with pytest.raises(InvalidParameter, match=r"'since' is missing. It must be a date such as 2026-01-31."):
        read(parameters, {}, {}, NOW)
    with pytest.raises(InvalidParameter, match="'since' is missing"):
        read(parameters, {"since": None}, {}, NOW)
    with pytest.raises(InvalidParameter, match=r"There is no parameter 'sinse'. Did you mean since?"):
        read(parameters, {"sinse": "2026-01-01"}, {}, NOW)
    with pytest.raises(InvalidParameter, match=r"There is no parameter 'x'. The query takes none."):
        read({}, {"x": 1}, {}, NOW)
    assert set(read(parameters, {"since": "2026-01-01", "note": None}, {}, NOW)) == {"since"}


@pytest.mark.parametrize(
    "kind, default, moment",
    [
        ("date", "today", date(2026, 3, 31)),
        ("date", "today - 30 days", date(2026, 3, 1)),
        ("date", "today - 1 month", date(2026, 2, 28)),
        ("date", "today + 11 months", date(2027, 2, 28)),
        ("date", "today - 1 year", date(2025, 3, 31)),
        ("date", "now - 20 hours", date(2026, 3, 30)),
        ("datetime", "today", datetime(2026, 3, 31, tzinfo=UTC)),
        ("datetime", "now", NOW),
        ("datetime", "now - 90 minutes", datetime(2026, 3, 31, 13, 0, 15, 123, tzinfo=UTC)),
        ("datetime", "today + 2 weeks", datetime(2026, 4, 14, tzinfo=UTC)),
        ("date", "2026-01-01", date(2026, 1, 1)),
    ],
)
def test_a_default_may_be_relative_to_the_call(kind: ParameterType, default: str, moment: object) -> None:
    parameter = Parameter("p", kind, default=default)
    assert read({"p": parameter}, {}, {}, NOW)["p"].value == moment


def test_a_caller_cannot_give_what_only_a_default_may_be() -> None:
    assert "must be a date" in refusal(Parameter("p", "date", default="today"), "today - 1 day")


def test_defaults_of_false_and_nothing_are_defaults() -> None:
    parameters = {"a": Parameter("a", "boolean", default=False), "b": Parameter("b", "integer", default=0)}
    assert [item.value for item in read(parameters, {}, {}, NOW).values()] == [False, 0]


def test_a_claim_comes_from_the_identity_and_from_nowhere_else() -> None:
    parameters = {"tenant": Parameter("tenant", "integer", minimum=1, claim="https://example.org/tenant")}
    claims = {"https://example.org/tenant": 7}
    found = read(parameters, {}, claims, NOW)["tenant"]
    assert (found.value, found.is_hidden) == (7, True)
    with pytest.raises(InvalidParameter, match=r"There is no parameter 'tenant'. The query takes none."):
        read(parameters, {"tenant": 8}, claims, NOW)
    with pytest.raises(Forbidden, match="needs the claim"):
        read(parameters, {}, {}, NOW)
    for wrong in ("7", 0, [7], True):
        with pytest.raises(Forbidden, match="does not fit the query") as refused:
            read(parameters, {}, {"https://example.org/tenant": wrong}, NOW)
        assert "tenant' must" not in str(refused.value)
