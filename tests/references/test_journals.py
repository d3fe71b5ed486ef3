"""Journals by any of their names; slips; the list of the National Library of Medicine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.model.journal import journal_key
from newsletter.references.journals.nlm import read_nlm, table_text
from newsletter.references.journals.slips import is_slip
from newsletter.references.journals.table import FILE_NAME, HEAD, Journals, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.journal import Journal

NLM = """\
--------------------------------------------------------
JrId: 1
JournalTitle: Zeta papers : official journal of made up things
MedAbbr: Zeta Pap
ISSN (Print): 1234-5678
ISSN (Online): 2345-678X
IsoAbbr: Zeta Pap.
NlmId: 0000001
--------------------------------------------------------
JrId: 2
JournalTitle: Acta of imagined joints (Springfield)
MedAbbr: Acta Imag Joints
ISSN (Print):
ISSN (Online):
IsoAbbr: Acta Imag. Joints
NlmId: 0000002
--------------------------------------------------------
"""


def imported(folder: Path, text: str) -> Journals:
    found, _ = read_nlm(text)
    (folder / FILE_NAME).write_text(table_text(found), "utf-8")
    return Journals(folder)


def test_every_line_of_our_table_is_whole_and_in_order() -> None:
    rows = shipped().rows
    keys = [journal_key(row[0]) for row in rows]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    abbreviations = {row[1] for row in rows}
    assert len(abbreviations) == len(rows)
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert {former for row in rows for former in [*row, *[""] * 5][4].split("; ") if former} <= abbreviations


def test_a_name_means_one_journal() -> None:
    """No abbreviation and no other name is the title of a different journal."""
    table = shipped()
    for number, row in enumerate(table.rows):
        for name in (row[0], row[1], *([*row, *[""] * 5][3].split("; "))):
            if name:
                assert table.exact[journal_key(name)] == number, name


@pytest.mark.parametrize(
    ("name", "abbreviation"),
    [
        ("The American Journal of Sports Medicine", "Am J Sports Med"),
        ("american journal of sports medicine", "Am J Sports Med"),
        ("Am. J. Sports Med.", "Am J Sports Med"),
        ("AJSM", "Am J Sports Med"),
        ("Bone and Joint Journal", "Bone Joint J"),
        ("The Journal of Bone and Joint Surgery", "J Bone Joint Surg Am"),
        ("Journal of Bone & Joint Surgery, American Volume", "J Bone Joint Surg Am"),
        ("J Bone Joint Surg Br", "J Bone Joint Surg Br"),
        ("Arthroscopy", "Arthroscopy"),
        ("Spine", "Spine (Phila Pa 1976)"),
        ("Journal of Orthopedic Research", "J Orthop Res"),
        ("Deutsches Arzteblatt international", "Dtsch Arztebl Int"),
        ("Lancet Oncology", "Lancet Oncol"),
        ("PM&R", "PM R"),
        ("Knee surgery, sports traumatology, arthroscopy", "Knee Surg Sports Traumatol Arthrosc"),
    ],
)
def test_a_journal_is_found_by_any_of_its_names(name: str, abbreviation: str) -> None:
    journal = Journals().named(name)
    assert journal is not None
    assert journal.abbreviation == abbreviation


@pytest.mark.parametrize("name", ["", "The", "Springfield", "Journal", "Journal of", "of the", "\u202e", "x" * 100_000])
def test_other_words_are_no_journal(name: str) -> None:
    assert Journals().named(name) is None
    assert Journals().nearly(name) is None


def test_two_journals_are_one_where_one_followed_the_other() -> None:
    known = Journals()

    def journal(name: str) -> Journal:
        found = known.named(name)
        assert found is not None
        return found

    assert journal("Bone Joint J").is_same(journal("J Bone Joint Surg Br"))
    assert journal("J Bone Joint Surg Br").is_same(journal("Bone Joint J"))
    assert not journal("Bone Joint J").is_same(journal("J Bone Joint Surg Am"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Amercian Journal of Sports Medicine", "Am J Sports Med"),
        ("The Bone & Joint Jornal", "Bone Joint J"),
        ("Journal of Bone and Joint Surgey", "J Bone Joint Surg Am"),
        ("British Journal of Sports Medecine", "Br J Sports Med"),
        ("American Journal of Sports Medicine", None),
        ("Malaysian Journal of Sports Medicine", None),
        ("International Journal of Radiology", None),
        ("Amercian Jornal of Sports Medicine", None),
        ("Bone Jurnal", None),
    ],
)
def test_one_slip_in_one_word_is_understood(written: str, meant: str | None) -> None:
    found = Journals().nearly(written)
    assert (found.abbreviation if found else None) == meant


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("surgrey", "surgery", True),
        ("surgey", "surgery", True),
        ("cardiology", "radiology", False),
        ("bnoe", "bone", False),
    ],
)
def test_what_a_slip_is(word: str, known: str, expected: bool) -> None:
    assert is_slip(word, known) is expected


def test_the_list_of_the_nlm_becomes_a_table_in_the_order_of_the_alphabet(tmp_path: Path) -> None:
    found, broken = read_nlm(NLM)
    assert broken == []
    assert table_text(found).splitlines() == [
        HEAD,
        "Acta of imagined joints (Springfield)\tActa Imag Joints",
        "Zeta papers : official journal of made up things\tZeta Pap\t1234-5678 2345-678X",
    ]
    known = imported(tmp_path, NLM)
    assert len(known) == len(Journals()) + 2
    for name in ("zeta pap", "Zeta Papers", "Zeta Papers: Official Journal of Made Up Things"):
        journal = known.named(name)
        assert journal is not None
        assert journal.issns == ("1234-5678", "2345-678X")
    meant = known.nearly("Acta of imagned joints Springfield")
    assert meant is not None


def test_one_broken_record_costs_no_other() -> None:
    text = (
        NLM.replace("MedAbbr: Zeta Pap\n", "") + "JrId: 3\nJournalTitle: Third papers\nMedAbbr: Third Pap\nwhatever\n"
    )
    found, broken = read_nlm(text)
    assert [one.abbreviation for one in found] == ["Acta Imag Joints"]
    assert [str(one) for one in broken] == [
        "line 2: `Zeta papers : official journal of made up things` has no MedAbbr",
        "line 17: `whatever` is no field of a journal",
    ]


@pytest.mark.parametrize(
    "text", ["", "hello", "----\n" * 10_000, "JournalTitle: \u202e\u0000\nMedAbbr: \t", "\x00" * 1000]
)
def test_what_is_no_list_has_no_journals(text: str) -> None:
    assert read_nlm(text)[0] == []


def test_a_first_part_that_two_journals_share_means_neither(tmp_path: Path) -> None:
    second = "JrId: 3\nJournalTitle: Zeta papers : of another house\nMedAbbr: Zeta Pap House\n"
    assert imported(tmp_path, NLM + second).named("Zeta papers") is None


def test_ours_is_enough_where_the_workspaces_table_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\x00junk\n\t\t\nonly one cell\n")
    assert Journals(tmp_path).named("Bone Joint J") is not None
    assert Journals(tmp_path / "nowhere").named("Bone Joint J") is not None
