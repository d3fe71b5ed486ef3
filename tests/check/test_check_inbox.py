"""What the inbox shows, what authors left behind, and gaps of merge tags: told in bad lines, silent in good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.written import inbox, inbox_words, leftovers, merge_gaps, spam_words
from newsletter.model.problem import Level
from tests.check.typed import problems, told

if TYPE_CHECKING:
    from pathlib import Path

RULES = (*inbox.RULES, *inbox_words.RULES, *leftovers.RULES, *merge_gaps.RULES, *spam_words.RULES)
PREHEADER = "How far, how often, and when to stop and call us"


def issue(
    subject: str, preheader: str = PREHEADER, *, language: str = "en", body: str = "Walk a little every day."
) -> str:
    return (
        f"---\ntitle: Walking after a knee operation\nlanguage: {language}\nsubject: '{subject}'\npreheader: '{preheader}'\n---\n"
        f"{body}\n"
    )


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("WALKING AFTER AN OPERATION", "inbox-capitals"),
        ("News: FREE KNEE CHECK TODAY for all", "inbox-capitals"),
        ("We have moved!!", "inbox-marks"),
        ("Can I run again?!", "inbox-marks"),
        ("Hurray! We have moved!", "inbox-marks"),
        ("Save $$$ on visits", "inbox-marks"),
        ("\U0001f3c3\U0001f3c3\U0001f3c3 Run again", "inbox-marks"),
        ("Re: your knee", "subject-false-reply"),
        ("FWD: your knee", "subject-false-reply"),
        ("AW: Ihr Knie", "subject-false-reply"),
        ("Larkmeadow Letters: walking", "subject-repeats-sender"),
        ("Larkmeadow Clinic on walking", "subject-repeats-sender"),
        ("A miracle cure for knees", "spam-words"),
        ("Run again, risk-free", "spam-words"),
        ("Guaranteed results in a week", "spam-words"),
        ("What we know about [TOPIC NAME]", "text-leftover"),
        ("TBD", "text-leftover"),
        ('{{ first_name | default("") }}, can you walk?', "merge-tag-gap"),
        ("How far to walk, how often, with which shoes and when to stop and to call us", "subject-long"),
    ],
)
def test_a_bad_subject_is_told_at_its_line(tmp_path: Path, subject: str, code: str) -> None:
    assert [(found, line) for found, line, _ in told(tmp_path, issue(subject), RULES)] == [(code, 4)]


@pytest.mark.parametrize(
    ("subject", "language"),
    [
        ("Running after hip resurfacing: what to ask before you start", "en"),
        ("FDA and WHO on PRP: a look at MRI scans", "en"),
        ("HIPAA, FERPA & COPPA: who may see the chart?", "en"),
        ("Can I run again? And when?", "en"),
        ("Report of the year: reply to us \U0001f3c3", "en"),
        ("A free consultation on 100 % of Tuesdays, for $5", "en"),
        ("There is no miracle cure for arthritis", "en"),
        ("¿Puedo correr otra vez? ¡Sí!", "es"),
        ("Bonjour à tous ! Que faire ?", "fr"),
        ("Sport ohne Risiko, Mittel ohne Rezept", "de"),
        ("Keine Wunderheilung: was PRP kann", "de"),
        ("ריצה אחרי ניתוח", "he"),
        ('{{ first_name | default("Reader") }}, can you walk?', "en"),
        ("Regarding your knee", "en"),
    ],
)
def test_a_good_subject_is_silent(tmp_path: Path, subject: str, language: str) -> None:
    assert told(tmp_path, issue(subject, language=language), RULES) == []


@pytest.mark.parametrize(
    ("preheader", "level"),
    [
        ("Walking: how far to go", Level.WARNING),
        ("walking - how far to GO! And more words besides", Level.WARNING),
        ("Walk a little every day, even when it rains", Level.INFORMATION),
    ],
)
def test_a_preheader_that_repeats_is_told(tmp_path: Path, preheader: str, level: Level) -> None:
    text = issue("Walking: how far to go", preheader, body="Walk a little every day, even when it rains, and rest.")
    found = [one for one in problems(tmp_path, text, RULES) if one.code != "preheader-length"]
    assert [(one.code, one.level, one.place.line) for one in found] == [("preheader-repeats", level, 5)]


def test_a_title_that_is_the_subject_is_told_once(tmp_path: Path) -> None:
    text = f"---\ntitle: 'ACT NOW TODO!!'\npreheader: {PREHEADER}\n---\nWords.\n"
    assert told(tmp_path, text, RULES) == [
        ("inbox-capitals", 2, 9),
        ("inbox-marks", 2, 21),
        ("text-leftover", 2, 17),
        ("spam-words", 2, 9),
    ]


def test_spam_phrases_in_a_body_are_told_when_they_pile_up(tmp_path: Path) -> None:
    two = "This is risk-free.\n\nIt has no side effects.\n\nNo side effects at all."
    assert told(tmp_path, issue("Walking", body=two), RULES) == []
    (one,) = problems(tmp_path, issue("Walking", body=f"{two}\n\nSo act now!"), RULES)
    assert (one.code, one.level, one.place.line, one.place.column) == ("spam-words", Level.INFORMATION, 7, 9)
    assert "3 phrases" in one.message


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_every_spam_phrase_can_be_found(language: str) -> None:
    assert spam_words.PHRASES[language]
    pattern = spam_words._phrases(language)
    assert pattern is not None
    assert pattern.search("viagra")


@pytest.mark.parametrize(
    "mark",
    [
        "[INSERT DATE]",
        "[insert the date here]",
        "[NAME]",
        "[CLINIC NAME]",
        "[einfügen: Datum]",
        "[placeholder]",
        "[your name]",
        "[link here]",
        "XX.XX.2026",
        "12.XX.2026",
        "2026-xx-xx",
        "00.00.2026",
        "xx:xx",
        "???",
        "tbd",
        "asdf",
        "[citation needed]",
        "Error! Reference source not found",
        "blah blah",
        "TODO",
        "Lorem ipsum",
    ],
)
def test_a_placeholder_is_told_where_it_stands(tmp_path: Path, mark: str) -> None:
    assert told(tmp_path, issue("Walking", body=f"Words.\n\nWe meet on {mark} at noon."), RULES) == [
        ("text-leftover", 9, 12)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Coming soon. Really??? [sic] [1] [the] [your] joints [Enter] [PDF] 2026-13-45 00-49-2012 XX chromosomes.",
        "Tick-borne disease (TBD) is rare. TBD is treated with antibiotics.",
        "`TODO` and `[NAME]` in code.\n\n```\nTODO [INSERT DATE] ???\n```\n\n    XX.XX.2026\n",
        "[Name](https://example.org) and [LINK](https://example.org).",
    ],
)
def test_ordinary_words_are_no_placeholders(tmp_path: Path, words: str) -> None:
    assert told(tmp_path, issue("Walking", body=words), leftovers.RULES) == []


def test_marks_that_are_words_elsewhere(tmp_path: Path) -> None:
    assert told(tmp_path, issue("Gehen", language="de", body="Die TK zahlt. TODO"), leftovers.RULES) == [
        ("text-leftover", 7, 15)
    ]
    assert told(tmp_path, issue("Andar", language="es", body="ES TODO. TODO: más"), leftovers.RULES) == [
        ("text-leftover", 7, 10)
    ]


def test_each_leftover_has_its_own_place(tmp_path: Path) -> None:
    body = "Words TODO and **TODO**\nand TODO.\n\n[a](https://example.org/TODO)\n"
    assert [place for _, *place in told(tmp_path, issue("Walking", body=body), leftovers.RULES)] == [
        [7, 7],
        [7, 18],
        [8, 5],
        [10, 25],
    ]


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ('Dear {{ first_name | default("") }}, welcome.', 6),
        ('Hello {{ first_name | default(" ") }}! Welcome.', 7),
        ('Hello **{{ first_name | default("") }}**! Welcome.', 9),
        ('{{ first_name | default("") }}, welcome.', 1),
    ],
)
def test_an_empty_fallback_before_a_comma_is_told_at_the_tag(tmp_path: Path, body: str, column: int) -> None:
    assert told(tmp_path, body, merge_gaps.RULES) == [("merge-tag-gap", 5, column)]


@pytest.mark.parametrize(
    "body",
    [
        'Dear {{ first_name | default("reader") }}, welcome.',
        "Dear {{ first_name }}, told where it is read.",
        'Hello{{ first_name | default("") }}, welcome.',
        'Hello {{ first_name | default("") }} and welcome.',
        'Dear {{ first_name | default("") }} {{ last_name | default("reader") }}, welcome.',
        "Dear\n`code`, welcome.",
    ],
)
def test_other_tags_leave_no_gap(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, body, merge_gaps.RULES) == []
