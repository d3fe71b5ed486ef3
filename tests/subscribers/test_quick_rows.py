"""The fast way of reading rows gives what the thorough way gives, whatever stands in the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.columns import columns_of
from newsletter.subscribers.importing.public_ids import PublicIds
from newsletter.subscribers.importing.quick_rows import QuickRows
from newsletter.subscribers.importing.repeats import Repeats
from newsletter.subscribers.importing.rows import RowRefused, read_row
from newsletter.subscribers.importing.runs import Run, rows_of
from newsletter.subscribers.tables import Batch
from tests.subscribers.test_any_cells import TEXT
from tests.support.readers import ATTRIBUTES, KEYS, NOW

if TYPE_CHECKING:
    from newsletter.model.importing import Row

HEADINGS = (
    "email",
    "name",
    "Language",
    "sport",
    "city",
    "age",
    "member",
    "tags",
    "status",
    "joined_at",
    "left_at",
    "ip",
    "notes",
)
ADDRESS = st.sampled_from(
    [
        "Ada@Example.org",
        " ada@example.org ",
        "ada@bücher.example",
        "x@BÜCHER.example",
        "jörg@example.org",
        "ada",
        "",
        "a@b",
    ]
)
CELLS = st.tuples(
    ADDRESS | TEXT,
    st.sampled_from(["Ada King", "King, Ada", ""]) | TEXT,
    st.sampled_from(["de", "klingon", ""]) | TEXT,
    st.sampled_from(["running", "NORDIC WALKING", "chess", ""]),
    st.sampled_from(["Köln", "x" * 401, ""]) | TEXT,
    st.sampled_from(["61", "61.0", "old", ""]),
    st.sampled_from(["yes", "perhaps", ""]),
    st.sampled_from(["a, b", "vip", "x" * 70, ""]) | TEXT,
    st.sampled_from(["subscribed", "bounced", ""]) | TEXT,
    st.sampled_from(["2024-05-01", "2031-01-01", "soon", ""]),
    st.sampled_from(["2024-05-01 10:00", ""]),
    st.sampled_from(["203.0.113.9", "nonsense", ""]),
    TEXT,
)
ROW = CELLS.map(list) | CELLS.flatmap(lambda cells: st.integers(1, 16).map(lambda n: [*cells, "", "x", ""][:n]))


@given(rows=st.lists(ROW, max_size=8))
def test_the_fast_way_and_the_thorough_way_agree(rows: list[list[str]]) -> None:
    columns = columns_of(HEADINGS, ATTRIBUTES)
    lines = [*range(2, 2 + len(rows))]
    refused: dict[int, str] = {}
    reader = QuickRows(columns, KEYS.identity_hashes, Repeats(), NOW)
    read = reader.read(Batch(lines=lines, rows=rows), lambda line, _cells, why: refused.update({line: why}))
    quick = {row.line: row._replace(cells=(), tags=tuple(row.tags)) for row in rows_of(read, reader.layout)}
    thorough: dict[int, Row] = {}
    reasons: dict[int, str] = {}
    for line, cells in zip(lines, rows, strict=True):
        try:
            thorough[line] = read_row(line, cells, columns, KEYS.identity_hash, NOW)._replace(cells=())
        except RowRefused as why:
            reasons[line] = str(why)
    assert refused == reasons
    assert quick == thorough


@given(
    hashes=st.lists(st.binary(min_size=16, max_size=16).map(bytes.hex), max_size=60),
    batch=st.integers(1, 20),
    parts=st.integers(1, 4),
)
def test_a_run_hands_everything_out_in_order(hashes: list[str], batch: int, parts: int) -> None:
    from newsletter.subscribers.importing import runs

    before = runs._SPILL
    runs._SPILL = 20
    try:
        run = Run(batch)
        rows = [(identity_hash, line) for line, identity_hash in enumerate(hashes)]
        for part in range(parts):
            run.add(rows[part::parts])
        batches = [*run.batches()]
        run.close()
    finally:
        runs._SPILL = before
    found = [tuple(row) for one in batches for row in one.rows]
    assert sorted(found) == sorted(rows)
    if len(rows) > batch:
        assert found == sorted(found)
    for one in batches:
        assert all(one.first <= int(row[0][:2], 16) <= one.last for row in one.rows)


@given(count=st.integers(0, 50), first=st.integers(0, 255), width=st.integers(0, 60))
def test_public_ids_are_random_and_nearly_in_order(count: int, first: int, width: int) -> None:
    last = min(255, first + width)
    made = PublicIds()
    ids = made.ascending(count, first, last)
    assert len({*ids}) == count
    assert all(len(one) == 32 and one == one.lower() and int(one, 16) >= 0 for one in ids)
    heads = [(int(one[:2], 16) - made._distance) % 256 for one in ids]
    assert heads == sorted(heads)
    assert all(first <= head <= last for head in heads)
