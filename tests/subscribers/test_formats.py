"""Exports as other systems write them are read without hand work, and nobody becomes subscribed who was not.

The files in exports/ have all columns of the real ones and made-up people.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import OptionUnusable
from newsletter.model.importing import Mark, Standing
from newsletter.model.subscriber import SuppressionReason
from newsletter.subscribers.columns import Kind, columns_of
from newsletter.subscribers.columns.standings import REFUSED
from newsletter.subscribers.exporting import Layout
from newsletter.subscribers.formats import FORMATS, format_of
from newsletter.subscribers.tables import open_table, open_tables
from tests.support.readers import ATTRIBUTES

if TYPE_CHECKING:
    from newsletter.subscribers.columns import Columns
    from newsletter.subscribers.tables import Table

EXPORTS = Path(__file__).parent / "exports"
SUBSCRIBED, PENDING = Mark(standing=Standing.SUBSCRIBED), Mark(standing=Standing.PENDING)
UNSUBSCRIBED, UNSAID = Mark(standing=Standing.UNSUBSCRIBED), Mark()


def suppressed(reason: SuppressionReason) -> Mark:
    return Mark(standing=Standing.SUPPRESSED, reason=reason)


@dataclass
class Export:
    """A table as an import reads it: the person of each row by the part before the @."""

    columns: Columns
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    marks: dict[str, Mark | None] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def read(table: Table) -> Export:
    export = Export(columns_of(table.headings, ATTRIBUTES, sample=table.sample, name=table.name))
    for record in table.records:
        assert not record.fault
        row: dict[str, Any] = {}
        for column in export.columns.known:
            if column.kind is not Kind.STATUS and (cell := record.cells[column.index].strip()):
                row[column.field] = column.read(cell)
        who = row.pop("email", "@").partition("@")[0]
        export.people[who] = row
        try:
            export.marks[who] = export.columns.mark(record.cells) if export.columns.mark else None
        except ValueError as why:
            export.refused[who] = str(why)
    return export


def exported(name: str) -> Export:
    with open_table(EXPORTS / name) as table:
        return read(table)


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        *((f"mailchimp/{path.name}", "mailchimp") for path in sorted((EXPORTS / "mailchimp").iterdir())),
        ("sendgrid-contacts.csv", "sendgrid"),
        ("listmonk.csv", "listmonk"),
        ("email_list.larkmeadow.csv", "substack"),
        ("substack-dashboard.csv", "substack"),
        ("members.2026-11-20.csv", "ghost"),
        ("buttondown.csv", "buttondown"),
    ],
)
def test_each_export_is_recognised_by_its_headings_alone(name: str, format_: str) -> None:
    with open_table(EXPORTS / name) as table:
        found = format_of(table.headings)
        assert found is FORMATS[format_]
        assert columns_of(table.headings, ATTRIBUTES, sample=table.sample, name="renamed.csv").format == format_


def test_mailchimp_says_by_the_names_of_its_files_how_people_stand(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "audience_export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (EXPORTS / "mailchimp").iterdir():
            archive.write(path, path.name)
    marks: dict[str, Mark | None] = {}
    with open_tables(tmp_path / "audience_export.zip") as tables:
        for table in tables:
            marks |= read(table).marks
    assert marks == {
        "ada": SUBSCRIBED,
        "bob": SUBSCRIBED,
        "cleo": UNSUBSCRIBED,
        "dan": suppressed(SuppressionReason.HARD_BOUNCE),
        "eve": PENDING,
    }


def test_mailchimps_columns_in_the_words_of_its_owner() -> None:
    export = exported("mailchimp/subscribed_email_audience_export_0a1b2c3d4e.csv")
    assert export.people["ada"] == {
        "first_name": "Ada",
        "last_name": "King",
        "city": "Köln",
        "joined_at": datetime(2024, 3, 4, 5, 8, tzinfo=UTC),
        "ip": "192.0.2.7",
        "timezone": "Europe/Berlin",
        "tags": ("VIP", "Spring 2024"),
    }
    assert export.people["bob"]["timezone"] == "", "a zone that is none says nothing, and rejects nobody"
    assert "NOTES" in export.columns.ignored
    assert export.columns.described[0].startswith("This is an export of Mailchimp. The file's name says")


@pytest.mark.parametrize(
    ("of", "name", "mark"),
    [
        ("subscribed", "Audience.csv", None),
        ("nonsubscribed", "Audience.csv", None),
        ("unsubscribed", "Audience.csv", UNSUBSCRIBED),
        ("cleaned", "Audience.csv", suppressed(SuppressionReason.HARD_BOUNCE)),
        ("cleaned", "subscribed_email_audience_export_1.csv", suppressed(SuppressionReason.HARD_BOUNCE)),
        ("unsubscribed", "subscribed_email_audience_export_1.csv", UNSUBSCRIBED),
        ("subscribed", "subscribed_members_export_0a1b2c.csv", SUBSCRIBED),
        ("subscribed", "Subscribed_email_audience_export_0a1b2c (1).csv", SUBSCRIBED),
    ],
)
def test_a_mailchimp_file_of_another_name_is_believed_no_more_than_its_columns(
    of: str, name: str, mark: Mark | None
) -> None:
    with open_table(EXPORTS / "mailchimp" / f"{of}_email_audience_export_0a1b2c3d4e.csv") as table:
        columns = columns_of(table.headings, ATTRIBUTES, sample=table.sample, name=name)
    assert (columns.mark(["x"] * columns.width) if columns.mark else None) == mark
    assert ("Give it the name back" in columns.described[0]) == (name == "Audience.csv")


def test_sendgrids_contacts_say_nothing_of_statuses_and_some_have_no_address() -> None:
    export = exported("sendgrid-contacts.csv")
    assert export.columns.mark is None
    assert export.people["ada"] == {
        "first_name": "Ada",
        "last_name": "King",
        "city": "London",
        "age": 61,
        "joined_at": datetime(2026, 5, 1, 10, tzinfo=UTC),
    }
    assert "" in export.people
    assert "newsletter suppressions import" in export.columns.described[0]


def test_listmonks_attributes_and_statuses() -> None:
    export = exported("listmonk.csv")
    assert export.people["ada"] == {
        "name": ("Ada Augusta", "King"),
        "attributes": {"city": "London", "age": 61},
        "joined_at": datetime(2026, 11, 2, 10, 11, 12, tzinfo=UTC),
    }
    assert export.people["cleo"]["name"] == ("Cleo", "van der Berg")
    assert export.people["cleo"]["attributes"] == {"member": True}
    assert export.marks == {"ada": UNSAID, "bob": PENDING, "cleo": suppressed(SuppressionReason.BY_HAND)}


def test_substacks_list_and_the_people_that_it_erased() -> None:
    export = exported("email_list.larkmeadow.csv")
    assert export.marks == {"ada": SUBSCRIBED, "bob": UNSUBSCRIBED, "cleo": PENDING}
    assert export.refused == {"1234567": "this person asked Substack to be erased, and is not imported"}
    assert export.people["ada"] == {"joined_at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)}
    dashboard = exported("substack-dashboard.csv")
    assert dashboard.marks == {"ada": UNSAID}
    assert dashboard.people["ada"]["name"] == ("Ada", "King")


def test_ghosts_members_and_its_guard_against_formulas() -> None:
    export = exported("members.2026-11-20.csv")
    assert export.marks == {"ada": SUBSCRIBED, "+bob": UNSUBSCRIBED, "cleo": PENDING, "dan": UNSUBSCRIBED}
    assert export.people["ada"] == {
        "name": ("=Ada", "King"),
        "tags": ("VIP", "Spring 2024"),
        "joined_at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    }


def test_buttondowns_types() -> None:
    export = exported("buttondown.csv")
    assert export.marks == {
        "ada": SUBSCRIBED,
        "bob": UNSUBSCRIBED,
        "cleo": suppressed(SuppressionReason.HARD_BOUNCE),
        "dan": PENDING,
        "eve": suppressed(SuppressionReason.BY_HAND),
        "fay": suppressed(SuppressionReason.COMPLAINT),
        "gus": SUBSCRIBED,
        "hal": PENDING,
    }
    assert export.people["ada"] == {
        "attributes": {"city": "London"},
        "tags": ("VIP", "Spring 2024"),
        "joined_at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "ip": "203.0.113.9",
    }
    assert export.people["bob"]["left_at"] == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        ({"status": "subscribed"}, SUBSCRIBED),
        ({"status": "unsubscribed"}, UNSUBSCRIBED),
        ({"status": "pending"}, PENDING),
        ({"status": ""}, PENDING),
        ({"status": "subscribed", "suppressed": "complaint"}, suppressed(SuppressionReason.COMPLAINT)),
        ({"status": "", "suppressed": "left everything"}, suppressed(SuppressionReason.LEFT_EVERYTHING)),
    ],
)
def test_what_this_program_exported_comes_back_as_it_was(cells: dict[str, str], mark: Mark) -> None:
    headings = Layout(attributes=("city", "status"), lists=("news",), one_list=True).headings
    columns = columns_of(headings, ATTRIBUTES)
    assert columns.format == "newsletter"
    assert columns.mark is not None
    assert columns.mark([cells.get(heading, "") for heading in headings]) == mark
    address = next(column for column in columns.known if column.kind is Kind.ADDRESS)
    assert address.read("'=ada@example.org") == "=ada@example.org"


def test_of_an_export_of_several_lists_nobody_is_taken_for_subscribed() -> None:
    headings = Layout(attributes=(), lists=("news", "running"), one_list=False).headings
    columns = columns_of(headings, ATTRIBUTES)
    assert columns.mark is not None
    assert columns.mark(["subscribed"] * 9 + [""] * 5) != SUBSCRIBED


def test_a_person_may_say_the_format_or_that_it_is_none() -> None:
    with pytest.raises(
        OptionUnusable,
        match="--format: this is no export of Ghost as we know them: it has no column `subscribed_to_emails`",
    ):
        columns_of(["email"], ATTRIBUTES, format_=FORMATS["ghost"])
    with open_table(EXPORTS / "listmonk.csv") as table:
        columns = columns_of(table.headings, ATTRIBUTES, format_=FORMATS["plain"])
    assert (columns.format, columns.described[0][:19]) == ("plain", "The column `status`")


def test_a_given_status_makes_the_mark_of_a_format_only_graver() -> None:
    with open_table(EXPORTS / "sendgrid-contacts.csv") as table:
        columns = columns_of([*table.headings, "Ok"], ATTRIBUTES, given={"Ok": "status"})
    assert columns.mark is not None
    assert columns.mark([*[""] * 22, "yes"]) == SUBSCRIBED
    with open_table(EXPORTS / "buttondown.csv") as table:
        columns = columns_of([*table.headings, "Ok"], ATTRIBUTES, given={"Ok": "status"})
        (ada, bob, *_) = (record.cells for record in table.records)
    assert columns.mark is not None
    assert [columns.mark([*cells, ok]) for cells in (ada, bob) for ok in ("yes", "no")] == [
        SUBSCRIBED,
        REFUSED,
        *[UNSUBSCRIBED] * 2,
    ]


def test_who_gave_mailchimp_no_permission_is_pending_and_copies_keep_their_standing() -> None:
    headings = ["Email Address", "Marketing Permissions", "OPTIN_TIME", "LEID", "EUID"]
    columns = columns_of(headings, ATTRIBUTES, name="Copy of subscribed_email_audience_export_1a.csv")
    assert columns.mark is not None
    assert columns.mark(["a@example.org", "Email", "", "", ""]) == SUBSCRIBED
    assert columns.mark(["a@example.org", " ", "", "", ""]) == PENDING
    never = columns_of(headings, ATTRIBUTES, name="Kopie von nonsubscribed_email_audience_export_1a.csv")
    assert never.mark is not None
    assert never.mark(["a@example.org", "Email", "", "", ""]) == PENDING
