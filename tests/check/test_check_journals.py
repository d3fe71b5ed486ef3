"""Journals in the text against the references, and slips in their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.evidence import journals, named, recent, years
from tests.check.papers import problems, told

if TYPE_CHECKING:
    from pathlib import Path
RULES = (*years.RULES, *recent.RULES, *named.RULES, *journals.RULES)
JOURNAL = "citation-journal-differs"
SLIP = "journal-name-misspelled"

HARMLESS = (
    "The paper was published in *The American Journal of Sports Medicine* in April 2012 [@hale2012].",
    "A study in the American Journal of Sports Medicine found it [@hale2012].",
    "A study in Am J Sports Med found it [@hale2012].",
    "An AJSM study found it [@hale2012].",
    "It was published in Knee Surgery, Sports Traumatology, Arthroscopy [@berg2014].",
    "It was published in The Bone and Joint Journal in 2019 [@moreau2019].",
    "It was published in *The Journal of Bone and Joint Surgery* [@us2006].",
    "It was published in *The Journal of Bone and Joint Surgery* [@old2005].",
    "It was published in the Bone & Joint Journal, then called the British JBJS [@old2005].",
    "It was published in JBJS [@us2006].",
    "It was published in the Journal of Made Up Papers [@made2022].",
    "It was published in Osteoarthritis & Cartilage [@ito2024].",
    "Pain, Spine and Nature are words, not journals [@hale2012].",
    "Spine surgery is another matter [@hale2012].",
    "The Knee is a joint that bends [@hale2012].",
    "Our Department of Physical Medicine and Rehabilitation agrees [@hale2012].",
    "The Center for Foot and Ankle Surgery in Springfield agrees [@hale2012].",
    "Sports Medicine has changed [@hale2012].",
    "The Malaysian Journal of Hand Surgery Letters is another one [@hale2012].",
    "A study in the HSS Journal found it [@keller2020].",
    "A study in the American Journal of Sports Medicine agrees with one in the Bone & Joint Journal [@hale2012; @moreau2019].",
    "Stem Cells are cells [@hale2012].",
    "He works in Science [@hale2012].",
    "The American Journal of Sports Medicine has a page for patients.",
    "The British Journal of Sports Medicine, volume 40, has it too.",
    "The European Journal of Orthopaedic Surgery & Traumatology is read by many.",
    "The International Journal of Sports Medicine and the Journal of Sport Rehabilitation are others.",
    "According to a 2019 study in The Bone & Joint Journal, most can walk [@moreau2019].",
    "In the November 2019 issue of The Bone & Joint Journal, a team says so [@moreau2019].",
    "A study published Nov. 2019 in The Bone & Joint Journal says so [@moreau2019].",
    "An article in the Journal of Bone and Joint Surgery (June 2006) says so [@us2006].",
    "The Bone & Joint Journal published a study of stairs [@moreau2019].",
    "Am. J. Sports Med. has it [@hale2012].",
    "Nature walks helped the runners of the study [@hale2012].",
    "Heart disease, Stroke and Obesity are the subject of the report [@hale2012].",
    "The Department of Orthopaedic Surgery in Lille made the study [@hale2012].",
    "The American Academy of Orthopaedic Surgeons agrees with the paper [@hale2012].",
    "The American Orthopaedic Society for Sports Medicine agrees [@hale2012].",
    "Sports Medicine and Rehabilitation is our field; a paper agrees [@hale2012].",
    "The Annals of our practice are short [@hale2012].",
    "The study was presented at the Clinic for Bone and Joint Surgery [@hale2012].",
    "We saw it in the Journal of Bone and Joint Surgery, American Volume [@us2006].",
    "It appeared in *Knee Surg Sports Traumatol Arthrosc* in 2014 [@berg2014].",
    "The findings, published in the journal *Osteoarthritis and Cartilage*, are new [@ito2024].",
    "It was published in JBJS in 2005 [@old2005].",
    "It is in the J Bone Joint Surg Br [@old2005].",
    "Published in Osteoarthritis and Cartilage in 2024, this study found it [@ito2024].",
    "The team from Lille, writing in The Bone & Joint Journal in 2019, found it [@moreau2019].",
    "A team from New York (HSS Journal, 2020) found it [@keller2020].",
    "The study is in the November 2019 Bone & Joint Journal [@moreau2019].",
    "In 2012 the American Journal of Sports Medicine had a study about it [@hale2012].",
    "In 2010 Journal clubs were rare, the study says [@hale2012].",
    "He has read the American Journal of Sports Medicine since 2005, this paper included [@hale2012].",
    "A report in The Knee Society Newsletter of 2010 says so [@page].",
)
FAULTS = (
    (JOURNAL, "A study in the British Journal of Sports Medicine found it [@hale2012]."),
    (JOURNAL, "A study published in the *Journal of Bone and Joint Surgery* found it [@moreau2019]."),
    (JOURNAL, "A study in The Bone & Joint Journal found it [@us2006]."),
    (JOURNAL, "A study in the J Bone Joint Surg Am found it [@moreau2019]."),
    (JOURNAL, "An AJSM study found it [@moreau2019]."),
    (JOURNAL, "It was published in Spine [@hale2012]."),
    (JOURNAL, "It was published in The Knee in 2012 [@hale2012]."),
    (JOURNAL, "It appeared in the journal Nature [@hale2012]."),
    (JOURNAL, "It was in *The Lancet* [@hale2012]."),
    (JOURNAL, "It was published in Clinical Orthopaedics and Related Research [@hale2012]."),
    (JOURNAL, "It was published in the Journal of Pretended Hip Studies [@hale2012]."),
    (JOURNAL, "A JAMA study found it [@hale2012]."),
    (JOURNAL, "A study in the Journal of Arthroplasty found it. It followed 40 people [@hale2012]."),
    (JOURNAL, "| Journal |\n|:--|\n| Journal of Arthroplasty [@hale2012] |"),
    (SLIP, "The Amercian Journal of Sports Medicine has it [@hale2012]."),
    (SLIP, "It is in the American Jounal of Sports Medicine."),
    (SLIP, "It is in the American Journal of Sports Medecine."),
    (SLIP, "It is in the Journal of Orthopeadic Surgery and Research."),
    (SLIP, "It is in the New Engand Journal of Medicine."),
    (JOURNAL, "An article in the Journal of Bone and Joint Surgery (November 2019) says so [@moreau2019]."),
    (JOURNAL, "Writing in the British Journal of Sports Medicine, the authors say so [@hale2012]."),
    (JOURNAL, "According to the British Journal of Sports Medicine, stairs help [@hale2012]."),
    (JOURNAL, "A paper in Arthroscopy: The Journal of Arthroscopic and Related Surgery says so [@hale2012]."),
    (JOURNAL, "The study, which appeared in Injury, says so [@hale2012]."),
    (JOURNAL, "The New England Journal of Medicine published it [@hale2012]."),
    (JOURNAL, "N Engl J Med has it [@hale2012]."),
    (JOURNAL, "It is in the BMJ [@hale2012]."),
    (JOURNAL, "A Cochrane review is in the Cochrane Database of Systematic Reviews [@hale2012]."),
    (JOURNAL, "It was published in the J Bone Joint Surg Am [@old2005]."),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests of this file: each writes its own issue."""
    return tmp_path_factory.mktemp("issues")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_raise_nothing(text: str, folder: Path) -> None:
    assert told(folder, text, RULES) == []


@pytest.mark.parametrize(("code", "text"), FAULTS)
def test_a_fault_is_told_by_the_rule_meant_for_it_and_no_other(code: str, text: str, folder: Path) -> None:
    assert told(folder, text, RULES) == [code]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            "It is in *The Lancet* [@hale2012].",
            11,
            "the text names The Lancet, but `hale2012` appeared in The American Journal of Sports Medicine",
        ),
        (
            "Read the Amercian Journal of Sports Medicine.",
            10,
            "Amercian Journal of Sports Medicine looks like a slip of the pen for The American Journal of Sports Medicine",
        ),
    ],
)
def test_what_is_told_names_both_sides_and_the_place(text: str, column: int, message: str, folder: Path) -> None:
    (found,) = problems(folder, text, journals.RULES)
    assert (found.place.line, found.place.column, found.message) == (1, column, message)


def test_a_misspelt_journal_is_also_compared(folder: Path) -> None:
    text = "It was published in the Amercian Journal of Sports Medicine [@moreau2019]."
    assert sorted(told(folder, text, journals.RULES)) == [JOURNAL, SLIP]


def test_a_table_with_many_marks_is_compared_cell_by_cell(folder: Path) -> None:
    rows = "| *JAMA* [@hale2012] |\n" * 50
    assert told(folder, f"| Journal |\n|:--|\n{rows}", journals.RULES) == [JOURNAL] * 50
