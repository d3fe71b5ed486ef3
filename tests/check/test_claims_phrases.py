"""The language of phrases: what each sign stands for, and what is refused with words on what to write instead."""

from __future__ import annotations

import pytest

from newsletter.check.claims.finder import Finder
from newsletter.check.claims.phrases import BadPhrase, ways_of
from newsletter.check.claims.words import normalised, words_of

LISTS = {"tissue": ("cartilage", "tendon*", "joint tissue", "disc|disk".partition("|")[0])}


def says(phrase: str, text: str) -> list[str]:
    """The pieces of the text that say the phrase."""
    words = words_of(text)
    hits = Finder((way, phrase) for way in ways_of(phrase, LISTS)).find(words.words)
    return [words.piece(hit.first, hit.last) for hit in hits]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("cure*", "A cure, cured, secure.", ["cure", "cured"]),
        ("pain*free", "painfree pain", ["painfree"]),
        ("risk free", "Risk-free!", ["Risk-free"]),
        ("risk-free", "risk  free", ["risk  free"]),
        ("heal|mend it", "heal it, mend it, end it", ["heal it", "mend it"]),
        ("heal the? knee", "heal knee; heal the knee", ["heal knee", "heal the knee"]),
        ("heal {tissue}", "heal tendons, heal joint tissue, heal skin", ["heal tendons", "heal joint tissue"]),
        ("{number} %", "20 %, 30%, 1,200.5 %", ["20 %", "30%", "1,200.5 %"]),
        ("change* ... life", "changed my whole life", ["changed my whole life"]),
        ("change* ... life", "changed a b c d e life", []),
        ("change* ... life", "changed life", ["changed life"]),
        ("don't wait", "Don’t wait", ["Don’t wait"]),
        ("cure", "cu\u00adre \u202ecu\u200bre", ["cu\u00adre", "cu\u200bre"]),
        ("# 1", "#1", ["#1"]),
        ("best|world-class care", "world class care, best care", ["world class care", "best care"]),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, text: str, found: list[str]) -> None:
    assert says(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "what"),
    [
        ("", "no word"),
        ("!!!", "no word"),
        ("*cure", "star"),
        ("c*", "star"),
        ("cu**re", "star"),
        ("{bone} healing", "no list"),
        ("(a+)+b", "no meaning"),
        ("... cure", "begins and ends"),
        ("cure ... ...  now", "too many gaps"),
        ("a b c d e f g h i j k l m", "13 words"),
        ("word " * 100, "characters"),
        (" ".join(["a?"] * 12), "too many ways"),
        ("a?", "begins and ends"),
    ],
)
def test_what_no_phrase_can_be_is_refused(phrase: str, what: str) -> None:
    with pytest.raises(BadPhrase, match=what) as refused:
        ways_of(phrase, LISTS)
    assert " | " in str(refused.value)


def test_a_sentence_is_the_same_whatever_its_spaces_and_quotation_marks() -> None:
    assert normalised("It  “works”,\n it’s\u00ad  said\x07") == normalised('It "works", it\'s said')


def test_phrases_that_many_rules_share_are_found_once() -> None:
    finder = Finder((way, "cure") for _ in range(1000) for way in ways_of("cure", {}))
    assert len(finder.find(("cure",) * 10)) == 10
