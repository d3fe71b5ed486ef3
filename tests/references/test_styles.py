from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import ProblemsFound
from newsletter.model.reference import Reference
from newsletter.references import check_style, format_entries, known_styles
from tests.references.records import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

AMA = "american-medical-association"
NAMESPACE = 'xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"'
INFO = "<info><title>House</title><id>https://example.org/house</id><updated>2026-01-01T00:00:00+00:00</updated></info>"
CITATION = '<citation><layout><text variable="citation-number"/></layout></citation>'

#: has what citeproc gets wrong: the title in the place of the author, a date by the locale's form, links within the text
HOUSE = f"""<style {NAMESPACE}>{INFO}
<locale><date form="text" delimiter=" "><date-part name="year"/><date-part name="month" form="short"/></date></locale>
<macro name="title"><text variable="title" font-weight="bold"/></macro>
{CITATION}
<bibliography><layout suffix=".">
  <text variable="citation-number" suffix=". "/>
  <group delimiter=". ">
    <names variable="author"><name and="text" delimiter=", "/><substitute><text macro="title"/></substitute></names>
    <date variable="issued" form="text"/>
    <text macro="title"/>
    <text variable="container-title" vertical-align="sup"/>
    <group delimiter=": "><text value="Available from"/><text variable="URL"/></group>
    <text variable="DOI" prefix="https://doi.org/"/>
  </group>
</layout></bibliography></style>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "house.csl").write_text(HOUSE)
    return tmp_path


def house(folder: Path, **csl: Any) -> str:
    reference = Reference(key="k", csl={"type": "book", **csl}, at=WRITTEN)
    (entry,) = format_entries([reference], "house", "en", [folder])
    return entry.text


def test_the_styles_of_the_workspace_are_known_beside_the_shipped(folder: Path) -> None:
    assert known_styles() == (AMA,)
    assert known_styles([folder, folder / "nowhere"]) == (AMA, "house")


def test_a_style_of_the_workspace_is_used(folder: Path) -> None:
    assert check_style("house", WRITTEN, [folder]) == []
    text = house(folder, title="T", author=[{"family": "Doe", "given": "Jane"}], issued="2012-04")
    assert text == "Jane Doe. 2012 Apr. T."


def test_a_style_of_the_workspace_overrides_a_shipped_one_of_the_same_name(folder: Path) -> None:
    (folder / f"{AMA}.csl").write_text(HOUSE)
    reference = Reference(key="k", csl={"type": "book", "title": "T"}, at=WRITTEN)
    (entry,) = format_entries([reference], AMA, "en", [folder])
    assert entry.runs[0].bold


def test_a_title_in_the_place_of_the_author_is_not_repeated(folder: Path) -> None:
    assert house(folder, title="The hip (1)", issued=2012) == "The hip (1). 2012."
    assert house(folder, title="Hips", **{"container-title": "Hips of today"}) == "Hips. Hips of today."


def test_links_within_the_text_are_cut_with_the_words_that_lead_to_them(folder: Path) -> None:
    assert house(folder, title="T", issued=2012, URL="https://example.org/x?y") == "T. 2012."
    assert house(folder, title="T", DOI="10.1000/1") == "T. doi:10.1000/1"


def test_an_unknown_style_names_the_nearest(folder: Path) -> None:
    (problem,) = check_style("american-medical-asociation", WRITTEN, [folder])
    assert (problem.code, problem.place) == ("reference-style-unknown", WRITTEN)
    assert f"`{AMA}`" in problem.fix
    (problem,) = check_style("xyz", WRITTEN, [folder])
    assert "house" in problem.fix


@pytest.mark.parametrize("name", ["../house", "/etc/passwd", "", "house.csl", "https://example.org/house.csl"])
def test_a_style_is_a_name_never_a_path(folder: Path, name: str) -> None:
    (folder / "below").mkdir()
    assert [problem.code for problem in check_style(name, WRITTEN, [folder / "below"])] == ["reference-style-unknown"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not xml",
        "<style",
        "<html/>",
        f"<style {NAMESPACE}>{INFO}{CITATION}</style>",
        f"<style {NAMESPACE}>{INFO}{CITATION}<bibliography/></style>",
        f'<style {NAMESPACE}>{INFO}{CITATION}<bibliography><layout><text macro="none"/></layout></bibliography></style>',
        f"<style {NAMESPACE}>{INFO}{CITATION}<bibliography><layout><oops/></layout></bibliography></style>",
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ],
)
def test_a_broken_style_is_a_problem_never_a_traceback(folder: Path, text: str) -> None:
    (folder / "broken.csl").write_text(text)
    (problem,) = check_style("broken", WRITTEN, [folder])
    assert (problem.code, problem.place) == ("reference-style-broken", WRITTEN)
    with pytest.raises(ProblemsFound) as found:
        format_entries([Reference(key="k", csl={}, at=WRITTEN)], "broken", "en", [folder])
    assert found.value.problems[0].code == "reference-style-broken"


def test_a_style_that_is_no_readable_file_is_broken(folder: Path) -> None:
    (folder / "folder.csl").mkdir()
    assert [problem.code for problem in check_style("folder", WRITTEN, [folder])] == ["reference-style-broken"]
