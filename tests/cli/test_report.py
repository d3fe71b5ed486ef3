"""`newsletter report`: what staff see, and what programs read."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import click
import pytest

from newsletter.cli.report import command
from newsletter.cli.show import display_width
from newsletter.errors import MailingNotFound, NothingToReport
from tests.support.mailing import BEGIN
from tests.support.reported import ReportedDesk

if TYPE_CHECKING:
    from tests.support.operator import Operator

#: what a page may hold of the outside
_OUTSIDE = ("<script", "src=", "href=", "url(", "@import")


@pytest.fixture
def reported(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Mailing 1 to 60 readers, of which everything was reported."""
    monkeypatch.setattr(command, "now", lambda: BEGIN + timedelta(days=9))
    operator.desk = desk = ReportedDesk.of(operator.desk)
    desk.people(60, tracked=30)
    number = desk.went("walking", size=20)
    desk.all_kinds(number, 60)
    desk.left(number, 7, "too_often", "Too many of these, says <b>Ada</b>")
    desk.corrected("walking", "The study had 120 patients, <i>not</i> 210.")
    return operator


def test_the_terminal_shows_everything_in_80_columns(reported: Operator) -> None:
    for what in ("walking", "news"):
        said = reported.reads("report", what)
        assert max(map(display_width, said.splitlines())) <= 80
        assert "What is not known" in said
        assert "Delivered" in said
        assert "@" not in said.replace("behind the @", "")


def test_an_issue_means_its_newest_mailing(reported: Operator) -> None:
    assert reported.json("report", "walking")["mailing"] == 1
    desk = reported.desk
    assert isinstance(desk, ReportedDesk)
    with desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE issue_readers SET again_serial = 9")
    second = desk.went("walking", at=BEGIN + timedelta(days=1))
    assert reported.json("report", "walking")["mailing"] == second


def test_a_list_and_an_issue_of_the_same_name_are_told_apart(reported: Operator) -> None:
    desk = reported.desk
    assert isinstance(desk, ReportedDesk)
    desk.went("news")
    assert "mailing" in reported.json("report", "news")
    assert reported.json("report", "news", "--list")["list"] == "news"


def test_an_unknown_name_is_answered_with_the_nearest(reported: Operator) -> None:
    with pytest.raises(NothingToReport) as told:
        reported.reads("report", "wolking")
    assert told.value.nearest == "walking"
    with pytest.raises(MailingNotFound):
        reported.reads("report", "77")


def test_the_page_needs_nothing_else_and_takes_no_text_for_markup(reported: Operator) -> None:
    page = reported.reads("report", "walking", "--html", "-")
    assert page.startswith("<!doctype html>")
    assert not [one for one in _OUTSIDE if one in page]
    assert "&lt;i&gt;not&lt;/i&gt;" in page
    assert "Ada" not in page
    assert page.count("<svg") == page.count("<desc") >= 6


def test_files_are_new_and_for_their_owner_alone(reported: Operator) -> None:
    file = reported.folder / "walking.html"
    reported.types("report", "walking", "--html", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(click.UsageError, match="is there already"):
        reported.types("report", "walking", "--html", str(file))


def test_csv_and_json_have_each_number(reported: Operator) -> None:
    rows = [*csv.DictReader(io.StringIO(reported.reads("report", "1", "--csv", "-")))]
    told = {(row["section"], row["row"], row["column"]): (row["value"], row["of"]) for row in rows}
    assert len(told) == len(rows)
    assert told["sum", "audience", "readers"] == ("60", "")
    assert told["fates", "came back for good (hard bounce)", "mails"] == ("2", "60")
    again = reported.json("report", "1")
    assert again["sections"]["sum"]["rows"][-1] == {"outcome": "audience", "readers": 60}
    assert again["not_known"]
    assert again["numbers"]["outcomes"]["accepted"] == 60
    assert again["numbers"]["sum_holds"] is True


def test_months_of_a_list_are_chosen(reported: Operator) -> None:
    told = reported.json("report", "news", "--since", "2026-11", "--until", "2026-12")
    assert [row["month"] for row in told["sections"]["growth"]["rows"]] == ["2026-11", "2026-12"]


def test_what_makes_no_sense_is_a_matter_of_usage(reported: Operator) -> None:
    for asked in (
        ("news", "--since", "November"),
        ("news", "--since", "2026-13"),
        ("news", "--since", "2026-12", "--until", "2026-11"),
        ("news", "--since", "1990-01"),
        ("walking", "--since", "2026-11"),
        ("walking", "--json", "--html", "-"),
    ):
        with pytest.raises(click.UsageError):
            reported.types("report", *asked)
