"""The front matter of a file: everything wrong with it is told at its place, with what would mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.named_queries.files import faults_in, query_of, sql_file

NOTHING = "SELECT 1"


@pytest.mark.parametrize(
    "text, fault",
    [
        ("SELECT 1", '1:1: The file has no front matter. Begin the file with /* description = "…" */.'),
        ("", '1:1: The file has no front matter. Begin the file with /* description = "…" */.'),
        ("-- x\n/* description = 'd' */ SELECT 1", "1:1: The file has no front matter."),
        ("\n/* description = 'd' SELECT 1", "2:1: The comment with the front matter is not closed. Close it with */."),
        ("/* title = 'd' */ SELECT 1", "1:3: description is missing."),
        ("/* description = 'd'\nx = 'a/*b' */ SELECT 1", "2:7: The front matter holds /*."),
        ('/*\ndescription = "a*/b"\n*/ SELECT 1', "2:17: The front matter is not TOML: "),
        ("/*\ndescription = d\n*/ SELECT 1", "2:15: The front matter is not TOML: Invalid value."),
        (
            "/*\ndescription = 'd'\ndescription = 'e'\n*/ SELECT 1",
            "3:18: The front matter is not TOML: Cannot overwrite",
        ),
        ("/*\ndescription = 'd'\ntags = [\n*/ SELECT 1", "3:9: The front matter is not TOML: Invalid value."),
        (
            f"/*\ndescription = {'[' * 100_000}\n*/ SELECT 1",
            "2:100015: The front matter is not TOML: It nests too deep",
        ),
    ],
)
def test_a_front_matter_that_cannot_be_read_is_a_fault_at_its_place(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults_in(tmp_path, text)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    "header, fault",
    [
        ("titel = 'x'", "3:1: titel is no key of the front matter. Did you mean title?"),
        ("description = ''", "2:1: description is empty."),
        ("description = ' \t'", "2:1: description is empty."),
        ("description = 5", "2:1: description: Input should be a valid string."),
        ("tags = 'one'", "3:1: tags: Input should be a valid list."),
        ("tags = ['a', 5]", "3:14: tags.1: Input should be a valid string."),
        ("always_load = 'yes'", "3:1: always_load: Input should be a valid boolean."),
        ("cache_seconds = -1", "3:1: cache_seconds: Input should be greater than or equal to 0."),
        ("rate = 'often'", '3:1: rate must be a number of calls and a time, such as "10/minute".'),
        ("rate = '0/minute'", '3:1: rate must be a number of calls and a time, such as "10/minute".'),
        ("output = 'json'", "3:1: output must be text or structured."),
        ("limits = { row = 1 }", "3:12: limits.row is no key of the front matter. Did you mean rows?"),
        ("limits = { rows = 0 }", "3:12: limits.rows: Input should be greater than or equal to 1."),
        ("[[examples]]\nargs = {}", "4:1: examples.0.args is no key of the front matter. Did you mean arguments?"),
        ('"param-eters" = {}', "3:1: param-eters is no key of the front matter. Did you mean parameters?"),
        ("[parameters.a]\ntype = 'string'\nmax_length = 65537", "5:1: parameters.a.max_length: Input should be less"),
        ("database = 5", "3:1: database: Input should be a valid string."),
        ("[parameters.a]", "3:1: parameters.a.type is missing."),
        ("[parameters.a]\ntype = 'int'", "4:1: parameters.a.type must be string, integer, number, decimal, "),
        (
            "[parameters.a]\ntype = 'integer'\nmin = 1",
            "5:1: parameters.a.min is no key of the front matter. Did you mean minimum",
        ),
        ("[parameters.a]\ntype = 'string'\nmin_length = -1", "5:1: parameters.a.min_length: Input should be greater"),
        ("parameters = { a = 'integer' }", "3:16: parameters.a: Input should be a valid dictionary or instance"),
    ],
)
def test_a_key_that_is_wrong_is_a_fault_with_what_was_meant(tmp_path: Path, header: str, fault: str) -> None:
    found = faults_in(tmp_path, sql_file(header, NOTHING))
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    "declaration, fault",
    [
        ("type = 'integer'\npattern = 'x'", "5:1: A parameter of type integer has no pattern. It is for string."),
        ("type = 'string'\nminimum = 1", "5:1: A parameter of type string has no minimum. It is for date, datetime, "),
        ("type = 'boolean'\nvalues = ['a']", "5:1: A parameter of type boolean has no values. It is for enum."),
        ("type = 'interval'\nmaximum = '1 day'", "5:1: A parameter of type interval has no maximum."),
        ("type = 'enum'", "3:1: A parameter of type enum needs values."),
        ("type = 'choice'", "3:1: A parameter of type choice needs options."),
        ("type = 'enum'\nvalues = []", "5:1: parameters.p.values: List should have at least 1 item"),
        ("type = 'enum'\nvalues = ['a', 'a']", "5:1: values has 'a' twice."),
        ("type = 'choice'\noptions = { a = '' }", "5:13: parameters.p.options.a is empty."),
        ("type = 'string'\nmin_items = 1", "5:1: Only an array has min_items. Set array = true."),
        ("type = 'string'\nmin_length = 3\nmax_length = 2", "6:1: max_length is below min_length."),
        ("type = 'string'\narray = true\nmin_items = 3\nmax_items = 2", "7:1: max_items is below min_items."),
        ("type = 'integer'\nminimum = 3\nmaximum = 2", "6:1: maximum is below minimum."),
        ("type = 'date'\nminimum = 'today'\nmaximum = 'today - 1 day'", "6:1: maximum is below minimum."),
        ("type = 'integer'\nminimum = 'one'", "5:1: minimum must be an integer."),
        ("type = 'integer'\nmaximum = 'one'\ndefault = 1", "5:1: maximum must be an integer."),
        ("type = 'date'\nminimum = '2026-02-30'", "5:1: minimum must be a date such as 2026-01-31."),
        ("type = 'integer'\ndefault = 'x'", "5:1: default must be an integer."),
        ("type = 'integer'\nminimum = 5\ndefault = 1", "6:1: default must be at least 5."),
        ("type = 'date'\ndefault = 2999-01-01\nmaximum = 'today'", "5:1: default must be at most today."),
        ("type = 'date'\ndefault = 2999-01-01\nminimum = 'today'", "5:1: default stands still, and minimum moves"),
        ("type = 'date'\ndefault = 'today - 9 days'\nminimum = 'today'", "5:1: default must be at least today."),
        ("type = 'date'\narray = true\ndefault = ['today', 2999-01-01]\nmaximum = 'today'", "6:1: default must be at"),
        ('type = "enum"\nvalues = ["a\\u0000"]', "5:1: Each of values must be a string without the character U+0000."),
        ("type = 'date'\ndefault = 'yesterday'", "5:1: default must be a date such as 2026-01-31."),
        ("type = 'date'\ndefault = 'today - 99999 years'", "5:1: default must be within the years 1 to 9999."),
        ("type = 'enum'\nvalues = ['web', 'shop']\ndefault = 'wob'", "6:1: default must be one of web, shop (web?)."),
        ("type = 'string'\nclaim = 'c'\noptional = true", "6:1: A parameter that a claim fills cannot have optional"),
        ("type = 'string'\nclaim = 'c'\ndefault = 'x'", "6:1: A parameter that a claim fills cannot have default"),
        ("type = 'choice'\noptions = { a = '1' }\noptional = true", "6:1: A choice cannot have optional"),
        ("type = 'choice'\noptions = { a = '1' }\narray = true", "6:1: A choice cannot have array"),
    ],
)
def test_a_parameter_declared_unsoundly_is_a_fault(tmp_path: Path, declaration: str, fault: str) -> None:
    found = faults_in(tmp_path, sql_file(f"[parameters.p]\n{declaration}", "SELECT :p"))
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    "pattern, why",
    [
        ("(", "unclosed group"),
        ("[a", "unclosed character class"),
        ("(a{999}){999}", "exceeds size limit"),
        ("*a", "missing expression"),
        ("a" * 501, "at most 500 characters"),
        ("(a)\\1", "backreferences are not supported"),
        ("(?=a)b", "without look-around"),
        ("(?i)a", "without look-around, names and flags"),
        ("a\\", "incomplete escape"),
        (")(", "unopened group"),
    ],
)
def test_a_pattern_that_is_none_or_needs_backtracking_is_a_fault(tmp_path: Path, pattern: str, why: str) -> None:
    header = f"[parameters.p]\ntype = 'string'\npattern = '{pattern}'"
    (found,) = faults_in(tmp_path, sql_file(header, "SELECT :p"))
    assert found.startswith("5:1: pattern must be a regular expression")
    assert why in found


@pytest.mark.parametrize("name", ["Store", "9", "a-b", "ä", "x" * 41])
def test_a_parameter_needs_a_name_that_sql_can_take(tmp_path: Path, name: str) -> None:
    found = faults_in(tmp_path, sql_file(f'[parameters."{name}"]\ntype = "integer"', NOTHING))
    assert found[0].startswith(f"3:1: '{name}' is no name for a parameter.")


def test_dates_and_times_of_toml_are_read_as_texts(tmp_path: Path) -> None:
    header = (
        "[parameters.d]\ntype = 'date'\ndefault = 2026-01-31\nminimum = 2025-01-01\n"
        "[parameters.t]\ntype = 'time'\ndefault = 14:30:00\n"
        "[parameters.m]\ntype = 'datetime'\ndefault = 2026-01-31T14:30:00Z\n"
        "[[examples]]\narguments = { d = 2026-02-28 }"
    )
    query = query_of(tmp_path, sql_file(header, "SELECT :d, :t, :m"))
    assert [item.default for item in query.parameters.values()] == [
        "2026-01-31",
        "14:30:00",
        "2026-01-31T14:30:00+00:00",
    ]
    assert query.parameters["d"].minimum == "2025-01-01"
    assert dict(query.examples[0].arguments) == {"d": "2026-02-28"}
