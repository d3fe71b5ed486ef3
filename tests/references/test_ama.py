"""The shipped style against the rules of the AMA Manual of Style, 11th edition, chapter 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.problem import Place
from newsletter.model.reference import Reference, ReferenceSources
from newsletter.references import format_entries, load
from tests.references.records import DATA, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.reference import Entry

AMA = "american-medical-association"

GOLDEN = [
    (
        (
            "Fouilleron N, Wavreille G, Endjah N, Girard J. Running activity after hip resurfacing arthroplasty: a prospective "
            "study. *Am J Sports Med*. 2012;40(4):889-894. doi:10.1177/0363546511434564"
        ),
        "https://doi.org/10.1177/0363546511434564",
        "Fouilleron et al",
    ),
    (
        (
            "Wiik AV, Lambkin R, Cobb JP. Gait after Birmingham Hip Resurfacing: an age-matched controlled prospective study. "
            "*Bone Joint J*. 2019;101-B(11):1423-1430. doi:10.1302/0301-620X.101B11.BJJ-2019-0383.R1"
        ),
        "https://doi.org/10.1302/0301-620X.101B11.BJJ-2019-0383.R1",
        "Wiik et al",
    ),
    (
        (
            "Le Duff MJ, Amstutz HC. The relationship of sporting activity and implant survivorship after hip resurfacing. "
            "*J Bone Joint Surg Am*. 2012;94(10):911-918. doi:10.2106/JBJS.K.00100"
        ),
        "https://doi.org/10.2106/JBJS.K.00100",
        "Le Duff and Amstutz",
    ),
    (
        (
            "Eremina GM, Smolin AY. Risk assessment of resurfacing implant loosening and femur fracture under low-energy "
            "impacts taking into account degenerative changes in bone tissues. Computer simulation. *Comput Methods Programs "
            "Biomed*. 2021:105929. doi:10.1016/j.cmpb.2021.105929"
        ),
        "https://doi.org/10.1016/j.cmpb.2021.105929",
        "Eremina and Smolin",
    ),
    (
        (
            "McLawhorn AS, Buller LT, Blevins JL, Lee YY, Su EP. What Are the Benefits of Hip Resurfacing in Appropriate "
            "Patients? A Retrospective, Propensity Score-Matched Analysis. *HSS J*. Published online December 2020. "
            "doi:10.1007/s11420-019-09729-4"
        ),
        "https://doi.org/10.1007/s11420-019-09729-4",
        "McLawhorn et al",
    ),
    (
        (
            "Smith MV, Costic RS, Allaire R, Schilling PL, Sekiya JK. A biomechanical analysis of the soft tissue and osseous "
            "constraints of the hip joint. *Knee Surg Sports Traumatol Arthrosc*. 2014;22(4):946-952."
        ),
        "https://pubmed.ncbi.nlm.nih.gov/23108679/",
        "Smith et al",
    ),
]


def starred(entry: Entry) -> str:
    """The line with `*` around what is italic."""
    return "".join(f"*{run.text}*" if run.italic else run.text for run in entry.runs)


def people(*names: str) -> list[dict[str, str]]:
    return [dict(zip(("family", "given"), name.split(", "), strict=True)) for name in names]


def test_the_sample_records_print_by_the_rules() -> None:
    references, _ = load(ReferenceSources(folder=DATA, files=(("hip-references.csl.json", WRITTEN),)))
    entries = format_entries(list(references.values()), AMA, "en")
    assert [(starred(entry), entry.url, entry.authors) for entry in entries] == GOLDEN
    assert [(entry.number, entry.key) for entry in entries] == list(enumerate(references, 1))


def test_the_doi_is_a_run_of_its_own_at_the_end(printed: Callable[..., Entry]) -> None:
    entry = printed(type="book", title="A", DOI="10.1000/x<y>&z")
    assert entry.runs[-1].text == "doi:10.1000/x<y>&z"
    assert entry.url == "https://doi.org/10.1000/x%3Cy%3E&z"
    assert entry.text == "A. doi:10.1000/x<y>&z"


BOOK: dict[str, Any] = {
    "type": "book",
    "author": people("Doe, Jane"),
    "title": "Hips",
    "publisher": "Example Press",
    "issued": 2012,
}
ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "author": people("Doe, Jane"),
    "title": "Hips",
    "container_title": "Journal of Hips",
    "issued": 2012,
    "volume": 3,
}

LINES = [
    (BOOK, "Doe J. *Hips*. Example Press; 2012."),
    ({**BOOK, "edition": 1}, "Doe J. *Hips*. Example Press; 2012."),
    ({**BOOK, "edition": "2"}, "Doe J. *Hips*. 2nd ed. Example Press; 2012."),
    ({**BOOK, "edition": "Third edition", "volume": "2"}, "Doe J. *Hips*. Vol 2. 3rd ed. Example Press; 2012."),
    ({**BOOK, "edition": "Revised ed."}, "Doe J. *Hips*. Revised ed. Example Press; 2012."),
    ({**BOOK, "page": "33–5", "publisher": "Press Inc."}, "Doe J. *Hips*. Press Inc; 2012:33-35."),
    ({**BOOK, "author": None, "editor": people("Doe, Jane")}, "Doe J, ed. *Hips*. Example Press; 2012."),
    ({**BOOK, "author": None, "editor": people("Doe, J", "Roe, R")}, "Doe J, Roe R, eds. *Hips*. Example Press; 2012."),
    ({**BOOK, "author": None}, "*Hips*. Example Press; 2012."),
    ({**BOOK, "title": "The <i>in vivo</i> hip"}, "Doe J. *The *in vivo* Hip*. Example Press; 2012."),
    (
        {**BOOK, "type": "chapter", "container_title": "Knees", "editor": people("Roe, R", "Poe, E"), "page": "10-9"},
        "Doe J. Hips. In: Roe R, Poe E, eds. *Knees*. Example Press; 2012:10-19.",
    ),
    (
        {**BOOK, "type": "chapter", "container_title": "Knees", "edition": 4},
        "Doe J. Hips. In: *Knees*. 4th ed. Example Press; 2012.",
    ),
    ({**BOOK, "type": "report", "number": "12-34"}, "Doe J. *Hips*. Example Press; 2012. Report 12-34."),
    (
        {**BOOK, "type": "report", "genre": "Publication", "number": 7},
        "Doe J. *Hips*. Example Press; 2012. Publication 7.",
    ),
    ({**BOOK, "type": "thesis", "genre": "Dissertation"}, "Doe J. *Hips*. Dissertation. Example Press; 2012."),
    (
        {
            "type": "webpage",
            "author": [{"literal": "World Health Organization"}],
            "title": "Physical activity",
            "container_title": "WHO",
            "issued": "2024-06-26",
            "accessed": "2026-11-02",
            "URL": "https://www.example.org/x",
        },
        "World Health Organization. Physical activity. WHO. June 26, 2024. Accessed November 2, 2026.",
    ),
    ({"type": "webpage", "title": "Page", "URL": "https://example.org"}, "Page."),
    (
        {
            "type": "article",
            "author": people("Doe, J"),
            "title": "P",
            "publisher": "medRxiv",
            "issued": "2020-03-13",
            "DOI": "10.1101/1",
        },
        "Doe J. P. *medRxiv*. Preprint posted online March 13, 2020. doi:10.1101/1",
    ),
    (
        {
            "type": "article-newspaper",
            "title": "N",
            "container_title": "The Example",
            "issued": "2020-03-13",
            "page": "A1",
        },
        "N. *The Example*. March 13, 2020:A1.",
    ),
    (
        {
            "type": "paper-conference",
            "title": "T",
            "event-title": "Hip Congress",
            "event-place": "Oslo",
            "issued": "2020-03",
        },
        "T. Presented at: Hip Congress; March 2020; Oslo.",
    ),
    (
        {**BOOK, "type": "paper-conference", "container_title": "Proceedings", "page": "5"},
        "Doe J. Hips. In: *Proceedings*. Example Press; 2012:5.",
    ),
    ({"title": "Leaflet", "publisher": "Clinic", "issued": 2012}, "Leaflet. Clinic. 2012."),
    (ARTICLE, "Doe J. Hips. *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "container_title_short": "J. Hips"}, "Doe J. Hips. *J Hips*. 2012;3."),
    ({**ARTICLE, "page": "889–94", "issue": "2"}, "Doe J. Hips. *Journal of Hips*. 2012;3(2):889-894."),
    ({**ARTICLE, "page": "1-1"}, "Doe J. Hips. *Journal of Hips*. 2012;3:1."),
    ({**ARTICLE, "page": "S12-5, S20"}, "Doe J. Hips. *Journal of Hips*. 2012;3:S12-S15, S20."),
    ({**ARTICLE, "page": "e1001"}, "Doe J. Hips. *Journal of Hips*. 2012;3:e1001."),
    ({**ARTICLE, "number": "e1001"}, "Doe J. Hips. *Journal of Hips*. 2012;3:e1001."),
    ({**ARTICLE, "article-number": 105929}, "Doe J. Hips. *Journal of Hips*. 2012;3:105929."),
    ({**ARTICLE, "issued": None}, "Doe J. Hips. *Journal of Hips*. 3."),
    ({**ARTICLE, "volume": None}, "Doe J. Hips. *Journal of Hips*. 2012."),
    ({**ARTICLE, "volume": None, "issued": "in press"}, "Doe J. Hips. *Journal of Hips*. in press."),
    ({**ARTICLE, "issued": "2011/2013"}, "Doe J. Hips. *Journal of Hips*. 2011-2013;3."),
    ({**ARTICLE, "issued": "2012-01/2012-03"}, "Doe J. Hips. *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": "Do hips lie?"}, "Doe J. Do hips lie? *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": 'Is it "hip?"'}, "Doe J. Is it “hip?” *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": "Hips."}, "Doe J. Hips. *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": "Hips..."}, "Doe J. Hips... *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": "p < .05 (x), f()"}, "Doe J. p < .05 (x), f(). *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": 'The ‘90s, a hip\'s "life"'}, "Doe J. The ‘90s, a hip’s “life.” *Journal of Hips*. 2012;3."),
    ({**ARTICLE, "title": "<i>E. coli</i> in hips"}, "Doe J. *E. coli* in hips. *Journal of Hips*. 2012;3."),
    (
        {**ARTICLE, "title": "<script>alert(1)</script> & <i>open"},
        "Doe J. <script>alert(1)</script> & <i>open. *Journal of Hips*. 2012;3.",
    ),
]


@pytest.mark.parametrize(("csl", "line"), LINES)
def test_a_record_prints_by_the_rules(printed: Callable[..., Entry], csl: dict[str, Any], line: str) -> None:
    assert starred(printed(**csl)) == line


@pytest.mark.parametrize(
    ("given", "initials"),
    [
        ("AV", "AV"),
        ("A.V.", "AV"),
        ("A. V.", "AV"),
        ("Anatole V.", "AV"),
        ("Jean-Paul", "JP"),
        ("J-P", "JP"),
        ("J.-P.", "JP"),
        ("ÅSA", "ÅSA"),
        ("Yu", "Y"),
        ("Eva", "E"),
    ],
)
def test_given_names_become_initials(printed: Callable[..., Entry], given: str, initials: str) -> None:
    entry = printed(type="book", title="T", author=[{"family": "Doe", "given": given}])
    assert entry.text == f"Doe {initials}. T."


@pytest.mark.parametrize(
    ("name", "printed_name", "in_sentence"),
    [
        ({"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}, "van der Berg J", "van der Berg"),
        ({"family": "Humboldt", "given": "A", "dropping-particle": "von"}, "von Humboldt A", "von Humboldt"),
        ({"family": "King", "given": "Martin", "suffix": "Jr."}, "King M Jr", "King"),
        ({"family": "O'Brien", "given": "Tim"}, "O’Brien T", "O’Brien"),
        ({"family": "Plato"}, "Plato", "Plato"),
        ({"given": "Plato"}, "Plato", "Plato"),
        ({"family": "王", "given": "小明"}, "王 小明", "王"),
        ({"literal": "Hip Study Group"}, "Hip Study Group", "Hip Study Group"),
        ({"name": "Hip <b>Study</b>"}, "Hip Study", "Hip Study"),
    ],
)
def test_names_of_every_kind(
    printed: Callable[..., Entry], name: dict[str, str], printed_name: str, in_sentence: str
) -> None:
    entry = printed(type="book", title="T", author=[name])
    assert (entry.text, entry.authors) == (f"{printed_name}. T.", in_sentence)


def test_six_authors_are_named_and_of_seven_the_first_three(printed: Callable[..., Entry]) -> None:
    names = people(*(f"Doe{n}, J" for n in range(7)))
    six = printed(type="book", title="T", author=names[:6])
    assert six.text == "Doe0 J, Doe1 J, Doe2 J, Doe3 J, Doe4 J, Doe5 J. T."
    seven = printed(type="book", title="T", author=names)
    assert seven.text == "Doe0 J, Doe1 J, Doe2 J, et al. T."
    assert seven.authors == "Doe0 et al"


def test_a_sentence_names_editors_or_the_short_title_when_there_is_no_author(printed: Callable[..., Entry]) -> None:
    assert printed(type="book", title="T", editor=people("Doe, J", "Roe, R")).authors == "Doe and Roe"
    assert printed(type="book", title="A <i>long</i> title", title_short="Short").authors == "Short"
    assert printed(type="book", title="A <i>good</i> title").authors == "A good title"
    assert printed(type="book", title="Before the colon: " + "after " * 12).authors == "Before the colon"
    assert printed(type="book", title="word " * 20).authors == "word " * 11 + "word…"
    assert printed(type="book").authors == "x"


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"DOI": "10.1000/1", "PMID": "5", "URL": "https://example.org"}, "https://doi.org/10.1000/1"),
        ({"PMID": "5", "PMCID": "PMC6", "URL": "https://example.org"}, "https://pubmed.ncbi.nlm.nih.gov/5/"),
        ({"PMCID": "PMC6", "URL": "https://example.org"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC6/"),
        ({"URL": "https://example.org/a b"}, "https://example.org/a%20b"),
        ({"URL": "https://example.org/?a=1&amp;b=<2>"}, "https://example.org/?a=1&b=%3C2%3E"),
        ({"URL": "javascript:alert(1)"}, None),
        ({}, None),
    ],
)
def test_the_best_link_is_taken(printed: Callable[..., Entry], fields: dict[str, str], url: str | None) -> None:
    assert printed(type="book", title="T", **fields).url == url


def test_the_words_are_of_the_issues_language(printed: Callable[..., Entry]) -> None:
    page = {"type": "webpage", "title": "T", "accessed": "2026-11-02", "URL": "https://example.org"}
    assert printed(language="de", **page).text == "T. Abgerufen am 2. November 2026."
    assert printed(language="de-AT", **page).text == "T. Abgerufen am 2. November 2026."
    assert printed(language="es", **page).text == "T. Consultado el 2 de noviembre de 2026."
    assert printed(language="tlh", **page).text == "T. Accessed November 2, 2026."
    book = {**BOOK, "author": people("Doe, J", "Roe, R"), "edition": 2}
    assert printed(language="de", **book).text == "Doe J, Roe R. Hips. 2. Aufl. Example Press; 2012."
    assert printed(language="de", **book).authors == "Doe und Roe"
    assert printed(language="no", **book).authors == "Doe og Roe"
    assert "2nd" not in printed(language="fr", **book).text


def test_records_that_met_no_check_print_as_well() -> None:
    csl = {"type": 5, "title": ["x"], "author": "Doe", "issued": {"date-parts": [["x"]]}, "page": None, "volume": True}
    (entry,) = format_entries([Reference(key="k", csl=csl, at=WRITTEN)], AMA, "en")
    assert (entry.text, entry.url, entry.authors) == ("k", None, "k")


def test_no_references_are_no_entries() -> None:
    assert format_entries([], AMA, "en") == ()


def test_keys_that_differ_in_case_are_two_references() -> None:
    references = [
        Reference(key=key, csl={"id": key, "type": "webpage", "title": f"Title {key}"}, at=WRITTEN) for key in "aA"
    ]
    assert [entry.text for entry in format_entries(references, AMA, "en")] == ["Title a.", "Title A."]


@pytest.mark.parametrize("language", ["es", "es-ES", "es-MX", "es-CL", "es-AR"])
def test_a_spanish_date_has_one_article_in_every_country(language: str) -> None:
    page = Reference(
        key="w",
        csl={
            "id": "w",
            "type": "webpage",
            "title": "Guía",
            "URL": "https://example.org",
            "accessed": {"date-parts": [[2026, 11, 2]]},
        },
        at=Place(file="refs.json"),
    )
    (entry,) = format_entries([page], "american-medical-association", language)
    assert "Consultado el 2 de noviembre de 2026" in entry.text
