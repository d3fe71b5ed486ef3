"""The rules about references: each fault is told by the rule meant for it, and records of real shapes are left alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.check import check_issue
from newsletter.check.knowledge import Knowledge
from newsletter.check.sources import SOURCE_RULES, check_sources, retraction_table
from newsletter.check.sources.retraction_table import age_of_table
from newsletter.model.journal import Journal, journal_key
from newsletter.model.notice import Notice, NoticeKind
from newsletter.model.problem import Level, Place
from newsletter.model.reference import Reference, ReferenceSources
from newsletter.read import read_issue
from newsletter.references import load
from tests.check.typed import HEAD, SETTINGS

if TYPE_CHECKING:
    from newsletter.model.problem import Problem

ROOT = Path(__file__).parent.parent.parent
AT = Place(file="refs.json", line=7, column=3)
TODAY = date(2026, 12, 1)

ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "Walking early after surgery",
    "author": [{"family": "Example", "given": "Ada"}],
    "container-title": "Journal of Examples",
    "issued": {"date-parts": [[2020, 3]]},
    "volume": "7",
    "issue": "2",
    "page": "12-19",
    "DOI": "10.1234/one",
}
BOOK = {
    "type": "book",
    "title": "Walking: a manual",
    "author": [{"family": "Example", "given": "Ada"}],
    "publisher": "Example Press",
    "issued": {"date-parts": [[2019]]},
}
PAGE = {
    "type": "webpage",
    "title": "Walking aids",
    "author": [{"literal": "Example Society for Joints"}],
    "URL": "https://example.org/walking-aids",
    "accessed": {"date-parts": [[2026, 11, 2]]},
}


class Table:
    """A few journals."""

    known = (
        Journal(title="American Journal of Sports Medicine", abbreviation="Am J Sports Med", issns=("0363-5465",)),
        Journal(title="Bone & Joint Journal", abbreviation="Bone Joint J", formerly=("J Bone Joint Surg Br",)),
        Journal(title="Spine", abbreviation="Spine (Phila Pa 1976)"),
        Journal(title="European Spine Journal", abbreviation="Eur Spine J"),
        Journal(title="Journal of Bone and Joint Surgery. American Volume", abbreviation="J Bone Joint Surg Am"),
        Journal(title="Journal of Bone and Joint Surgery. British Volume", abbreviation="J Bone Joint Surg Br"),
        Journal(title="JAMA", abbreviation="JAMA"),
    )

    def named(self, name: str) -> Journal | None:
        wanted = journal_key(name)
        exact = (one for one in self.known if wanted in {journal_key(one.title), journal_key(one.abbreviation)})
        others = {"journal of bone and joint surgery": self.known[4], "j am med assoc": self.known[6]}
        return next(exact, others.get(wanted))


class Retracted:
    """A table that knows one paper of each kind."""

    newest = date(2026, 11, 20)

    def described(self) -> str:
        return "Retraction Watch, 2026-11-20"

    def notice(self, doi: str, pmid: str) -> Notice | None:
        kinds = {"10.1234/gone": NoticeKind.RETRACTION, "10.1234/doubt": NoticeKind.CONCERN}
        kinds |= {"10.1234/back": NoticeKind.REINSTATEMENT, "10.1234/mended": NoticeKind.CORRECTION}
        kind = kinds.get(doi) or (NoticeKind.RETRACTION if pmid == "999" else None)
        return (
            Notice(kind=kind, text="Error in Data", date=date(2021, 5, 4), source="Retraction Watch") if kind else None
        )


KNOWN = Knowledge(today=TODAY, journals=Table(), retractions=Retracted())


def told(csl: dict[str, Any], knowledge: Knowledge = KNOWN) -> list[Problem]:
    fields = {name: value for name, value in csl.items() if value is not None}
    return check_sources([Reference(key="one", csl={"id": "one", **fields}, at=AT)], knowledge, AT)


def codes(csl: dict[str, Any], knowledge: Knowledge = KNOWN) -> dict[str, Level]:
    return {problem.code: problem.level for problem in told(csl, knowledge)}


def day(*parts: int) -> dict[str, Any]:
    return {"date-parts": [list(parts)]}


def article(**fields: Any) -> dict[str, Any]:
    return {**ARTICLE, **{name.replace("_", "-"): value for name, value in fields.items()}}


def noticed(kind: str = "", *types: str) -> dict[str, Any]:
    notices = [{"kind": kind, "text": "J Examples. 2021;8:1", "PMID": "5"}] if kind else []
    return article(custom={"publication-types": ["Journal Article", *types], "notices": notices})


E, W, N = Level.ERROR, Level.WARNING, Level.INFORMATION
FAULTS: list[tuple[str, Level, dict[str, Any]]] = [
    ("reference-no-volume", N, article(volume=None, issue=None)),
    ("reference-no-volume", W, article(volume=None, issue=None, DOI=None, URL="https://example.org/1")),
    ("reference-no-pages", N, article(page=None)),
    ("reference-no-pages", W, article(page=None, DOI=None, URL="https://example.org/1")),
    ("reference-no-pages", N, {**BOOK, "type": "chapter", "container-title": "Joints"}),
    ("reference-no-doi", N, article(DOI=None)),
    ("reference-no-publisher", W, {**BOOK, "publisher": None}),
    ("reference-no-publisher", N, {**BOOK, "publisher": None, "DOI": "10.1234/book"}),
    ("reference-no-publisher", W, {**BOOK, "type": "chapter", "publisher": None, "page": "3-9"}),
    ("reference-no-institution", W, {**BOOK, "type": "thesis", "publisher": None}),
    ("reference-no-institution", W, {**BOOK, "type": "report", "publisher": None}),
    ("reference-no-accessed", N, {**PAGE, "accessed": None}),
    (
        "reference-ahead-of-print",
        W,
        article(volume=None, page=None, issue=None, issued=day(2024), available_date=day(2024, 5, 1)),
    ),
    (
        "reference-ahead-of-print",
        W,
        article(volume=None, issue=None, issued=day(2025), available_date=day(2025, 11, 1)),
    ),
    (
        "reference-ahead-of-print",
        N,
        article(volume=None, page=None, issue=None, issued=day(2026), available_date=day(2026, 5, 1)),
    ),
    ("reference-ahead-of-print", N, article(volume=None, issue=None, page=None, issued=day(2026, 9))),
    ("reference-ahead-of-print", W, article(volume=None, issue=None, page=None, status="ahead of print")),
    ("reference-et-al", W, article(author=[{"family": "Smith", "given": "J, et al"}])),
    ("reference-et-al", W, article(author=[{"literal": "Smith J, et al."}])),
    ("reference-et-al", W, article(author=[{"family": "Smith and colleagues"}])),
    ("reference-authors-in-one", W, article(author=[{"literal": "Smith J, Miller K"}])),
    ("reference-authors-in-one", W, article(author=[{"literal": "Smith J., van der Berg J.-P., O'Neil T."}])),
    ("reference-authors-in-one", W, article(author=[{"literal": "Smith, J. A.; Miller, K."}])),
    ("reference-authors-in-one", W, article(author=[{"literal": "Smith J and Miller K"}])),
    ("reference-authors-in-one", W, article(author=[{"family": "Smith J", "given": "Miller K"}])),
    ("reference-authors-in-one", W, article(author=[{"family": "Smith J, Miller K, Müller", "given": "L"}])),
    ("reference-name-capitals", W, article(author=[{"family": "SMITH", "given": "Jane"}])),
    ("reference-name-capitals", W, article(author=[{"family": "O'BRIEN", "given": "J"}])),
    ("reference-name-capitals", W, article(author=[{"literal": "WORLD HEALTH ORGANIZATION"}])),
    ("reference-name-capitals", N, article(author=[{"family": "smith", "given": "jane"}])),
    ("reference-title-capitals", W, article(title="WALKING EARLY AFTER SURGERY")),
    ("reference-title-capitals", W, article(container_title="JOURNAL OF GOOD EXAMPLES")),
    ("reference-title-case", N, article(title="Walking Early After Replacement Surgery With Crutches or Frames")),
    ("reference-trademark", N, article(title="Walking with the Example™ knee")),
    ("reference-title-label", W, article(title="Walking early after surgery [Internet]")),
    ("reference-title-label", W, article(title="Walking early after surgery. Epub ahead of print")),
    ("reference-title-label", W, article(title="Walking early after surgery - PubMed")),
    ("reference-title-label", W, article(title="Walking early https://example.org/1")),
    ("reference-title-punctuation", W, article(title="Walking , early, after surgery")),
    ("reference-title-punctuation", W, article(title="Walking early,, after surgery")),
    ("reference-title-punctuation", W, article(title="Does walking help?. A trial")),
    ("reference-title-punctuation", W, article(title="Walking early.. A trial")),
    ("reference-title-punctuation", W, article(title="Walking early after surgery,")),
    ("reference-title-punctuation", W, article(title=". Walking early after surgery")),
    ("reference-title-punctuation", W, article(title="Walking early (after surgery")),
    ("reference-title-punctuation", W, article(title="Walking early] after surgery")),
    ("reference-title-punctuation", W, article(title='Walking "early after surgery')),
    ("reference-title-punctuation", W, article(title="Walking “early after surgery")),
    ("reference-title-punctuation", N, article(title="Walking early after surgery.")),
    ("reference-title-markup", W, article(title="Walking {Early} after surgery")),
    ("reference-title-markup", W, article(title="Walking \\textit{early} after surgery")),
    ("reference-title-markup", W, article(title='M\\"uller and the hip')),
    ("reference-title-markup", W, article(title="Joints \\& bones")),
    ("reference-title-markup", W, article(title="Walking <i>early after surgery")),
    ("reference-title-markup", W, article(title="Walking </b>early after surgery")),
    ("reference-title-markup", W, article(title='Walking <span style="color:red">early</span>')),
    ("reference-title-markup", W, article(title="Bone &amp; joint")),
    ("reference-title-markup", W, article(title="Walking&nbsp;early &#x2013; a trial")),
    ("reference-title-markup", W, article(container_title="Journal of <p>Examples</p>")),
    (
        "reference-journal-abbreviation",
        W,
        article(container_title="The American Journal of Sports Medicine", container_title_short="Amer J Sports Med"),
    ),
    (
        "reference-journal-abbreviation",
        W,
        article(container_title="American Journal of Sports Medicine", container_title_short="Am. J. Sports Med."),
    ),
    ("reference-journal-abbreviation", N, article(container_title="Spine", container_title_short="Spine")),
    ("reference-journal-abbreviation", N, article(container_title="JAMA", container_title_short="Jama")),
    ("reference-journal-abbreviation", N, article(container_title="JAMA", container_title_short="J Am Med Assoc")),
    (
        "reference-journal-and-abbreviation-differ",
        W,
        article(container_title="The American Journal of Sports Medicine", container_title_short="Bone Joint J"),
    ),
    (
        "reference-journal-and-abbreviation-differ",
        W,
        article(container_title="Spine", container_title_short="Eur Spine J"),
    ),
    ("reference-doi-malformed", W, article(DOI="10.3389/fmars.2020.00001/full")),
    ("reference-doi-malformed", W, article(DOI="10.1234/one.pdf")),
    ("reference-doi-malformed", W, article(DOI="10.1234/one)")),
    ("reference-doi-malformed", W, article(DOI="10.1302/0301‐620X.101B11")),
    ("reference-doi-malformed", W, article(DOI="10.1234/one;https://doi.org/10.1234/two")),
    ("reference-doi-malformed", W, article(DOI="10.1234/one,10.1234/two")),
    ("reference-doi-malformed", W, article(DOI="10.1056/NEJMoa1706450?query=recirc")),
    ("reference-doi-malformed", W, article(DOI="10.1101/2020.01.01.123456v2.full")),
    ("reference-doi-malformed", W, article(DOI="10.1234/one.PMID:31674240")),
    ("reference-identifiers-differ", W, article(PMID="123", URL="https://pubmed.ncbi.nlm.nih.gov/132/")),
    ("reference-identifiers-differ", W, article(PMID="123", URL="https://www.ncbi.nlm.nih.gov/pubmed/132")),
    ("reference-identifiers-differ", W, article(URL="https://doi.org/10.1234/two")),
    ("reference-identifiers-differ", W, article(PMCID="PMC12", URL="https://pmc.ncbi.nlm.nih.gov/articles/PMC21/")),
    ("reference-date-future", W, article(issued=day(2062))),
    ("reference-dates-differ", W, article(issued=day(2014), available_date=day(2019, 1, 2))),
    ("reference-dates-differ", W, article(issued=day(2019), available_date=day(2014, 1, 2))),
    ("reference-dates-differ", W, article(issued=day(2022), accessed=day(2019, 1, 2))),
    ("reference-dates-differ", W, article(issued=day(2012), DOI="10.1016/j.arth.2016.01.003")),
    ("reference-pages-backwards", W, article(page="894-889")),
    ("reference-pages-backwards", W, article(page="12-14, S198-S189")),
    ("reference-retracted", E, article(DOI="10.1234/gone")),
    ("reference-retracted", E, article(PMID="999")),
    ("reference-retracted", E, article(title="RETRACTED: Walking early after surgery")),
    ("reference-retracted", E, article(title="[Retracted] Walking early after surgery")),
    ("reference-retracted", E, article(title="Retracted article: walking early after surgery")),
    ("reference-retracted", E, noticed("retraction")),
    ("reference-retracted", E, noticed("", "Retracted Publication")),
    ("reference-concern", W, article(DOI="10.1234/doubt")),
    ("reference-concern", W, noticed("concern")),
    ("reference-corrected", N, noticed("correction")),
    ("reference-corrected", N, article(DOI="10.1234/mended")),
    ("reference-corrected", N, article(DOI="10.1234/back")),
    ("reference-notice-cited", W, article(title="Retraction: Walking early after surgery")),
    ("reference-notice-cited", W, article(title="Retraction notice to “Walking early after surgery”")),
    ("reference-notice-cited", W, article(title="Expression of concern: Walking early after surgery")),
    ("reference-notice-cited", W, noticed("", "Retraction of Publication")),
    ("reference-notice-cited", N, article(title="Correction to: Walking early after surgery")),
]


@pytest.mark.parametrize(("code", "level", "csl"), FAULTS, ids=[f"{n}-{one[0]}" for n, one in enumerate(FAULTS)])
def test_a_fault_is_told_by_the_rule_meant_for_it_and_by_no_graver_one(
    code: str, level: Level, csl: dict[str, Any]
) -> None:
    found = codes(csl)
    assert found.pop(code) is level
    assert set(found.values()) <= {Level.INFORMATION}


def test_a_fault_is_told_at_its_entry_with_its_key_and_what_to_do() -> None:
    (problem,) = told(article(page="894-889"))
    assert problem.place == AT
    assert problem.message == "`one` has pages that run backwards: 894-889"
    assert problem.fix


def titled(*titles: str) -> list[dict[str, Any]]:
    return [article(title=title) for title in titles]


def by(*authors: dict[str, str]) -> list[dict[str, Any]]:
    return [article(author=[author]) for author in authors]


HARMLESS: list[dict[str, Any]] = [
    ARTICLE,
    *titled(
        "Gait after Birmingham Hip Resurfacing: an age-matched controlled prospective study",
        "Risk of loosening taking into account changes in bone. Computer simulation",
        "Retraction of the quadriceps tendon after rupture",
        "Tendon retraction: what it means for repair",
        "Steps per day & pain <at rest>: a randomised trial",
        "Pain < 3 and flexion > 90 degrees",
        "Pain in <a trial> of walking",
        "What is a “good” result?",
        'The "forgotten joint" score',
        "»Das künstliche Gelenk« im Alltag",
        "„Das künstliche Gelenk“ im Alltag",
        'Use of a 12" rod in children',
        '"Vision 2020" revisited',
        "Choosing an implant: a) cost, b) wear",
        "Interval estimates in [0, 1) for survivorship",
        "Effects of N,N-dimethyltryptamine and 1,25(OH)2D3",
        "The EWSR1::FLI1 fusion",
        "R&D; where money goes",
        "Smith v. Jones and other cases in the U.S.",
        "Walking, running, etc.",
        "To be or not to be...",
        "[Walking early after surgery]",
        "H<sub>2</sub>O and <i>Staphylococcus aureus</i> in joints",
        '<span class="nocase">LIGAMENTS</span> in the knee',
        "COVID-19",
        "ESC/EACTS guidelines",
        "SF-36, WOMAC and EQ-5D after THA",
        "p values of .05 and .01 in trials",
        "Is it safe?: a review",
        "Prothèse de hanche : étude prospective",
        "הליכה לאחר ניתוח ירך",
        "関節置換術後の歩行",
        "Correction of leg length after arthroplasty",
        "Correction to neutral alignment in total knee arthroplasty",
        "Concern about falls in older people",
        "Withdrawal and retracted gingiva in orthodontics",
        "Über die Bedeutung der Bewegung",
        "A retracted study and its afterlife: a case report",
        "Walking Early After Surgery",
    ),
    *by(
        {"family": "Le Duff", "given": "Michel J."},
        {"family": "van der Berg", "given": "jan"},
        {"family": "NG", "given": "Amy"},
        {"family": "Smolin", "given": "Alexey Yu"},
        {"family": "McLawhorn", "given": "AS"},
        {"family": "O'Neil-Brown", "given": "J.-P."},
        {"family": "Abdel", "given": "MP", "suffix": "Jr"},
        {"family": "berg", "given": "jan", "non-dropping-particle": "van den"},
        {"family": "לוי", "given": "נועה"},
        {"family": "田中", "given": "健"},
        {"literal": "WHO"},
        {"literal": "NICE"},
        {"literal": "ESCEO Working Group"},
        {"literal": "National Academies of Sciences, Engineering, and Medicine"},
        {"literal": "Department of Health, Education and Welfare"},
        {"literal": "Smith & Nephew, Inc"},
        {"literal": "Working Group I, Working Group II"},
        {"literal": "Study Group A, Study Group B"},
        {"literal": "Larkmeadow Joint Clinic, Springfield CA"},
        {"family": "Example"},
    ),
    article(container_title="The American Journal of Sports Medicine", container_title_short="Am J Sports Med"),
    article(container_title="Am J Sports Med"),
    article(container_title="Journal of Bone and Joint Surgery", container_title_short="J Bone Joint Surg Br"),
    article(container_title="The Bone & Joint Journal", container_title_short="J Bone Joint Surg Br"),
    article(container_title="Journal of Unknown Things", container_title_short="J. Unkn. Th."),
    article(container_title="JAMA", container_title_short="JAMA"),
    article(container_title="PLOS ONE", page="e0123456"),
    article(page=None, number="CD004957", volume=None, issue="3"),
    article(page="S12-S19"),
    article(page="e12-e19"),
    article(page="1423"),
    article(page="101-103, 110"),
    article(page="xii-xix"),
    article(page="12-19.e1"),
    article(volume="101-B", issue="11", page="1423-1430", DOI="10.1302/0301-620X.101B11.BJJ-2019-0383.R1"),
    article(DOI="10.1016/S0140-6736(16)30001-X"),
    article(DOI="10.1002/(SICI)1097-0258(19960115)15:1<45::AID-SIM145>3.0.CO;2-#"),
    article(DOI="10.21203/rs.3.rs-123456/v1"),
    article(DOI="10.1016/j.arth.2020.01.003"),
    article(DOI="10.1016/j.arth.2019.11.003"),
    article(DOI=None, PMID="23108679"),
    article(DOI=None, issued=day(1987)),
    article(DOI=None, URL="https://journal.example.org/7/12"),
    article(URL="https://doi.org/10.1234/ONE"),
    article(URL="https://doi.org/10.1234/one/full"),
    article(URL="https://journal.example.org/doi/10.9999/other"),
    article(PMID="123", URL="https://pubmed.ncbi.nlm.nih.gov/123/?from=x"),
    article(PMCID="PMC6824412", URL="https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6824412/"),
    article(issued=day(2020), available_date=day(2019, 10, 1)),
    article(issued=day(1995), available_date=day(2006, 10, 1)),
    article(issued=day(2027, 1), available_date=day(2026, 11, 1)),
    article(issued={"literal": "in press"}, volume=None, issue=None, page=None, DOI="10.1234/soon"),
    article(issued={"date-parts": [[2020, 3], [2020, 4]]}),
    article(issued={"literal": "Spring 2020"}),
    noticed(),
    {**ARTICLE, "type": "article", "volume": None, "page": None, "issue": None, "DOI": "10.1101/2020.01.01.123456"},
    {**ARTICLE, "type": "article-magazine", "volume": None, "page": None, "issue": None, "DOI": None},
    {**ARTICLE, "type": "article-newspaper", "volume": None, "page": None, "issue": None, "DOI": None},
    BOOK,
    {**BOOK, "title": "The Hip and Its Disorders in Sports Medicine for Every Reader"},
    {**BOOK, "type": "chapter", "container-title": "Joints", "page": "12-19"},
    {**BOOK, "type": "chapter", "container-title": "Joints", "URL": "https://example.org/chapter"},
    {**BOOK, "type": "report", "number": "RFC 8058", "publisher": "RFC Editor"},
    {**BOOK, "type": "report", "publisher": None, "author": [{"literal": "Example Society for Joints"}]},
    {**BOOK, "type": "thesis", "publisher": "University of Example"},
    {**BOOK, "type": "paper-conference", "container-title": "Proceedings", "publisher": None},
    {**BOOK, "type": "document", "publisher": None},
    PAGE,
    {**PAGE, "DOI": "10.1234/page", "accessed": None},
    {"type": "legislation", "title": "An act about walking"},
    {"type": "dataset", "title": "Steps", "DOI": "10.1234/steps"},
]


@pytest.mark.parametrize("csl", HARMLESS, ids=[f"{n}" for n in range(len(HARMLESS))])
def test_records_of_real_shapes_are_left_alone(csl: dict[str, Any]) -> None:
    assert told(csl) == []


def shipped(name: str) -> list[dict[str, Any]]:
    path = ROOT / name
    references, _ = load(ReferenceSources(folder=path.parent, files=((path.name, AT),)))
    return [dict(reference.csl) for reference in references.values()]


@pytest.mark.parametrize(
    "name",
    [
        "templates/starter/issues/welcome/references.json",
        "tests/judges/newsletters/references.json",
        "tests/snapshots/issues/references.json",
        "benchmarks/mail/workspace/issues/walking-with-a-new-knee/references.json",
    ],
)
def test_the_references_of_good_issues_are_left_alone(name: str) -> None:
    assert [problem.message for csl in shipped(name) for problem in told(csl)] == []


def test_in_real_records_only_what_they_lack_is_told_and_as_information() -> None:
    records = shipped("tests/references/data/hip-references.csl.json")
    found = {(csl["id"], problem.code): problem.level for csl in records for problem in told(csl)}
    assert set(found) == {
        ("eremina2021", "reference-no-volume"),
        ("mclawhorn2020", "reference-no-volume"),
        ("mclawhorn2020", "reference-no-pages"),
        ("mclawhorn2020", "reference-title-case"),
    }
    assert set(found.values()) == {Level.INFORMATION}


def test_without_a_day_an_article_ahead_of_print_is_only_information() -> None:
    csl = article(volume=None, issue=None, available_date=day(2024))
    assert codes(csl, Knowledge())["reference-ahead-of-print"] is Level.INFORMATION


def test_what_was_retracted_is_not_told_as_doubted_and_corrected_too() -> None:
    notices = [{"kind": kind, "text": "J Examples. 2021;8:1"} for kind in ("correction", "concern", "retraction")]
    csl = article(custom={"notices": notices})
    (problem,) = told(csl)
    assert (problem.code, problem.level) == ("reference-retracted", Level.ERROR)
    assert problem.message == "`one` was retracted (PubMed: J Examples. 2021;8:1)"


def test_a_reinstatement_lifts_the_retraction() -> None:
    notices = [{"kind": "retraction"}, {"kind": "reinstatement", "text": "J Examples. 2022;9:1"}]
    assert codes(article(custom={"notices": notices})) == {"reference-corrected": Level.INFORMATION}


def test_the_table_of_retractions_says_since_when_and_why() -> None:
    (problem,) = told(article(DOI="10.1234/gone"))
    assert problem.message == "`one` was retracted (Retraction Watch, 2021-05-04: Error in Data)"


@pytest.mark.parametrize(("today", "times"), [(date(2027, 2, 18), 0), (date(2027, 2, 19), 1), (date.max, 0)])
def test_a_table_of_retractions_is_old_after_ninety_days(today: date, times: int) -> None:
    for issue_of in (date(2020, 1, 1), date(2030, 1, 1)):  # the age is counted to the day of the run
        knowledge = Knowledge(today=issue_of, run_on=today, retractions=Retracted())
        assert len(list(age_of_table(knowledge, AT))) == times
    assert not list(age_of_table(Knowledge(run_on=today), AT))


@pytest.mark.parametrize(
    "parts", [[], [[]], [[0]], [["2020"]], [[2020, 13]], [[2020, 2, 31]], [2020], "2020", [None], [[1e9]]]
)
def test_a_date_of_no_known_shape_counts_as_missing(parts: object) -> None:
    assert told(article(issued={"date-parts": parts}, available_date={"date-parts": parts})) == []


def test_a_table_is_only_looked_at_where_something_is_cited(tmp_path: Path) -> None:
    knowledge = Knowledge(run_on=date(2028, 1, 1), retractions=Retracted())
    (tmp_path / "issue.md").write_text(HEAD + "Walk.\n", "utf-8")
    issue = read_issue(tmp_path / "issue.md", SETTINGS, lambda _: ({}, [])).issue
    assert issue is not None
    for cited, expected in (((), []), ((Reference(key="one", csl=ARTICLE, at=AT),), ["retraction-data-old"])):
        found = check_issue(issue, cited, SETTINGS, rules=retraction_table.RULES, knowledge=knowledge)
        assert [problem.code for problem in found] == expected


def test_what_became_of_a_source_names_the_lines_that_cite_it(tmp_path: Path) -> None:
    reference = Reference(key="one", csl={**ARTICLE, "title": "RETRACTED: Walking"}, at=AT)
    text = HEAD + "Walk [@one].\n\n" * 7
    (tmp_path / "issue.md").write_text(text, "utf-8")
    issue = read_issue(tmp_path / "issue.md", SETTINGS, lambda _: ({"one": reference}, [])).issue
    assert issue is not None
    first = HEAD.count("\n") + 1
    (problem,) = check_issue(issue, (reference,), SETTINGS, rules=SOURCE_RULES[:1], knowledge=KNOWN)
    lines = ", ".join(str(first + 2 * number) for number in range(5))
    assert problem.message == f"`one` was retracted (its title) (cited in lines {lines} and others of issue.md)"


@pytest.mark.parametrize(
    ("file", "fix"),
    [
        ("refs.json", "Write `Am J Sports Med` as `container-title-short`."),
        ("refs.bib", "Write `shortjournal = {Am J Sports Med}`."),
        ("refs.ris", "Write `J2  - Am J Sports Med`."),
    ],
)
def test_an_abbreviation_is_told_at_its_field_in_the_words_of_the_format(file: str, fix: str) -> None:
    places = {"container-title-short": Place(file=file, line=9, column=1)}
    csl = article(container_title="American Journal of Sports Medicine", container_title_short="Amer J Sport Medicine")
    one = Reference(key="one", csl=csl, at=Place(file=file, line=7), places=places)
    (problem,) = check_sources([one], KNOWN, AT)
    assert (problem.place.line, problem.fix) == (9, fix)


def test_one_slip_is_told_once() -> None:
    broken = Reference(key="one", csl=article(DOI=None), at=AT, places={"DOI": AT})
    assert check_sources([broken], KNOWN, AT) == []
    assert set(codes(article(author=[{"family": "EXAMPLE et al"}]))) == {"reference-et-al"}


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = ["title", "author", "issued", "available-date", "page", "DOI", "URL", "PMID", "custom", "container-title"]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(_FIELDS), _ANY), st.sampled_from(["article-journal", "book", "webpage"]))
def test_no_shape_of_a_record_makes_a_rule_fail(fields: dict[str, Any], kind: str) -> None:
    assert "check-crashed" not in codes({**fields, "type": kind})


_NOTICE = st.fixed_dictionaries({"kind": _ANY, "text": _ANY})


@given(
    st.fixed_dictionaries({"publication-types": st.lists(_ANY, max_size=3), "notices": st.lists(_NOTICE, max_size=3)})
)
def test_no_shape_of_a_notice_makes_a_rule_fail(custom: dict[str, Any]) -> None:
    assert "check-crashed" not in codes(article(custom=custom))


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "“",
        "<i>",
        "<a =",
        "{a",
        "&amp",
        "\\",
        "A J, ",
        "A-",
        ". ",
        "?.",
        "10.1234/",
        "[0,",
        " et",
        "RETRACTED",
        ";",
    ],
)
def test_hostile_texts_are_read_in_one_go(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    names = [{"literal": text, "family": text, "given": text}] * 300
    csl = dict.fromkeys(("title", "container-title", "container-title-short", "DOI", "URL", "page", "status"), text)
    assert "check-crashed" not in codes({**ARTICLE, **csl, "author": names})


def test_every_rule_looks_at_every_reference() -> None:
    references = [Reference(key=f"k{n}", csl=article(page="894-889"), at=AT) for n in range(3)]
    found = check_sources(references, KNOWN, AT)
    assert [problem.message.split("`")[1] for problem in found] == ["k0", "k1", "k2"]
    assert len({rule.code for rule in SOURCE_RULES}) == len(SOURCE_RULES)


def test_the_sample_issue_has_the_records_that_are_tested_here() -> None:
    sample = ROOT / "issues" / "running-after-hip-resurfacing" / "hip-references.csl.json"
    assert {one["id"] for one in json.loads(sample.read_text("utf-8"))} >= {"fouilleron2012", "mclawhorn2020"}
