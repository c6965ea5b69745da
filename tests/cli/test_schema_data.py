"""`dbmcp schema --data`: a table with its data."""

from __future__ import annotations

from pathlib import Path

from tests import engines
from tests.cli.test_main import dbmcp


def test_the_data_of_a_table_stands_after_its_description(tmp_path: Path) -> None:
    sql = "CREATE TABLE item (id INTEGER PRIMARY KEY, kind TEXT); INSERT INTO item VALUES (1, 'a'), (2, 'a')"
    engines.build_sqlite_file(tmp_path / "shop.db", sql)
    code, out, _ = dbmcp("schema", "shop.db", "item", "--data", cwd=tmp_path)
    assert code == 0
    description, data = out.split("\n\n")
    assert "kind" in description
    assert (
        data
        == "item: 2 sample rows\nid,kind\n1,a\n2,a\nof all 2 rows:\nid integer: unique, 1 .. 2\nkind text: always a\n"
    )
    assert "sample rows" not in dbmcp("schema", "shop.db", "item", cwd=tmp_path)[1]
    code, _, err = dbmcp("schema", "shop.db", "--data", cwd=tmp_path)
    assert code == 2
    assert "--data is for a table" in err
    for other in ("--format=ddl", "--erd=shop.svg", "--save=shop.json"):
        code, out, err = dbmcp("schema", "shop.db", "item", "--data", other, cwd=tmp_path)
        assert (code, out) == (2, "")
        assert "--data goes with none of --format, --erd and --save" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop.db"]
