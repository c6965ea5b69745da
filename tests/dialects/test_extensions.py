"""The profiles of extensions: what they let through, what they hold back, and that they are what the extensions say."""

from __future__ import annotations

import csv
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from dbmcp.dialects import functions
from dbmcp.dialects.functions import extensions
from dbmcp.errors import StatementRejected
from dbmcp.guard import approve
from dbmcp.guard.extras import Extras
from tests import engines

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

EVERYDAY = {
    "btree_gist": "int4_dist ts_dist",
    "citext": "citext regexp_match replace split_part strpos",
    "cube": "cube cube_distance cube_size",
    "earthdistance": "earth_box earth_distance ll_to_earth",
    "fuzzystrmatch": "daitch_mokotoff difference dmetaphone levenshtein levenshtein_less_equal metaphone soundex",
    "hstore": "akeys avals delete each exist hstore hstore_to_json hstore_to_jsonb populate_record skeys slice svals",
    "intarray": "icount idx intset sort subarray uniq",
    "isn": "is_valid isbn isbn13 issn make_valid upc",
    "ltree": "index lca ltree2text nlevel subltree subpath text2ltree",
    "pg_trgm": "show_limit show_trgm similarity strict_word_similarity word_similarity",
    "pgcrypto": "digest gen_random_bytes gen_random_uuid hmac",
    "postgis": """
        box2d geography geometry geometrytype postgis_lib_version postgis_version st_3ddistance st_area st_asbinary
        st_asewkt st_asgeojson st_askml st_asmvt st_asmvtgeom st_assvg st_astext st_azimuth st_boundary st_buffer
        st_centroid st_closestpoint st_clusterdbscan st_clusterkmeans st_clusterwithin st_collect st_concavehull
        st_contains st_convexhull st_coveredby st_covers st_crosses st_difference st_disjoint st_distance
        st_distancesphere st_dump st_dumppoints st_dwithin st_envelope st_equals st_expand st_extent st_flipcoordinates
        st_force2d st_generatepoints st_geogfromtext st_geohash st_geometryn st_geometrytype st_geomfromgeojson
        st_geomfromtext st_geomfromwkb st_hexagongrid st_intersection st_intersects st_isempty st_isvalid
        st_isvalidreason st_length st_lineinterpolatepoint st_linelocatepoint st_linemerge st_linesubstring
        st_makeenvelope st_makeline st_makepoint st_makepolygon st_makevalid st_memunion st_multi st_npoints
        st_numgeometries st_overlaps st_perimeter st_point st_pointn st_pointonsurface st_project st_relate
        st_segmentize st_setsrid st_simplify st_simplifypreservetopology st_snaptogrid st_split st_squaregrid st_srid
        st_subdivide st_swapordinates st_symdifference st_tileenvelope st_touches st_transform st_translate st_union
        st_voronoipolygons st_within st_x st_xmax st_xmin st_y st_ymax st_ymin st_z
    """,
    "seg": "seg_center seg_lower seg_upper",
    "tablefunc": "normal_rand",
    "unaccent": "unaccent",
    "uuid-ossp": "uuid_generate_v4 uuid_generate_v5 uuid_nil uuid_ns_url",
    "vector": """
        avg binary_quantize cosine_distance halfvec inner_product jaccard_distance hamming_distance l1_distance
        l2_distance l2_normalize subvector sum vector_dims vector_norm
    """,
}
DANGEROUS = {
    "isn": "isn_weak",
    "pg_trgm": "set_limit",
    "pgcrypto": "crypt decrypt encrypt gen_salt pgp_pub_decrypt pgp_sym_decrypt pgp_sym_decrypt_bytea pgp_sym_encrypt",
    "postgis": """
        _postgis_index_extent _postgis_selectivity _postgis_stats addauth addgeometrycolumn checkauth
        disablelongtransactions dropgeometrycolumn dropgeometrytable enablelongtransactions find_srid gettransactionid
        lockrow populate_geometry_columns postgis_cache_bbox postgis_extensions_upgrade postgis_full_version
        postgis_proj_version st_asgml st_estimatedextent st_findextent st_fromflatgeobuf st_fromflatgeobuftotable
        st_transformpipeline unlockrows updategeometrysrid
    """,
    "tablefunc": "connectby crosstab crosstab2 crosstab3 crosstab4",
    "uuid-ossp": "uuid_generate_v1 uuid_generate_v1mc",
}
OPERATORS = {
    "citext": "= ~~ ~*",
    "hstore": "#= -> ? ?& ?| @>",
    "intarray": "# && @@",
    "ltree": "<@ ?~ @> ~",
    "pg_trgm": "% %> <% <->",
    "postgis": "&& &&& <-> <<->> ~=",
    "vector": "<#> <%> <+> <-> <=> <~>",
}
# Volatile, and let in all the same; a name more here is a decision that somebody should see.
VOLATILE_BUT_HARMLESS = """
    gen_random_bytes gen_random_uuid normal_rand st_clusterkmeans st_generatepoints st_symmetricdifference
    uuid_generate_v4
"""
# What a function of an extension's machinery takes or returns.
MACHINERY = {"internal", "cstring", "trigger", "event_trigger", "void", "index_am_handler", "anyarray_handler"}
TAKES_A_WORD = {"st_swapordinates"}

STATEMENTS = [
    ("postgis", "SELECT id, st_area(geom::geography) FROM lots WHERE geom && st_makeenvelope(0, 0, 1, 1, 4326)"),
    ("postgis", "SELECT st_asmvt(q) FROM (SELECT st_asmvtgeom(geom, st_tileenvelope(1, 0, 0)) FROM lots) AS q"),
    ("postgis", "SELECT (st_dump(geom)).geom, ST_AsGeoJSON(lots.*) FROM lots ORDER BY geom <-> 'POINT(1 2)' LIMIT 3"),
    ("vector", "SELECT id, 1 - (embedding <=> '[1,2]') FROM documents ORDER BY embedding <=> '[1,2]' LIMIT 5"),
    ("vector", "SELECT avg(embedding) FROM documents WHERE l2_distance(embedding, '[1,2]') < 5"),
    ("pg_trgm", "SELECT name, similarity(name, 'anna') FROM people WHERE name % 'anna' ORDER BY name <-> 'anna'"),
    ("hstore", "SELECT key, value, attributes #= hstore('a', 'b') FROM items, each(attributes)"),
    ("ltree", "SELECT subpath(path, 0, 2) FROM nodes WHERE path ~ '*.a.*' AND path ?@> ARRAY['a']::ltree[]"),
]


def cases(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(extension, name) for extension, text in names.items() for name in text.split()]


def sections(extension: str, suffix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    folder = files("dbmcp.dialects.functions").joinpath("extensions")
    for line in folder.joinpath(f"{extension}{suffix}").read_text("utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = []
        elif line and not line.startswith("# "):
            list(found.values())[-1].append(line)
    return found


def versions_read(extension: str) -> list[str]:
    head = files("dbmcp.dialects.functions").joinpath("extensions", f"{extension}.txt").read_text("utf-8")
    found = re.search(rf"catalogues of {extension} (.+)$", head, re.MULTILINE)
    assert found is not None
    return found[1].split(", ")


@pytest.mark.parametrize("extension,name", cases(EVERYDAY))
def test_everyday_function_is_in_the_profile(extension: str, name: str) -> None:
    assert name in extensions.profile(extension)


@pytest.mark.parametrize("extension,name", cases(DANGEROUS))
def test_dangerous_function_is_in_no_profile_and_has_a_reason(extension: str, name: str) -> None:
    assert extensions.held_back(extension)[name]
    assert not [other for other in extensions.profiles() if name in extensions.profile(other)]


@pytest.mark.parametrize("extension,sign", cases(OPERATORS))
def test_everyday_operator_is_in_the_profile(extension: str, sign: str) -> None:
    assert sign in extensions.operators(extension)


@pytest.mark.parametrize("extension,statement", STATEMENTS)
def test_statement_over_an_extension_passes_with_its_profile_and_not_without(extension: str, statement: str) -> None:
    profile = Extras(functions=extensions.profile(extension), operators=extensions.operators(extension))
    approve(statement, extras=profile)
    with pytest.raises(StatementRejected, match="is not allowed"):
        approve(statement)


@pytest.mark.parametrize("extension,name", cases(DANGEROUS))
def test_dangerous_function_is_refused_with_every_profile_switched_on(extension: str, name: str) -> None:
    everything = frozenset().union(*map(extensions.profile, extensions.profiles()))
    with pytest.raises(StatementRejected, match=name):
        approve(f"SELECT {name}('a', 'b')", extras=Extras(functions=everything))


@pytest.mark.parametrize("extension", extensions.profiles())
def test_no_name_is_both_allowed_and_held_back(extension: str) -> None:
    everywhere = set().union(*map(extensions.held_back, extensions.profiles()))
    assert not extensions.profile(extension) & everywhere


@pytest.mark.parametrize("extension", extensions.profiles())
def test_no_profile_lets_in_what_is_held_back_for_postgresql_itself(extension: str) -> None:
    assert not extensions.profile(extension) & set(functions.held_back("postgresql"))


@pytest.mark.parametrize("extension", extensions.profiles())
@pytest.mark.parametrize("suffix", [".txt", ".held_back.txt"])
def test_lists_are_sorted_lower_case_and_without_repeats(extension: str, suffix: str) -> None:
    for names in sections(extension, suffix).values():
        assert names == sorted(set(names))
        assert all(name == name.lower().strip() for name in names)


@pytest.mark.parametrize("extension", extensions.profiles())
def test_a_reason_completes_the_sentence_of_a_refusal(extension: str) -> None:
    for reason in set(extensions.held_back(extension).values()):
        assert re.fullmatch(r"(it|its) .*[^.]", reason), reason


@pytest.mark.parametrize("extension", extensions.profiles())
def test_a_list_says_of_which_versions_it_was_made(extension: str) -> None:
    assert all(re.fullmatch(r"\d+(\.\d+)+", version) for version in versions_read(extension))


def test_operators_are_no_functions_though_some_start_like_a_comment() -> None:
    assert "#" in extensions.operators("intarray")
    assert not [
        sign for name in extensions.profiles() for sign in extensions.profile(name) if not sign[0].isidentifier()
    ]


def test_an_extension_of_which_only_operators_are_used_has_an_empty_profile() -> None:
    assert extensions.profile("btree_gin") == frozenset()


@pytest.mark.parametrize(
    "given,near", [("pgvector", "vector"), ("PostGIS", "postgis"), ("uuid_ossp", "uuid-ossp"), ("pg_trgrm", "pg_trgm")]
)
def test_a_name_nearly_right_is_an_error_that_says_the_right_one(given: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"extension '{given}' .did you mean '{near}'.*btree_gin, .*, vector$"):
        extensions.profile(given)


@pytest.mark.parametrize("given", ["../postgresql", "extensions.review", "postgis.held_back", "", "dblink"])
def test_what_is_no_profile_is_an_error(given: str) -> None:
    for ask in (extensions.profile, extensions.operators, extensions.held_back):
        with pytest.raises(ValueError, match="there is no profile of the extension"):
            ask(given)


@pytest.fixture(scope="module")
def scripts() -> Path:
    if not (SCRIPTS / "make_extension_profiles.py").exists():
        pytest.skip("the scripts are not in this distribution; the repository has them")
    return SCRIPTS


@pytest.fixture
def maker(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(scripts)
    yield importlib.import_module("make_extension_profiles")
    for name in ("make_extension_profiles", "extension_catalogues", "make_function_lists"):
        sys.modules.pop(name, None)
    for name in ("function_review", "function_catalogues"):
        sys.modules.pop(name, None)


def test_profiles_are_what_the_script_makes(scripts: Path) -> None:
    command = [sys.executable, str(scripts / "make_extension_profiles.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_list_is_left_over_from_an_extension_that_lost_its_profile(scripts: Path) -> None:
    kept = {path.stem for path in (scripts / "catalogues" / "extensions").glob("*.tsv")} - {"operators"}
    lists = {item.name for item in files("dbmcp.dialects.functions").joinpath("extensions").iterdir()}
    assert kept == set(extensions.profiles())
    expected = {f"{name}{suffix}" for name in kept for suffix in (".txt", ".held_back.txt")}
    assert lists == expected | {"extensions.review.toml"}


def test_no_version_of_an_extension_has_an_effect_behind_an_allowed_name(scripts: Path) -> None:
    volatile: set[str] = set()
    for extension in extensions.profiles():
        with (scripts / "catalogues" / "extensions" / f"{extension}.tsv").open(encoding="utf-8", newline="") as file:
            overloads = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        assert {overload["name"] for overload in overloads} == extensions.profile(extension) | set(
            extensions.held_back(extension)
        )
        for overload in overloads:
            if overload["name"] in extensions.profile(extension):
                volatile |= {overload["name"]} if overload["traits"] == "volatile" else set()
                types = {*overload["arguments"].split(","), overload["result"]}
                assert not MACHINERY & types or overload["name"] in TAKES_A_WORD, overload
    assert volatile == set(VOLATILE_BUT_HARMLESS.split())


REVIEW = """
suspicious = []
syntax = []
admit = []
[class]
volatile = "it is volatile"
pseudo_type = "it is machinery"
unreviewed = "it looks like more"
[[hold]]
group = "secrets"
reason = "it tells secrets"
names = ["tell"]
"""


def judged(maker: Any, *names: str) -> Any:
    facts = {"kind": "function", "traits": ("immutable",), "returns_set": False, "arguments": ("text",)}
    routines = [maker.Routine(name=name, **facts, result="text", versions=("1.0",)) for name in ("tell", *names)]
    operators = [maker.Operator("new", sign, name, ("1.0",)) for sign, name in (("<!>", "tell"), ("<?>", names[0]))]
    catalogues = maker.Catalogues({"new": routines}, operators)
    (profile,) = maker.judge(catalogues, maker.read_review(REVIEW))
    return profile


def test_an_operator_is_allowed_when_the_function_behind_it_is(maker: Any) -> None:
    profile = judged(maker, "fine")
    assert (profile.allowed["function"], profile.operators) == (["fine"], ["<?>"])
    assert profile.held_back["secrets"] == ["tell"]


def test_a_name_held_back_for_postgresql_cannot_come_back_with_an_extension(maker: Any) -> None:
    with pytest.raises(maker.ReviewError, match="hold them back here: pg_sleep"):
        judged(maker, "pg_sleep")


def test_an_extension_that_was_never_read_is_an_error(maker: Any) -> None:
    with pytest.raises(maker.ReviewError, match="no catalogue was read of: new"):
        maker.judge(maker.Catalogues({"new": []}, []), maker.read_review(REVIEW))


def test_reading_a_version_again_replaces_the_operators_known_of_it(maker: Any, tmp_path: Path) -> None:
    catalogues = importlib.import_module("extension_catalogues")
    stays = maker.Operator("one", "#", "same", ("1.0", "1.1"))
    other = maker.Operator("two", "<|>", "same", ("1.1",))
    comes = maker.Operator("one", "<->", "distance", ("1.1",))
    merged = catalogues.merge_operators([stays, other], [comes])
    assert merged == [replace(stays, versions=("1.0",)), comes, other]
    catalogues.save_operators(tmp_path / "kept.tsv", merged)
    assert catalogues.load_operators(tmp_path / "kept.tsv") == merged


@dataclass(frozen=True)
class Installed:
    """What a server says of an extension it has: version, functions (name, volatile, types), behind its operators."""

    version: str
    functions: list[tuple[Any, ...]]
    behind: set[str]


FUNCTIONS = """
    SELECT lower(p.proname), p.provolatile = 'v',
           ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[] || p.prorettype) AS t)
    FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid JOIN pg_extension AS e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
      AND e.extname = $1
"""
BEHIND_OPERATORS_AND_CASTS = """
    SELECT lower(p.proname)
    FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
    LEFT JOIN pg_operator AS o ON d.classid = 'pg_operator'::regclass AND o.oid = d.objid
    LEFT JOIN pg_cast AS c ON d.classid = 'pg_cast'::regclass AND c.oid = d.objid
    JOIN pg_proc AS p ON p.oid = coalesce(o.oprcode::oid, c.castfunc)
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = $1
"""


@pytest.fixture(scope="module")
def installed(postgresql_server: engines.PostgresqlServer) -> dict[str, Installed]:
    """Create the extensions that the server has in a database of their own, and read them."""
    found: dict[str, Installed] = {}
    with engines.fresh_postgresql_database(postgresql_server) as database:
        available = {str(name) for (name,) in database.rows("SELECT name FROM pg_available_extensions")}
        for name in sorted(available & set(extensions.profiles())):
            database.run(f'CREATE EXTENSION IF NOT EXISTS "{name}" CASCADE')
            ((version,),) = database.rows("SELECT extversion FROM pg_extension WHERE extname = $1", name)
            behind = {str(function) for (function,) in database.rows(BEHIND_OPERATORS_AND_CASTS, name)}
            found[name] = Installed(str(version), database.rows(FUNCTIONS, name), behind)
    return found


def test_no_allowed_name_of_an_extension_has_an_effect_on_the_server(installed: dict[str, Installed]) -> None:
    harmless = set(VOLATILE_BUT_HARMLESS.split())
    for extension, found in installed.items():
        allowed = [row for row in found.functions if row[0] in extensions.profile(extension)]
        assert not [name for name, volatile, _ in allowed if volatile and name not in harmless], extension
        assert not [name for name, _, types in allowed if MACHINERY & set(types) and name not in TAKES_A_WORD]


def test_operators_and_casts_of_an_extension_call_allowed_functions_only(installed: dict[str, Installed]) -> None:
    for extension, found in installed.items():
        assert not found.behind - extensions.profile(extension) - functions.load("postgresql"), extension


def test_every_function_of_an_extension_on_the_server_is_decided_about(installed: dict[str, Installed]) -> None:
    unread = []
    for extension, found in installed.items():
        if found.version not in versions_read(extension):
            unread.append(f"{extension} {found.version}")
            continue
        names = {name for name, _, _ in found.functions}
        assert names <= extensions.profile(extension) | set(extensions.held_back(extension)), extension
    absent = sorted(set(extensions.profiles()) - set(installed))
    if unread or absent:
        pytest.skip(f"not read yet: {', '.join(unread) or 'none'}; not on this server: {', '.join(absent) or 'none'}")
