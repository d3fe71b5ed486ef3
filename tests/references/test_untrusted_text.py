"""Records come from anywhere: whatever their fields hold, nothing raises, and nothing but text comes out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model.reference import Reference, ReferenceSources, Run
from newsletter.references import format_entries, load, marks
from newsletter.references.pages import full_range
from newsletter.references.text import clean, decode_entities, imported, marked, plain
from newsletter.references.vocabulary import DATES, NAMES, TEXTS, TYPES
from tests.references.records import DATA, WRITTEN

AMA, NLM = "american-medical-association", "nlm-citation-sequence"

TRICKY = st.sampled_from(
    [
        *(
            "<i>",
            "</i>",
            "<b>",
            "</b>",
            "<sup>",
            "</sup>",
            "<sub>",
            "</sub>",
            "<script>",
            "<",
            ">",
            "&amp;",
            "&lt;",
            '"',
            "'",
        ),
        *(".", "..", "?", ";", ",", ":", "(", ")", "-", "–", " ", "\n", "\0", "\u202e", "\ue000", "\ue001", "\ue008"),
        *("10.1000/", "https://", "doi.org/", "1", "2nd", "ed.", "et al", "{{ x }}", "%s"),
    ]
)
TEXT = st.lists(TRICKY | st.text(max_size=5), max_size=8).map("".join) | st.integers() | st.text(max_size=20)
NAME = st.dictionaries(
    st.sampled_from(["family", "given", "literal", "suffix", "non-dropping-particle", "name"]), TEXT, max_size=4
)
NOTICE = TEXT | st.fixed_dictionaries({"kind": st.sampled_from(["retraction", "concern", "x"]), "text": TEXT})
PARTS = st.lists(st.integers(-5, 3000) | st.none() | TEXT, max_size=4)
DATE = st.fixed_dictionaries({"date-parts": st.lists(PARTS, max_size=3)}) | TEXT
ANY = st.recursive(
    TEXT | st.none() | st.booleans() | st.floats(),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(), x),
    max_leaves=4,
)


def records() -> st.SearchStrategy[dict[str, Any]]:
    fields: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(TEXTS, TEXT)
    fields |= {name: st.lists(NAME, max_size=8) for name in NAMES}
    fields |= dict.fromkeys(DATES | {"available-date"}, DATE)
    fields["custom"] = st.dictionaries(st.sampled_from(["notices", "publication-types"]), st.lists(NOTICE, max_size=2))
    shaped = st.fixed_dictionaries({"type": st.sampled_from(sorted(TYPES))}, optional=fields)
    return st.builds(
        lambda one, other: {**one, **other}, shaped, st.dictionaries(st.sampled_from(sorted(fields)), ANY, max_size=2)
    )


@settings(max_examples=60, deadline=None)
@given(records(), st.booleans(), st.sampled_from([AMA, NLM]))
def test_no_record_raises_or_forges_anything(record: dict[str, Any], checked: bool, style: str) -> None:
    record = {"id": "x", **record}
    reference = Reference(key="x", csl=record, at=WRITTEN)
    if checked:
        reference = load(ReferenceSources(folder=DATA, inline=((record, WRITTEN),)))[0]["x"]
    (entry,) = format_entries([reference], style, "en")
    assert entry.text
    assert entry.authors
    assert clean(entry.text).strip() == entry.text.strip()
    assert entry.text.count("<") <= decode_entities(str(reference.csl)).count("<")
    assert not any(marks.is_mark(character) for character in entry.text + entry.authors)
    assert entry.url is None or entry.url.startswith(("https://", "http://", "HTTP"))
    assert entry.url is None or not set(entry.url) & set(" \"'<>\\\n")


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=30).filter(str.strip))
def test_every_title_is_printed(title: str) -> None:
    (entry,) = format_entries([Reference(key="x", csl={"type": "webpage", "title": title}, at=WRITTEN)], AMA, "en")
    assert clean(title) in entry.text


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_type_prints_title_and_author(kind: str) -> None:
    csl = {"type": kind, "title": "The title", "author": [{"family": "Doe", "given": "Jane"}]}
    (entry,) = format_entries([Reference(key="x", csl=csl, at=WRITTEN)], AMA, "en")
    assert entry.text.lower().startswith("doe j. the title.")


def test_a_giant_list_of_authors_does_no_harm() -> None:
    giant = "Doe J, " * 2000
    for author in ([{"literal": giant}], [{"family": "Doe", "given": "J"}] * 10_000):
        references, _ = load(
            ReferenceSources(folder=DATA, inline=(({"id": "x", "title": "T", "author": author}, WRITTEN),))
        )
        (entry,) = format_entries(list(references.values()), AMA, "en")
        assert entry.text.endswith("T.")


def test_only_balanced_tags_are_formatting() -> None:
    runs = marks.runs(marked("a <i>b <sub>c</sub></i> <b>d <i>e</b> f</i> <u>g</u> <em>h</em></i>"))
    assert runs == (
        Run(text="a "),
        Run(text="b ", italic=True),
        Run(text="c", italic=True, subscript=True),
        Run(text=" "),
        Run(text="d <i>e", bold=True),
        Run(text=" f</i> <u>g</u> "),
        Run(text="h", italic=True),
        Run(text="</i>"),
    )


def test_italic_within_italic_is_upright() -> None:
    assert [run.italic for run in marks.runs(marked("<i>a <i>b</i> c</i>"))] == [True, False, True]


def test_spans_that_only_protect_a_case_are_dropped() -> None:
    assert marked('<span class="nocase">DNA</span> <span onclick="x">y</span>') == "DNA <span onclick=“x”>y</span>"


def test_thousands_of_tags_are_plain_text() -> None:
    assert marked("<i>" * 1000 + "</i>" * 1000).startswith("<i><i>")


def test_control_and_invisible_characters_go() -> None:
    assert clean("\ufeffa\u202eb\x00c\td\u00ade\u2028f\ud800g\ue000h\u200bi") == "ab c de fghi"
    assert clean("e\u0301") == "é"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


def test_entities_are_decoded_once_and_foreign_tags_dropped() -> None:
    assert (
        imported('<jats:sec id="1">A &amp;lt; &#233;&#x41; &copy<mml:math>x</mml:math></jats:sec>')
        == "A &lt; éA &copyx"
    )


@pytest.mark.parametrize(
    ("straight", "curly"),
    [
        ('"a" b', "“a” b"),
        ("'a' it's", "‘a’ it’s"),
        ("the '90s", "the ’90s"),
        ('("a")', "(“a”)"),
        ('x—"y"', "x—“y”"),
        ('<i>"a"</i>', "“a”"),
        ('"<i>a</i>"', "“a”"),
    ],
)
def test_straight_quotes_become_typographic(straight: str, curly: str) -> None:
    assert plain(straight) == curly


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("889-94", "889-894"),
        ("889--894", "889-894"),
        ("889 – 94", "889-894"),
        ("1-1", "1"),
        ("S12-S15", "S12-S15"),
        ("S12-5", "S12-S15"),
        ("101-B", "101-B"),
        ("e12-f15", "e12-f15"),
        ("94-89", "94-89"),
        ("1-5, 9-9", "1-5, 9"),
        ("", ""),
    ],
)
def test_page_ranges_are_written_in_full(written: str, full: str) -> None:
    assert full_range(written) == full
    assert full_range(full) == full
