"""The table of docs/connect-file.md: every column name that it promises is recognized as it says."""

import re
from pathlib import Path

from vuoro.hris.columns import map_columns
from vuoro.hris.header_words import KNOWN_HEADERS, fold_header
from vuoro.hris.parse import read_table

PAGE = (Path(__file__).parents[3] / "docs" / "connect-file.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| [^|]*`\w+`", line)]


def test_every_column_name_of_the_table_is_known() -> None:
    assert len(ROWS) == 21
    for told, *systems in ROWS:
        field = re.search(r"`(\w+)`", told)[1]
        for name in {one for cell in systems for one in cell.split(", ") if one != "–"}:
            assert KNOWN_HEADERS[fold_header(name).replace(" ", "")][0] == field, name


def test_each_systems_own_columns_fill_a_field_each() -> None:
    for place in range(6):
        names = [row[1 + place].split(", ")[0] for row in ROWS if row[1 + place] != "–"]
        table = read_table((",".join(names) + "\n" + ",".join("x" * len(names)) + "\n").encode())
        found = map_columns(table)
        assert {column.reason for column in found.columns} == {"known_header"}, place
