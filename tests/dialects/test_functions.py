"""The lists of functions: what they let through, what they hold back, and that they are what the engines say."""

from __future__ import annotations

import csv
import importlib
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from dbmcp.dialects.functions import held_back, load
from tests import engines

DIALECTS = ("postgresql", "sqlite")
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

# The ways out of a read-only statement that the guard must never open: effects, secrets, strings run as SQL.
DANGEROUS = {
    "postgresql": """
        currtid2 current_query current_setting cursor_to_xml database_to_xml inet_server_addr lastval lo_export lo_get
        lo_import lo_unlink loread lowrite nextval pg_advisory_lock pg_advisory_unlock_all pg_cancel_backend pg_config
        pg_create_restore_point pg_current_logfile pg_drop_replication_slot pg_export_snapshot pg_hba_file_rules
        pg_logical_emit_message pg_logical_slot_get_changes pg_ls_dir pg_ls_waldir pg_mcv_list_items pg_notify
        pg_prepared_statement pg_promote pg_read_binary_file pg_read_file pg_reload_conf pg_rotate_logfile
        pg_show_all_file_settings pg_show_all_settings pg_sleep pg_sleep_for pg_sleep_until pg_stat_file
        pg_stat_get_activity pg_stat_get_backend_activity pg_stat_get_wal_receiver pg_stat_reset pg_switch_wal
        pg_tablespace_location pg_terminate_backend pg_try_advisory_xact_lock query_to_xml query_to_xml_and_xmlschema
        schema_to_xml set_config setseed setval table_to_xml ts_rewrite ts_stat txid_current
        dblink dblink_exec crosstab connectby xpath_table pg_file_write get_raw_page pg_stat_statements
    """,
    "sqlite": """
        bytecode dbstat edit eval fts3_tokenizer fsdir load_extension optimize pragma_journal_mode pragma_optimize
        pragma_query_only pragma_writable_schema readfile regexp rtreecheck sqlite_compileoption_get sqlite_dbpage
        sqlite_log sqlite_offset sqlite_stmt writefile zipfile
    """,
}
EVERYDAY = {
    "postgresql": """
        abs age array_agg array_length array_to_string avg bool_and cardinality ceil char_length clock_timestamp
        col_description concat concat_ws corr count cume_dist date_bin date_part date_trunc dense_rank encode exp
        extract first_value floor format format_type gen_random_uuid generate_series greatest has_table_privilege
        initcap json_agg json_array_elements json_build_object jsonb_agg jsonb_array_elements_text jsonb_build_object
        jsonb_each_text jsonb_object_keys jsonb_path_query jsonb_set jsonb_to_recordset json_value json_table lag
        lead left length ln lower lpad make_date make_interval md5 min mod mode now ntile num_nulls obj_description
        percent_rank percentile_cont pg_get_constraintdef pg_get_function_arguments pg_get_indexdef
        pg_get_serial_sequence pg_get_userbyid pg_get_viewdef pg_relation_size pg_size_pretty pg_table_is_visible
        pg_total_relation_size pg_typeof plainto_tsquery power random range_agg range_merge rank regexp_matches
        regexp_replace regexp_split_to_table regr_slope repeat replace reverse right round row_number row_to_json
        sha256 sign split_part sqrt starts_with stddev string_agg string_to_array strpos substr sum to_char to_date
        to_jsonb to_number to_regclass to_timestamp to_tsquery to_tsvector translate trim trunc ts_headline ts_rank
        unnest upper uuidv7 version websearch_to_tsquery width_bucket xmlagg xmltable xpath
    """,
    "sqlite": """
        -> ->> abs avg bm25 cast ceil char coalesce concat concat_ws count cume_dist current_timestamp date datetime
        dense_rank exists exp first_value floor format generate_series glob group_concat hex highlight if ifnull iif
        instr json json_array json_each json_extract json_group_array json_object json_tree jsonb julianday lag lead
        length like ln lower match max median min mod nullif ntile octet_length percentile power pragma_table_info
        pragma_index_list printf quote random rank replace round row_number sign snippet sqlite_version sqrt strftime
        string_agg substr substring sum time timediff total trim typeof unhex unicode unixepoch upper zeroblob
    """,
}
# What PostgreSQL's grammar writes for AT TIME ZONE, LIKE … ESCAPE, SIMILAR TO, OVERLAPS, TRIM, COLLATION FOR and such.
WRITTEN_BY_THE_GRAMMAR = """
    btrim extract is_normalized like_escape ltrim normalize overlaps overlay pg_collation_for position rtrim
    similar_to_escape substring system_user timezone xmlexists
"""
# Volatile, and let in all the same; a name more here is a decision that somebody should see.
VOLATILE_BUT_HARMLESS = """
    array_sample array_shuffle clock_timestamp gen_random_uuid pg_database_size pg_indexes_size pg_is_in_recovery
    pg_last_xact_replay_timestamp pg_partition_ancestors pg_partition_tree pg_relation_size pg_sequence_last_value
    pg_table_size pg_total_relation_size random random_normal timeofday timezone uuidv4 uuidv7
"""
# What a function of the engine's machinery takes or returns.
MACHINERY = {"internal", "cstring", "trigger", "event_trigger", "void", "language_handler", "fdw_handler"}

SERVER_FUNCTIONS = """
    SELECT p.proname, p.provolatile = 'v', p.prokind = 'p',
           ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[] || p.prorettype) AS t)
    FROM pg_catalog.pg_proc AS p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < 16384
"""
BEHIND_OPERATORS_AND_CASTS = """
    SELECT p.proname FROM pg_catalog.pg_proc AS p
    WHERE p.oid IN (SELECT oprcode FROM pg_catalog.pg_operator WHERE oid < 16384
                    UNION SELECT castfunc FROM pg_catalog.pg_cast WHERE oid < 16384)
"""


def cases(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(dialect, name) for dialect, text in names.items() for name in text.split()]


def sections(dialect: str, suffix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in files("dbmcp.dialects.functions").joinpath(f"{dialect}.{suffix}").read_text("utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            list(found.values())[-1].append(line)
    return found


def let_in_by_hand(dialect: str) -> set[str]:
    review = tomllib.loads(files("dbmcp.dialects.functions").joinpath(f"{dialect}.review.toml").read_text("utf-8"))
    return {name for entry in review["admit"] for name in entry["names"]}


def versions_read(dialect: str) -> str:
    return files("dbmcp.dialects.functions").joinpath(f"{dialect}.txt").read_text("utf-8").partition("\n\n")[0]


@pytest.fixture(scope="module")
def scripts() -> Path:
    if not (SCRIPTS / "make_function_lists.py").exists():
        pytest.skip("the scripts are not in this distribution; the repository has them")
    return SCRIPTS


@pytest.fixture
def review_module(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(scripts)
    yield importlib.import_module("function_review")
    for name in ("function_review", "function_catalogues"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("dialect,name", cases(DANGEROUS))
def test_dangerous_name_is_held_back_with_a_reason(dialect: str, name: str) -> None:
    assert name not in load(dialect)
    assert held_back(dialect)[name]


@pytest.mark.parametrize("dialect,name", cases(EVERYDAY))
def test_everyday_name_is_allowed(dialect: str, name: str) -> None:
    assert name in load(dialect)


def test_names_that_the_grammar_writes_for_sql_are_allowed() -> None:
    assert set(WRITTEN_BY_THE_GRAMMAR.split()) <= load("postgresql")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_name_is_both_allowed_and_held_back(dialect: str) -> None:
    assert not load(dialect) & set(held_back(dialect))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("suffix", ["txt", "held_back.txt"])
def test_lists_are_sorted_lower_case_and_without_repeats(dialect: str, suffix: str) -> None:
    for names in sections(dialect, suffix).values():
        assert names == sorted(set(names))
        assert all(name == name.lower().strip() for name in names)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_reason_completes_the_sentence_of_a_refusal(dialect: str) -> None:
    for reason in set(held_back(dialect).values()):
        assert re.fullmatch(r"(it|its|large objects|this function) .*[^.]", reason), reason


def test_a_dialect_without_a_list_is_an_error_that_says_which_have_one() -> None:
    with pytest.raises(ValueError, match="'oracle'; they are for postgresql, sqlite"):
        load("oracle")


def test_what_was_handed_out_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        held_back("sqlite")["abs"] = "no"  # type: ignore[index]


def test_lists_are_what_the_script_makes(scripts: Path) -> None:
    command = [sys.executable, str(scripts / "make_function_lists.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_version_of_postgresql_has_an_effect_behind_an_allowed_name(scripts: Path) -> None:
    with (scripts / "catalogues" / "postgresql.tsv").open(encoding="utf-8", newline="") as file:
        overloads = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(overloads) > 3000
    allowed = [overload for overload in overloads if overload["name"] in load("postgresql")]
    volatile = {overload["name"] for overload in allowed if overload["traits"] == "volatile"}
    assert volatile == set(VOLATILE_BUT_HARMLESS.split())
    assert not [overload for overload in allowed if MACHINERY & {*overload["arguments"].split(","), overload["result"]}]
    assert {overload["name"] for overload in overloads} <= load("postgresql") | set(held_back("postgresql"))


REVIEW = """
suspicious = ["^pg_"]
[class]
volatile = "it is volatile"
pseudo_type = "it is machinery"
unreviewed = "it looks like more"
[[hold]]
group = "secrets"
reason = "it tells secrets"
names = ["tell_*"]
[[admit]]
reason = "harmless"
names = ["random"]
[[syntax]]
reason = "grammar"
names = ["cast"]
"""


def routine(module: Any, name: str, trait: str = "immutable", **given: Any) -> Any:
    facts = {"kind": "function", "returns_set": False, "arguments": ("text",), "result": "text", "versions": ("18",)}
    return module.Routine(**{"name": name, "traits": (trait,), **facts, **given})


def groups(module: Any, *routines: Any, review: str = REVIEW) -> dict[str, set[str]]:
    needed = [routine(module, "random", "volatile"), routine(module, "tell_all")]
    outcome = module.decide([*needed, *routines], module.read_review(review))
    found = {**outcome.allowed, **outcome.held_back}
    return {group: names - {"random", "tell_all", "cast"} for group, names in found.items()}


def test_a_new_pure_function_is_allowed(review_module: Any) -> None:
    assert groups(review_module, routine(review_module, "array_zip"))["function"] == {"array_zip"}


def test_a_new_function_with_a_suspicious_name_waits_for_review(review_module: Any) -> None:
    assert groups(review_module, routine(review_module, "pg_new", "stable"))["unreviewed"] == {"pg_new"}


def test_one_volatile_overload_holds_the_whole_name_back(review_module: Any) -> None:
    overloads = [routine(review_module, "twin"), routine(review_module, "twin", "volatile", arguments=())]
    found = groups(review_module, *overloads)
    assert (found["volatile"], found["function"]) == ({"twin"}, set())


def test_what_takes_internal_values_is_machinery(review_module: Any) -> None:
    step = routine(review_module, "step", arguments=("internal", "text"))
    assert groups(review_module, step)["pseudo_type"] == {"step"}


def test_a_held_pattern_holds_what_its_class_would_allow(review_module: Any) -> None:
    assert groups(review_module, routine(review_module, "tell_more"))["secrets"] == {"tell_more"}


@pytest.mark.parametrize(
    "old,new,message",
    [
        ('names = ["random"]', 'names = ["random", "gone"]', "no catalogue has: gone"),
        ('names = ["random"]', 'names = ["rand*"]', "spelled out"),
        ('names = ["tell_*"]', 'names = ["tell_*", "random"]', "random is let in and held back"),
        ('names = ["tell_*"]', 'names = ["tell_*"]\noutside = true', "tell_\\*"),
        ('names = ["cast"]', 'names = ["cast", "tell_all"]', "grammar"),
    ],
)
def test_decisions_that_contradict_are_an_error(review_module: Any, old: str, new: str, message: str) -> None:
    review = REVIEW.replace(old, new)
    if "grammar" in message:
        review = review.replace('["tell_*"]', '["tell_all"]')
    with pytest.raises(review_module.ReviewError, match=message):
        groups(review_module, review=review)


def test_reading_a_version_again_replaces_what_was_known_of_it(review_module: Any) -> None:
    catalogues = importlib.import_module("function_catalogues")
    known = [
        routine(review_module, "stays", versions=("17", "18")),
        routine(review_module, "goes", versions=("18",)),
    ]
    merged = catalogues.merge(known, [routine(review_module, "comes", versions=("18",))])
    assert [(found.name, found.versions) for found in merged] == [("comes", ("18",)), ("stays", ("17",))]


def test_catalogues_are_kept_without_loss(review_module: Any, tmp_path: Path) -> None:
    catalogues = importlib.import_module("function_catalogues")
    kept = [
        routine(review_module, "a", arguments=(), returns_set=True),
        routine(review_module, "b", arguments=('"char"', "text[]"), versions=("17", "18")),
    ]
    catalogues.save(tmp_path / "kept.tsv", kept)
    assert catalogues.load(tmp_path / "kept.tsv") == kept


def test_every_function_of_the_server_is_decided_about(postgresql_server: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_server) as database:
        ((number,),) = database.rows("SELECT current_setting('server_version_num')::int / 10000")
        found = database.rows(SERVER_FUNCTIONS)
    if not re.search(rf"\b{number}\b", versions_read("postgresql")):
        pytest.skip(f"PostgreSQL {number} was not read yet; run scripts/make_function_lists.py against it")
    names = {str(name).lower() for name, *_ in found}
    assert names <= load("postgresql") | set(held_back("postgresql"))


def test_no_allowed_name_has_an_effect_on_the_server(postgresql_server: engines.PostgresqlServer) -> None:
    with engines.fresh_postgresql_database(postgresql_server) as database:
        found: list[tuple[Any, ...]] = database.rows(SERVER_FUNCTIONS)
    allowed = [row for row in found if row[0] in load("postgresql")]
    assert len({name for name, *_ in allowed}) > 1500
    by_hand = let_in_by_hand("postgresql")
    assert not [name for name, volatile, _, _ in allowed if volatile and name not in by_hand]
    assert not [name for name, _, procedure, types in allowed if procedure or MACHINERY & set(types)]


def test_operators_and_casts_of_the_server_call_allowed_functions_only(
    postgresql_server: engines.PostgresqlServer,
) -> None:
    with engines.fresh_postgresql_database(postgresql_server) as database:
        found = {str(name) for (name,) in database.rows(BEHIND_OPERATORS_AND_CASTS)}
    assert len(found) > 500
    assert not found - load("postgresql")


def test_every_function_of_this_sqlite_is_decided_about() -> None:
    connection = sqlite3.connect(":memory:")
    try:
        found = list(connection.execute("SELECT name, flags & 0x80000 FROM pragma_function_list"))
    finally:
        connection.close()
    assert not {name for name, direct_only in found if direct_only} & load("sqlite")
    version = ".".join(sqlite3.sqlite_version.split(".")[:2])
    if f"{version} (" not in versions_read("sqlite"):
        pytest.skip(f"SQLite {version} was not read yet; run scripts/make_function_lists.py --sqlite sqlite3")
    assert {name for name, _ in found} <= load("sqlite") | set(held_back("sqlite"))
