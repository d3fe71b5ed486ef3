"""An export tells everything of everybody who is wanted, runs nowhere as a formula, and comes back unchanged."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, update

from newsletter.model.exporting import Wanted
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import tables as t
from newsletter.store.people import consent, erasing, exporting
from newsletter.subscribers.exporting import layout_of, plain
from newsletter.subscribers.exporting.formats import ExportFormat, format_of, write_csv, write_json, write_sheet
from newsletter.subscribers.exporting.guarding import guarded
from tests.support.readers import ATTRIBUTES, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.subscribers.exporting import Layout
    from tests.support.readers import Desk

ALL = Wanted()
PEOPLE = """\
email,first_name,last_name,language,timezone,sport,city,age,operated_on,member
ada@example.org,Ada,Lovelace,en,Europe/London,running,"Marylebone, London",36,1852-11-27,yes
bob@example.org,Bob,'t Hooft,de,,,,-1.5,,no
carla@bücher.example,"=HYPERLINK(""http://example.org"")",''=1,,,,+49;=1,0.00001,,
"""


def layout(desk: Desk, name: str | None = None) -> Layout:
    with desk.store.read() as connection:
        stored = exporting.attribute_names(connection)
    return layout_of(tuple(ATTRIBUTES), stored, [name] if name else sorted(desk.lists), one_list=name is not None)


def as_csv(desk: Desk, wanted: Wanted = ALL) -> bytes:
    stream = io.BytesIO()
    with desk.store.read() as connection:
        write_csv(stream, layout(desk, wanted.list_name), exporting.people(connection, wanted))
    return stream.getvalue()


def table(desk: Desk, wanted: Wanted = ALL) -> dict[str, Mapping[str, str]]:
    """Address -> cells by heading."""
    rows = csv.DictReader(io.StringIO(as_csv(desk, wanted).decode(), newline=""))
    return {row["email"]: row for row in rows}


def tag(desk: Desk, name: str, *addresses: str) -> None:
    with desk.store.write() as connection:
        number = connection.execute(
            insert(t.tags).values(key=name.casefold(), name=name, created_at=NOW).returning(t.tags.c.number)
        ).scalar_one()
        for address in addresses:
            connection.execute(insert(t.subscriber_tags).values(tag=number, subscriber=desk.get(address).number))


def test_every_fact_has_its_cell(desk: Desk) -> None:
    desk.import_(PEOPLE)
    desk.import_("email\nada@example.org\n", to="running", agreed=None)
    tag(desk, "VIP", "ada@example.org")
    tag(desk, "=Friends", "ada@example.org")
    desk.suppress("bob@example.org", SuppressionReason.HARD_BOUNCE)
    with desk.store.write() as connection:
        connection.execute(update(t.subscribers).values(joined_at=NOW, tracking=True))
    rows = table(desk)
    moment = "2026-11-22T09:30:00+00:00"
    assert rows["ada@example.org"] == {
        "email": "ada@example.org",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "language": "en",
        "timezone": "Europe/London",
        "sport": "running",
        "city": "Marylebone, London",
        "age": "36",
        "operated_on": "1852-11-27",
        "member": "yes",
        "tags": "'=Friends, VIP",
        "joined_at": moment,
        "known_since": moment,
        "tracking": "yes",
        "suppressed": "",
        "list:news": "subscribed",
        "list:news since": moment,
        "list:running": "pending",
        "list:running since": moment,
    }
    assert rows["bob@example.org"]["suppressed"] == "hard bounce"
    assert rows["bob@example.org"]["list:running"] == ""


def test_one_list_has_its_status_in_one_column(desk: Desk) -> None:
    desk.import_(PEOPLE)
    (row, *_) = table(desk, Wanted(list_name="news")).values()
    assert (row["status"], row["status_since"][:10]) == ("subscribed", "2026-11-22")


def test_only_those_who_are_wanted(desk: Desk) -> None:
    desk.import_(PEOPLE)
    desk.import_("email\nbob@example.org\nzoe@example.org\n", to="running", agreed=None)
    tag(desk, "VIP", "bob@example.org")
    with desk.store.write() as connection:
        number = desk.get("ada@example.org").number
        consent.leave(connection, number, [desk.list_().number], ConsentSource.PAGE, None, NOW)

    def found(wanted: Wanted) -> list[str]:
        with desk.store.read() as connection:
            addresses = [one.subscriber.address for one in exporting.people(connection, wanted)]
            assert exporting.count(connection, wanted) == len(addresses)
        return [address.partition("@")[0] for address in addresses]

    left, pending = SubscriptionStatus.UNSUBSCRIBED, SubscriptionStatus.PENDING
    assert found(ALL) == ["ada", "bob", "carla", "zoe"]
    assert found(Wanted(list_name="running")) == ["bob", "zoe"]
    assert found(Wanted(status=left)) == ["ada"]
    assert found(Wanted(list_name="running", status=left)) == []
    assert found(Wanted(status=pending, tag="vip")) == ["bob"]
    assert found(Wanted(tag="no such")) == []
    assert found(Wanted(list_name="no such")) == []


def test_erased_people_are_in_no_export(desk: Desk) -> None:
    desk.import_(PEOPLE)
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of("ada@example.org"), None, NOW)
    assert [*table(desk)] == ["bob@example.org", "carla@bücher.example"]


def test_pages_join_without_a_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 7)
    addresses = [f"reader{number}@example.org" for number in range(22)]
    desk.import_("email\n" + "\n".join(addresses) + "\n")
    assert [*table(desk)] == addresses


def test_attributes_that_the_settings_do_not_name_any_more_are_told_too(desk: Desk) -> None:
    desk.import_("email,city\nada@example.org,London\n")
    with desk.store.write() as connection:
        connection.execute(update(t.subscribers).values(attributes={"shoe": "42", "status": "=1", "city": "Bath"}))
    (row,) = table(desk).values()
    assert (row["shoe"], row["attribute status"], row["city"]) == ("42", "'=1", "Bath")


@pytest.mark.parametrize("wanted", [ALL, Wanted(list_name="news")])
def test_an_export_imported_again_changes_nothing(desk: Desk, wanted: Wanted) -> None:
    desk.import_(PEOPLE)
    with desk.store.write() as connection:
        joined = NOW + timedelta(days=-3, microseconds=5)
        connection.execute(update(t.subscribers).values(joined_at=joined, last_name="'=1", first_name="'t Hooft"))
    tag(desk, "=VIP", "bob@example.org")
    before = as_csv(desk, wanted)
    report = desk.import_(before)
    assert (report.rows, report.unchanged, report.rejected) == (3, 3, ())
    assert as_csv(desk, wanted) == before


def test_a_person_as_json_has_no_apostrophes(desk: Desk) -> None:
    desk.import_(PEOPLE)
    tag(desk, "VIP", "carla@bücher.example")
    stream = io.BytesIO()
    with desk.store.read() as connection:
        write_json(stream, exporting.people(connection, ALL))
    people = json.loads(stream.getvalue())["subscribers"]
    assert [one["email"] for one in people] == ["ada@example.org", "bob@example.org", "carla@bücher.example"]
    assert people[0]["attributes"]["age"] == 36
    assert people[2]["first_name"].startswith("=HYPERLINK")
    assert people[2]["lists"] == {"news": {"status": "subscribed", "since": "2026-11-22T09:30:00+00:00"}}
    assert people[2]["tags"] == ["VIP"]


def test_nobody_is_an_empty_list(desk: Desk) -> None:
    stream = io.BytesIO()
    with desk.store.read() as connection:
        write_json(stream, exporting.people(connection, ALL))
    assert json.loads(stream.getvalue()) == {"subscribers": []}
    assert as_csv(desk).decode().count("\r\n") == 1


def test_a_sheet_has_texts_and_numbers_and_no_formula(desk: Desk, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    desk.import_(PEOPLE)
    stream = io.BytesIO()
    with desk.store.read() as connection:
        write_sheet(stream, layout(desk), exporting.people(connection, ALL), tmp_path)
    stream.seek(0)
    heading, *rows = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()
    carla = dict(zip(heading, rows[2], strict=True))
    assert carla["first_name"] == '\'=HYPERLINK("http://example.org")'
    assert carla["last_name"] == guarded(desk.get("carla@bücher.example").last_name)
    assert [row[heading.index("age")] for row in rows] == [36, -1.5, 0.00001]
    with ZipFile(stream) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_numbers_have_no_exponent() -> None:
    assert [plain(cell) for cell in (0.00001, 1.5, -3, 12.0, 123456789012345.0)] == [
        *("0.00001", "1.5", "-3", "12.0", "123456789012345.0")
    ]


@pytest.mark.parametrize(("name", "chosen"), [("a.XLSX", "xlsx"), ("a.json", "json"), ("a.csv", "csv"), ("-", "csv")])
def test_the_name_of_the_file_chooses_the_format(name: str, chosen: str) -> None:
    assert format_of(name) is ExportFormat(chosen)
