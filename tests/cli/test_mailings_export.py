"""`mailings export`: every delivery as a table or as JSON, for its owner's eyes."""

from __future__ import annotations

import csv
import io
import json
import stat
from typing import TYPE_CHECKING

import click
import pytest

from newsletter.model.event import Fate
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.store import tables as t
from newsletter.store.people import erasing
from tests.support.mailing import BEGIN
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.operator import Operator

LOST = Answer(verdict=Verdict.UNCERTAIN, detail="no answer came", provider_id="=1+1")
BLAMED = Answer(verdict=Verdict.ACCEPTED, blamed={2: '=HYPERLINK("https://example.org")'})


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def sent(operator: Operator) -> Operator:
    operator.sent(7, BLAMED, LOST)
    with operator.store.write() as connection:
        connection.execute(t.fates.insert().values(mailing=1, n=1, fate=Fate.HARD_BOUNCE, reason="@cmd", at=BEGIN))
    return operator


def test_who_got_it_who_did_not_and_why(sent: Operator) -> None:
    first, second, _, fourth, *_, last = rows(sent.reads("mailings", "export", "1"))
    assert (first["delivery"], first["email"], first["outcome"]) == ("1", "reader0001@example.org", "accepted")
    assert (first["sender"], first["fate"], first["fate_at"]) == ("scripted", "hard bounce", BEGIN.isoformat())
    assert (second["outcome"], second["reason"]) == ("refused", '\'=HYPERLINK("https://example.org")')
    assert (fourth["outcome"], fourth["reason"], fourth["handed_over_at"]) == (
        *("uncertain", "no answer came"),
        BEGIN.isoformat(),
    )
    assert (last["delivery"], last["outcome"], last["reason"]) == ("7", "accepted", "")


def test_no_cell_is_a_formula(sent: Operator) -> None:
    cells = [cell for row in rows(sent.reads("mailings", "export", "1")) for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t"}]
    assert {"'=1+1", "'@cmd"} <= {*cells}


def test_only_some_outcomes(sent: Operator) -> None:
    words = ("mailings", "export", "1", "--outcome")
    assert {row["delivery"] for row in rows(sent.reads(*words, "refused"))} == {"2"}
    both = rows(sent.reads(*words, "refused", "--outcome", "uncertain"))
    assert [row["delivery"] for row in both] == ["2", "4", "5", "6"]
    assert rows(sent.reads(*words, "cancelled")) == []


def test_a_file_is_for_its_owner_alone_and_nothing_is_replaced(sent: Operator, tmp_path: Path) -> None:
    out = tmp_path / "mailing.csv"
    said = sent.reads("mailings", "export", "1", "--out", str(out))
    assert said == f"Wrote 7 deliveries to {out}. It holds readers' data: delete it when it has served.\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert len(rows(out.read_text("utf-8"))) == 7
    with pytest.raises(click.UsageError):
        sent.types("mailings", "export", "1", "--out", str(out))


@pytest.mark.parametrize("name", ["mailing.json", "mailing.JSON"])
def test_json_has_the_same_without_guarding(name: str, sent: Operator, tmp_path: Path) -> None:
    out = tmp_path / name
    assert sent.json("mailings", "export", "1", "--out", str(out)) == {
        "file": str(out),
        "format": "json",
        "deliveries": 7,
    }
    document = json.loads(out.read_text("utf-8"))
    assert document == sent.json("mailings", "export", "1")
    assert document["mailing"] == 1
    first, second, *_ = document["deliveries"]
    assert (first["fate"], first["fate_reason"], second["reason"]) == ("hard bounce", "@cmd", BLAMED.blamed[2])


def test_nobody_at_all_is_an_empty_table_and_valid_json(sent: Operator) -> None:
    assert sent.json("mailings", "export", "1", "--outcome", "cancelled") == {"mailing": 1, "deliveries": []}


def test_of_who_was_erased_there_is_no_address(sent: Operator) -> None:
    with sent.store.write() as connection:
        erasing.erase(connection, hash_of("reader0003@example.org"), "reader0003@example.org", NOW)
    third = rows(sent.reads("mailings", "export", "1"))[2]
    assert (third["delivery"], third["email"], third["outcome"]) == ("3", "", "accepted")


def test_its_outcomes_are_those_of_the_sum(sent: Operator) -> None:
    counted = {
        outcome: len(rows(sent.reads("mailings", "export", "1", "--outcome", outcome.value))) for outcome in Outcome
    }
    assert {outcome: count for outcome, count in counted.items() if count} == sent.desk.tally(1).outcomes
