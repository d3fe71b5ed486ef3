"""Which disclaimers an issue must carry, and that no spelling gets around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.disclaimer import Disclaimer
from newsletter.model.document import (
    Citation,
    CitationItem,
    Code,
    CodeBlock,
    Emphasis,
    Image,
    LineBreak,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
    TypedBlock,
)
from newsletter.model.issue import Issue
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.model.sameness import levelled, mentions
from newsletter.policy import required_ids, select
from newsletter.settings.schema import PolicySection

if TYPE_CHECKING:
    from newsletter.model.document import Block, Inline

AT = Place(file="issue.md", line=9, column=1)
TODAY = date(2026, 12, 1)
POLICY = PolicySection(
    required=("general", "delivery"),
    topics={"Regenerative": ("not-fda-approved",)},
    words={"not-fda-approved": ("stem cell", "PRP", "platelet-rich plasma", "células madre", "干细胞")},
)
ISSUE = Issue(
    slug="s",
    path=Path("issue.md"),
    title="Hips",
    subject=("Hips",),
    preheader=(),
    language="en",
    template="article",
    citation_style="american-medical-association",
    body=(),
)


def paragraph(*inlines: Inline) -> Paragraph:
    return Paragraph(content=inlines, at=AT)


def with_body(*blocks: Block) -> Issue:
    return replace(ISSUE, body=blocks)


def with_text(text: str) -> Issue:
    return with_body(paragraph(Text(text=text)))


def ids(issue: Issue, *references: Reference, policy: PolicySection = POLICY) -> list[str]:
    return [requirement.id for requirement in required_ids(issue, references, policy)]


def asks_for_words(issue: Issue, *references: Reference) -> bool:
    return "not-fda-approved" in ids(issue, *references)


def disclaimer(name: str, language: str = "en", **changes: object) -> Disclaimer:
    made = Disclaimer(
        id=name,
        language=language,
        title=name,
        version="1",
        effective_from=date(2026, 1, 1),
        effective_until=None,
        body=(),
        file=f"{name}.{language}.md",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_policy_comes_first_then_topics_then_words_then_the_authors_own() -> None:
    policy = PolicySection(
        required=("general",), topics={"hip": ("no-guarantee",)}, words={"not-fda-approved": ("PRP",)}
    )
    issue = replace(with_text("PRP"), topics=("hip",), disclaimers=("emergency", "general"))
    found = required_ids(issue, (), policy)
    assert [r.id for r in found] == ["general", "no-guarantee", "not-fda-approved", "emergency"]
    assert [r.why for r in found] == [
        "for every issue",
        "because of the topic `hip`",
        'because of the words "PRP" (issue.md, line 9)',
        "because the issue names it under `disclaimers`",
    ]


def test_a_topic_is_matched_whatever_its_case() -> None:
    assert "not-fda-approved" in ids(replace(ISSUE, topics=("REGENERATIVE",)))
    assert ids(replace(ISSUE, topics=("knee",))) == ["general", "delivery"]


@pytest.mark.parametrize(
    "text",
    [
        "stem cell",
        "Stem Cells",
        "STEM  CELLS",
        "stem-cell therapy",
        "stem\u00a0cells",
        "stem\u2011cell",
        "stem–cell",
        "stem\ncells",
        "stem\tcells",
        "stem\u00adcells",
        "st\u200bem cel\u200dls",
        "stem\u2060 \ufeffcells",
        "stemcells",
        "s\u0336t\u0336e\u0336m cells",
        "stém cells",
        "ｓｔｅｍ ｃｅｌｌ",
        "stеm сеlls",  # Cyrillic е, с
        "ѕtem cells",  # Cyrillic ѕ
        "STΕΜ CELLS",  # Greek capitals
        "ꜱᴛᴇᴍ ᴄᴇʟʟꜱ",
        'so-called "stem" cells',
        "stem·cells",
        "stem_cells",
        "(stem cells)",
        "a stem cell's",
        "PRP",
        "prp",
        "PRPs",
        "P.R.P.",
        "P R P",
        "РRР",  # Cyrillic Р
        "ᏢᎡᏢ",  # Cherokee
        "ꓑꓣꓑ",  # Lisu
        "\U0001f17f\U0001f181\U0001f17f",  # negative squared
        "\U0001f1f5\U0001f1f7\U0001f1f5",  # regional indicators
        "PRP2",
        "<b>stem</b> cells",
        "<stem cells>",
        "P<!-- -->RP",
        "platelet rich plasma",
        "Platelet‑rich‑plasma",
        "Celulas Madre",
        "células madre",
        "新的干细胞疗法",
    ],
)
def test_no_spelling_dodges_the_words(text: str) -> None:
    assert asks_for_words(with_text(text))


@pytest.mark.parametrize(
    "text", ["", "system cellular", "the femoral stem", "stem. It cells", "cells", "PRPX", "XPRP", "carp reply"]
)
def test_other_words_ask_for_nothing(text: str) -> None:
    assert not asks_for_words(with_text(text))


def test_words_count_wherever_a_reader_can_see_them() -> None:
    words = Text(text="stem cells")
    blocks: list[Block] = [
        paragraph(Emphasis(content=(Text(text="stem"),)), Text(text=" cells")),
        paragraph(Text(text="st"), Strong(content=(Text(text="em c"),)), Text(text="ells")),
        paragraph(Text(text="stem"), LineBreak(), Text(text="cells")),
        paragraph(Text(text="stem "), Citation(items=(CitationItem(key="k", at=AT),), at=AT), Text(text=" cells")),
        paragraph(Code(text="stem cells")),
        paragraph(Image(source=("a.png",), alt="stem cells", at=AT)),
        paragraph(Link(target=("https://example.org/stem%2Dcells",), content=(Text(text="here"),), at=AT)),
        paragraph(Citation(items=(CitationItem(key="k", at=AT, prefix="on stem cells"),), at=AT)),
        CodeBlock(text="stem\ncells", at=AT),
        Table(header=((Text(text="x"),),), rows=(((words,),),), align=(None,), at=AT),
        TypedBlock(name="callout", attributes={"title": ("stem cells",)}, blocks=(), at=AT),
        TypedBlock(name="quote", attributes={}, blocks=(paragraph(words),), at=AT),
        TypedBlock(name="table", attributes={"caption": ("stem cells",)}, blocks=(), at=AT),
        TypedBlock(name="author", attributes={"name": ("Ann",), "alt": ("stem cells",)}, blocks=(), at=AT),
        TypedBlock(name="event", attributes={"title": ("stem cells",)}, blocks=(), at=AT),
        TypedBlock(name="related", attributes={"title": ("stem cells",)}, blocks=(), at=AT),
        TypedBlock(
            name="columns",
            attributes={},
            blocks=(TypedBlock(name="column", attributes={}, blocks=(paragraph(words),), at=AT),),
            at=AT,
        ),
    ]
    assert [block for block in blocks if not asks_for_words(with_body(block))] == []


def test_front_matter_counts_too() -> None:
    issues = [
        replace(ISSUE, title="PRP"),
        replace(ISSUE, subject=("About ", "PRP")),
        replace(ISSUE, preheader=("PRP",)),
        replace(ISSUE, authors=("The PRP team",)),
        replace(ISSUE, variables={"x": "PRP"}),
    ]
    assert [issue for issue in issues if not asks_for_words(issue)] == []


@pytest.mark.parametrize(
    "shown",
    [
        {"author": [{"literal": "The PRP Group"}]},
        {"editor": [{"family": "Ann", "given": "PRP"}]},
        {"publisher-place": "PRP"},
        {"event-title": "Congress on stem cells"},
        {"URL": "https://example.org/stem%20cells"},
        {"volume": "PRP"},
    ],
)
def test_every_shown_field_of_a_cited_reference_counts(shown: dict[str, object]) -> None:
    citing = with_body(paragraph(Citation(items=(CitationItem(key="a", at=AT),), at=AT)))
    assert asks_for_words(citing, Reference(key="a", csl={"title": "Hips", **shown}, at=AT))


def test_what_a_reference_never_shows_does_not_count() -> None:
    citing = with_body(paragraph(Citation(items=(CitationItem(key="a", at=AT),), at=AT)))
    hidden = {"abstract": "PRP", "note": "PRP", "keyword": "PRP", "id": "PRP"}
    assert not asks_for_words(citing, Reference(key="a", csl={"title": "Hips", **hidden}, at=AT))


def test_only_cited_references_count() -> None:
    citing = with_body(paragraph(Citation(items=(CitationItem(key="a", at=AT),), at=AT)))
    about = Reference(key="a", csl={"title": "<i>Stem</i> cells in the hip"}, at=Place(file="r.json", line=3))
    assert asks_for_words(citing, about)
    assert not asks_for_words(citing, replace(about, key="b"))
    assert [r.at.file for r in required_ids(citing, (about,), POLICY)][-1] == "r.json"


@given(
    st.lists(st.sampled_from(["", "\u200b", "\u00ad", "\u2060", "\u0301"]), min_size=10, max_size=10),
    st.text(st.sampled_from(" -\u2010\u2013\u00a0\n\u2003"), min_size=1, max_size=5),
    st.booleans(),
)
def test_invisible_characters_and_any_gap_change_nothing(between: list[str], gap: str, upper: bool) -> None:
    spelled = "".join(letter + hidden for letter, hidden in zip("stemcells", between, strict=False))
    cut = spelled.index("c")
    text = f"new {spelled[:cut]}{gap}{spelled[cut:]} here"
    assert asks_for_words(with_text(text.upper() if upper else text))


@given(st.text())
def test_levelling_never_fails_and_any_word_finds_itself(text: str) -> None:
    if (words := levelled(text)) and levelled(words) == words:
        assert mentions(words).search(words)


def test_the_language_is_looked_up_from_the_whole_tag_to_its_base() -> None:
    catalogue = [
        disclaimer("general", "es"),
        disclaimer("general", "en"),
        disclaimer("delivery", "es-MX"),
        disclaimer("delivery", "es"),
    ]
    chosen, problems = select(replace(ISSUE, language="es-MX"), (), POLICY, catalogue, TODAY)
    assert [(d.id, d.language) for d in chosen] == [("general", "es"), ("delivery", "es-MX")]
    assert problems == []


def test_a_disclaimer_missing_in_the_language_is_an_error_and_never_another_language() -> None:
    chosen, problems = select(
        replace(ISSUE, language="fr"), (), POLICY, [disclaimer("general"), disclaimer("delivery")], TODAY
    )
    assert chosen == ()
    assert [p.code for p in problems] == ["disclaimer-missing"] * 2
    assert "`general` is required for every issue" in problems[0].message
    assert "(fr)" in problems[0].message
    assert "templates/disclaimers/general.fr.md" in problems[0].fix


def test_one_that_is_not_in_force_that_day_names_its_dates() -> None:
    old = disclaimer("general", effective_until=date(2026, 6, 30))
    coming = disclaimer("general", version="2", effective_from=date(2027, 1, 1))
    chosen, problems = select(ISSUE, (), POLICY, [old, coming, disclaimer("delivery")], TODAY)
    assert [d.id for d in chosen] == ["delivery"]
    (problem,) = problems
    assert problem.code == "disclaimer-not-in-force"
    for words in ("2026-12-01", "from 2026-01-01 until 2026-06-30", "from 2027-01-01 on"):
        assert words in problem.message


def test_of_several_versions_in_force_the_newest_is_taken() -> None:
    policy = PolicySection(required=("general",))
    versions = [
        disclaimer("general", version="2", effective_from=date(2026, 6, 1)),
        disclaimer("general", version="10", effective_from=date(2026, 6, 1)),
        disclaimer("general", version="1"),
        disclaimer("general", version="11", effective_from=date(2027, 6, 1)),
    ]
    chosen, problems = select(ISSUE, (), policy, versions, TODAY)
    assert [d.version for d in chosen] == ["10"]
    assert problems == []


def test_an_unknown_id_of_the_author_names_the_nearest() -> None:
    issue = replace(ISSUE, disclaimers=("genral",), places={"disclaimers": AT})
    _, problems = select(issue, (), PolicySection(required=()), [disclaimer("general")], TODAY)
    (problem,) = problems
    assert (problem.code, problem.place, problem.fix) == ("disclaimer-unknown", AT, "Did you mean `general`?")
