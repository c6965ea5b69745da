"""Settings: where each comes from, what wins, and what is said of a fault. Messages hold no values."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from dbmcp.config import load, name_of, redacted
from dbmcp.errors import ConfigError
from tests import engines

SECRET = "Tr0ub4dor"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a folder of its own, no variable that configures anything, and a file to serve."""
    import os  # noqa: PLC0415 - only here

    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name == "DATABASE_URL" or (name.startswith("DBMCP_") and not name.startswith("DBMCP_TEST_")):
            monkeypatch.delenv(name)
    engines.build_sqlite_file(tmp_path / "shop.db", "CREATE TABLE item (id int)")
    return tmp_path


def write(text: str, name: str = "dbmcp.toml") -> Path:
    path = Path(name)
    path.write_text(text, "utf-8")
    return path


def fault(text: str) -> str:
    write(text)
    with pytest.raises(ConfigError) as caught:
        load()
    return str(caught.value)


def test_nothing_at_all_gives_the_defaults() -> None:
    settings = load()
    assert settings.databases == {}
    assert (settings.limits.rows, settings.format, settings.log_level, settings.check_at_start) == (
        500,
        "csv",
        "warning",
        True,
    )


def test_flags_win_over_the_environment_which_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('format = "json"\n[limits]\nrows = 1\nmax_rows = 1\nbytes = 1001\n')
    assert (load().format, load().limits.rows) == ("json", 1)
    monkeypatch.setenv("DBMCP_LIMITS__ROWS", "2")
    monkeypatch.setenv("DBMCP_LIMITS__MAX_ROWS", "2")
    monkeypatch.setenv("DBMCP_FORMAT", "markdown")
    settings = load()
    assert (settings.format, settings.limits.rows, settings.limits.bytes) == ("markdown", 2, 1001)
    settings = load({"format": "csv", "limits": {"rows": 3}})
    assert (settings.format, settings.limits.rows, settings.limits.max_rows, settings.limits.bytes) == (
        "csv",
        3,
        2,
        1001,
    )


def test_the_file_is_the_one_named_then_the_variables_then_the_one_here(monkeypatch: pytest.MonkeyPatch) -> None:
    write('format = "json"')
    other = write('format = "markdown"', "other.toml")
    named = write('format = "csv"\nlog_level = "info"', "named.toml")
    assert load().format == "json"
    monkeypatch.setenv("DBMCP_CONFIG", str(other))
    assert load().format == "markdown"
    assert load(file=named).log_level == "info"


def test_a_url_is_the_one_database_served() -> None:
    write('[databases.other]\nurl = "elsewhere.db"\n[limits]\nrows = 7\n')
    settings = load(url="shop.db")
    assert list(settings.databases) == ["shop"]
    assert settings.limits.rows == 7


def test_database_url_is_used_only_where_nothing_else_names_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    assert list(load().databases) == ["shop"]
    write('[databases.named]\nurl = "shop.db"\n')
    assert list(load().databases) == ["named"]
    Path("dbmcp.toml").unlink()
    monkeypatch.setenv("DBMCP_DATABASES__FROM_ENV__URL", "shop.db")
    assert list(load().databases) == ["from_env"]


def test_a_database_of_the_environment_joins_those_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('[databases.one]\nurl = "shop.db"\ndescription = "the first"\n')
    monkeypatch.setenv("DBMCP_DATABASES__TWO__URL", "shop.db")
    monkeypatch.setenv("DBMCP_DATABASES__ONE__CATALOG_SECONDS", "0")
    settings = load()
    assert set(settings.databases) == {"one", "two"}
    assert (settings.databases["one"].description, settings.databases["one"].catalog_seconds) == ("the first", 0)


def test_a_url_of_the_command_line_wins_over_a_database_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBMCP_DATABASES__OTHER__URL", "elsewhere.db")
    assert list(load(url="shop.db").databases) == ["shop"]


def test_variables_in_a_url_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_USER", "ann")
    monkeypatch.setenv("SHOP_PW", SECRET)
    write('[databases.shop]\nurl = "postgresql://${SHOP_USER}:${SHOP_PW}@db/shop"\n')
    assert load().databases["shop"].url.get_secret_value() == f"postgresql://ann:{SECRET}@db/shop"


def test_an_empty_variable_is_as_if_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBMCP_LIMITS__ROWS", "")
    monkeypatch.setenv("DBMCP_FORMAT", "")
    monkeypatch.setenv("DATABASE_URL", "")
    assert load().limits.rows == 500


def test_a_table_in_one_variable_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBMCP_LIMITS", '{"rows": 7, "seconds": 3}')
    monkeypatch.setenv("DBMCP_LIMITS__SECONDS", "4")
    assert (load().limits.rows, load().limits.seconds) == (7, 4)
    for value in ("abc", "5", "[]"):
        monkeypatch.setenv("DBMCP_LIMITS", value)
        with pytest.raises(ConfigError, match=r"DBMCP_LIMITS: .* Write one variable a setting: DBMCP_LIMITS__NAME"):
            load()


def test_folders_of_named_queries_come_from_the_file_or_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    write('queries = ["a", "b c"]\nquery_packs = ["postgresql"]\nclaims = { tenant = 7, groups = ["x"] }')
    settings = load()
    assert (settings.queries, settings.query_packs) == (("a", "b c"), ("postgresql",))
    assert settings.claims == {"tenant": 7, "groups": ["x"]}
    assert settings.has_queries
    monkeypatch.setenv("DBMCP_QUERIES", "one, two/three ,")
    monkeypatch.setenv("DBMCP_QUERY_GROUPS", "sales,stock")
    monkeypatch.setenv("DBMCP_CLAIMS", '{"tenant": "blue"}')
    settings = load({"query_packs": ()})
    assert (settings.queries, settings.query_groups) == (("one", "two/three"), ("sales", "stock"))
    assert settings.claims["tenant"] == "blue"


def test_a_wrong_setting_of_named_queries_is_told_with_its_line() -> None:
    assert fault('\nquery_tools = "all"').startswith(
        "dbmcp.toml, line 2: query_tools: Input should be 'each' or 'find'"
    )
    assert fault("queries = 5").startswith("dbmcp.toml, line 1: queries: Input should be a valid tuple")
    assert "Did you mean queries" in fault('querys = ["a"]')


def test_the_settings_of_one_load_are_not_those_of_the_next() -> None:
    write("[limits]\nrows = 9\n")
    assert load().limits.rows == 9
    Path("dbmcp.toml").unlink()
    assert load().limits.rows == 500


@pytest.mark.parametrize(
    "text, said",
    [
        ("[limits]\nrwos = 1\n", "dbmcp.toml, line 2: limits.rwos is no setting. Did you mean rows?"),
        ("[limits]\nzzzzzz = 1\n", "line 2: limits.zzzzzz is no setting. Known are bytes, max_rows, rows"),
        ('fromat = "csv"\n', "line 1: fromat is no setting. Did you mean format?"),
        ("# comment\n\n[ limits ]\n'rows' = 0\n", "line 4: limits.rows: "),
        ("limits.rows = 0\n", "line 1: limits.rows: "),
        ("limits = { rows = 0 }\n", "line 1: limits.rows: "),
        (
            '[databases."shop"]\nurl = "shop.db"\n[databases.shop.pool]\nsiez = 3\n',
            "line 4: databases.shop.pool.siez is no setting. Did you mean size?",
        ),
        ("[databases.shop]\nurl = 7\n", "line 2: databases.shop.url: "),
        ("[databases.shop]\ndescription = 'no url'\n", "line 1: databases.shop.url: Field required."),
        ("check_at_start = 'perhaps'\n", "line 1: check_at_start: "),
        ('[databases.SHOP]\nurl = "shop.db"\n', "'SHOP' is no name for a database. Use lower-case letters"),
        ('[databases.SHOP]\nurl = "shop.db"\n', "dbmcp.toml, line 2: 'SHOP' is no name for a database."),
        ('[databases.shop]\nurl = "mysql://h/x"\n', "dbmcp.toml, line 2: No dialect answers to mysql:// URLs."),
        ('[database.shop]\nurl = "a.db"\n', "dbmcp.toml, line 1: database is no setting. Did you mean databases?"),
        (
            "[databases.shop]\nurl = 'a.db'\n[databases.shop.policy.tables.t]\ndney = ['a']\n",
            "line 4: databases.shop.policy.tables.t.dney is no setting. Did you mean deny?",
        ),
        (
            "[databases.shop]\nurl = 'a.db'\n[databases.shop.policy.tables.t]\nmask = { a = 'hsh' }\n",
            "line 4: databases.shop.policy.tables.t.mask.a: Input should be 'null', 'hash', 'partial' or 'redact'.",
        ),
        (
            "[databases.shop]\nurl = 'a.db'\n[databases.shop.policy.tables.t]\nmask = { a = { sqll = 'x' } }\n",
            "line 4: databases.shop.policy.tables.t.mask.a.sqll is no setting. Did you mean sql?",
        ),
        ("[[databases]]\nurl = 'a.db'\n", "line 1: databases must be a table. Write [databases.NAME], and its"),
        ("[databases]\nshop = 'a.db'\n", "line 2: databases.shop must be a table. Write [databases.shop], and its"),
        ("= 1\n", "dbmcp.toml: "),
    ],
)
def test_a_fault_in_the_file_is_explained(text: str, said: str) -> None:
    assert said in fault(text)


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    write("\ufeff[limits]\nrows = 7\n")
    assert load().limits.rows == 7


def test_a_wrong_url_of_a_variable_is_told_with_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBMCP_DATABASES__SHOP__URL", f"mysql://ann:{SECRET}@h/x")
    with pytest.raises(ConfigError, match=r"^DBMCP_DATABASES__SHOP__URL: No dialect answers to mysql") as caught:
        load()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f'[databases.shop]\nurl = ["{SECRET}"]\n',
        f'[databases.shop]\nurl = "x.db"\npool = "{SECRET}"\n',
        f'log_level = "{SECRET}"\n',
        f'[databases.shop]\npassword = "{SECRET}"\nurl = "shop.db"\n',
    ],
)
def test_a_fault_never_repeats_a_value(text: str) -> None:
    assert SECRET not in fault(text)


def test_an_unknown_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBMCP_FROMAT", "csv")
    with pytest.raises(
        ConfigError, match=r"The environment variable DBMCP_FROMAT is no setting\. Did you mean DBMCP_FORMAT\?"
    ):
        load()


@pytest.mark.parametrize(
    "url, name",
    [
        ("postgresql://u:p@h/Shop", "shop"),
        ("postgresql://h/my%20shop", "my_shop"),
        ("postgresql://h", "main"),
        ("postgresql://h/", "main"),
        ("sqlite:///a/Shop Data.db", "shop_data"),
        ("/a/b/x.y.sqlite", "x_y"),
        ("日本.db", "main"),
        ("postgresql://[bad/x", "main"),
        ("postgresql://h/" + "a" * 60, "a" * 40),
        ("postgresql:///shop?host=/tmp", "shop"),
        ("shop.db?immutable=1", "shop"),
    ],
)
def test_a_database_is_named_after_itself(url: str, name: str) -> None:
    assert name_of(url) == name


@pytest.mark.parametrize(
    "url, shown",
    [
        (f"postgresql://ann:{SECRET}@db:5432/shop", "postgresql://ann:***@db:5432/shop"),
        ("postgresql://ann@db/shop", "postgresql://ann@db/shop"),
        (f"postgresql:///shop?password={SECRET}", "postgresql:///shop?***"),
        (f"postgresql://ann:{SECRET}@[broken/shop", "***"),
        (f"postgresql://ann:{SECRET}@db:port/shop", "***"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("a.db", "a.db"),
    ],
)
def test_a_url_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    assert redacted(SecretStr(url)) == shown


def test_settings_that_are_printed_show_no_url() -> None:
    settings = load(url=f"postgresql://ann:{SECRET}@db/shop")
    assert SECRET not in repr(settings)
    assert SECRET not in settings.model_dump_json()
