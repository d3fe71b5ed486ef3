"""What the workspace knows beyond a record, filled in before it is printed."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.model.notice import Notice, NoticeKind
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.references import format_entries
from newsletter.references.completing import completed
from newsletter.references.journals.table import Journals

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "Walking",
    "container-title": "British Journal of Sports Medicine",
    "volume": "7",
    "page": "1-2",
    "DOI": "10.1234/one",
}


class Table:
    def __init__(self, kind: NoticeKind, text: str = "Error in Data; doi:10.1234/notice") -> None:
        self.told = Notice(kind=kind, text=text, source="Retraction Watch")

    def notice(self, doi: str, pmid: str) -> Notice | None:
        del pmid
        return self.told if doi == "10.1234/one" else None


def reference(**fields: Any) -> Reference:
    csl = {**ARTICLE, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return Reference(key="one", csl={name: value for name, value in csl.items() if value}, at=Place(file="a"))


@pytest.mark.parametrize(
    ("fields", "short"),
    [
        ({}, "Br J Sports Med"),
        ({"container_title": "THE BONE & JOINT JOURNAL"}, "Bone Joint J"),
        ({"container_title_short": "BJSM"}, "BJSM"),
        ({"container_title": "Journal of Examples"}, None),
        # American Volume or British
        ({"container_title": "Journal of Bone and Joint Surgery"}, None),
        ({"type": "book"}, None),
    ],
)
def test_the_abbreviation_of_a_journal_is_filled_in_where_there_is_no_doubt(
    fields: dict[str, Any], short: str | None
) -> None:
    assert completed(reference(**fields), Journals()).csl.get("container-title-short") == short


@pytest.mark.parametrize(
    ("table", "fields", "words"),
    [
        (Table(NoticeKind.RETRACTION), {}, "Retracted in: doi:10.1234/notice."),
        (Table(NoticeKind.RETRACTION, "Error in Data; doi:10.1234/ONE"), {}, "Retracted."),
        (Table(NoticeKind.CONCERN, "Error in Data"), {}, "Expression of concern."),
        (Table(NoticeKind.CORRECTION), {}, ""),
        (Table(NoticeKind.REINSTATEMENT), {}, ""),
        (Table(NoticeKind.RETRACTION), {"DOI": "10.1234/other"}, ""),
        # PubMed's own words come first
        (
            Table(NoticeKind.RETRACTION),
            {"custom": {"notices": [{"kind": "retraction", "text": "Lancet. 2010;375:445."}]}},
            "Retracted in: Lancet. 2010;375:445.",
        ),
        (
            Table(NoticeKind.RETRACTION),
            {"custom": {"publication-types": ["Retracted Publication"]}},
            "Retracted in: doi:10.1234/notice.",
        ),
        (Table(NoticeKind.CONCERN), {"custom": {"publication-types": ["Retracted Publication"]}}, "Retracted."),
    ],
)
def test_readers_are_told_what_the_table_says(table: Table, fields: dict[str, Any], words: str) -> None:
    before = reference(**fields)
    (entry,) = format_entries([completed(before, Journals(), table)], "ama", "en")
    assert entry.text.removesuffix(f" doi:{before.csl['DOI']}").partition("7:1-2.")[2].strip() == words
    assert before == reference(**fields), "the record itself stays as it is"
