"""SQLite's catalog in bulk, and the comments that its CREATE TABLE texts hold.

SQLite has no COMMENT ON, but keeps the text of every definition: a `--` comment on the line of a column documents the
column, one on the line of CREATE TABLE, or alone on the next, documents the table.
"""

from __future__ import annotations

import json
import re
from typing import Any

_TABLES = "main.sqlite_schema s WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"

_COLUMNS = """
SELECT 'main', s.name, x.name, coalesce(nullif(lower(x.type), ''), 'any'), x."notnull", x.dflt_value,
  x.hidden IN (2, 3), NULL, NULL
FROM main.sqlite_schema s, pragma_table_xinfo(s.name, 'main') x"""
VIEWS = f"SELECT s.name FROM {_TABLES} AND s.type = 'view' ORDER BY s.name"
VIEW_COLUMNS = f"{_COLUMNS} WHERE s.type = 'view' AND s.name = ? ORDER BY x.cid"

STATEMENTS: dict[str, str] = {
    "relations": f"""
SELECT 'main', s.name, s.type, NULL, NULL, s.sql FROM {_TABLES} ORDER BY s.name
""",
    "columns": f"""{_COLUMNS} WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND x.hidden <> 1
ORDER BY s.name, x.cid
""",
    "keys": """
SELECT 'main', s.name, 'primary', 'primary',
  (SELECT json_group_array(name) FROM (SELECT name FROM pragma_table_xinfo(s.name, 'main') WHERE pk > 0 ORDER BY pk)),
  NULL, NULL, NULL
FROM main.sqlite_schema s
WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND EXISTS (SELECT 1 FROM pragma_table_xinfo(s.name, 'main') WHERE pk > 0)
UNION ALL
SELECT 'main', s.name, l.name, 'unique',
  (SELECT json_group_array(name) FROM (SELECT name FROM pragma_index_info(l.name, 'main') ORDER BY seqno)),
  NULL, NULL, NULL
FROM main.sqlite_schema s, pragma_index_list(s.name, 'main') l WHERE s.type = 'table' AND l.origin = 'u'
UNION ALL
SELECT 'main', s.name, 'foreign ' || f.id, 'foreign',
  (SELECT json_group_array("from") FROM (SELECT "from" FROM pragma_foreign_key_list(s.name, 'main') WHERE id = f.id
   ORDER BY seq)),
  'main', f."table",
  (SELECT json_group_array("to") FROM (SELECT "to" FROM pragma_foreign_key_list(s.name, 'main') WHERE id = f.id
   ORDER BY seq))
FROM main.sqlite_schema s, pragma_foreign_key_list(s.name, 'main') f WHERE s.type = 'table' AND f.seq = 0
""",
    "indexes": """
SELECT 'main', s.name, l.name, coalesce(i.sql, ''), l."unique"
FROM main.sqlite_schema s, pragma_index_list(s.name, 'main') l
JOIN main.sqlite_schema i ON i.type = 'index' AND i.name = l.name
WHERE s.type = 'table' AND l.origin = 'c' ORDER BY s.name, l.name
""",
}

# What ANALYZE left: the first number of each index's statistics is the table's count of rows.
HAS_STATISTICS = "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'"
STATISTICS = "SELECT tbl, max(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 GROUP BY tbl"

# Bare names mean the one schema there is, and SQLite does not say what a view reads: its policy needs neither.
_EMPTY: dict[str, list[tuple[Any, ...]]] = {"visible": [], "dependencies": [], "functions": [], "children": []}

_LINE = re.compile(
    r"^(?P<code>(?:[^'\"\-`\[]|'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\"|`[^`]*`|\[[^\]]*\]|-(?!-))*+)--\s*(?P<comment>.*?)\s*$"
)
_COLUMN = re.compile(r"""^\s*(?:"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|(\w+))""")
_LABELS = re.compile(
    r"""CHECK\s*\(\s*(?:"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|(\w+))\s+IN\s*\(((?:\s*+'(?:[^']|'')*+'\s*+,?)++)\)\s*\)""",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")


def complete(parts: dict[str, list[tuple[Any, ...]]], counts: dict[str, int]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the parts with row counts, and the comments and CHECK … IN labels of each definition."""
    documented = {name: (comments_of(sql), labels_of(sql)) for _, name, _, _, _, sql in parts["relations"] if sql}
    relations = [
        (
            schema,
            name,
            kind,
            counts.get(name),
            documented.get(name, ({}, {}))[0].get(""),
            sql if kind == "view" else None,
        )
        for schema, name, kind, _, _, sql in parts["relations"]
    ]
    columns = []
    for row in parts["columns"]:
        comments, labels = documented.get(row[1], ({}, {}))
        found = labels.get(row[2].lower())
        columns.append((*row[:7], comments.get(row[2].lower()), json.dumps(found) if found else None))
    return {"relations": relations, "columns": columns, **{part: parts[part] for part in ("keys", "indexes")}, **_EMPTY}


def comments_of(sql: str) -> dict[str, str]:
    """Return the comments of a definition by lower-case column name; that of the table by the empty name."""
    found: dict[str, str] = {}
    opened = False
    for line in sql.splitlines():
        match = _LINE.match(line)
        code = match.group("code") if match else line
        comment = match.group("comment") if match else ""
        starts = not opened and "(" in code
        if comment and (starts or (not code.strip() and len(found) == 0)):
            found[""] = comment
        elif comment and opened and (column := _COLUMN.match(code)):
            found.setdefault(next(name for name in column.groups() if name).lower(), comment)
        opened = opened or starts
    return found


def labels_of(sql: str) -> dict[str, list[str]]:
    """Return the texts that a CHECK (column IN ('a', 'b')) allows, by lower-case column name."""
    return {
        next(name for name in match.groups()[:4] if name).lower(): [
            text.replace("''", "'") for text in _LITERAL.findall(match.group(5))
        ]
        for match in _LABELS.finditer(sql)
    }
