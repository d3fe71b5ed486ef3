"""Copy-editing: what is caught, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.prose import agreement, consistency, languages, marks, phones, phrases, residue, topic
from tests.check.typed import HEAD, told

if TYPE_CHECKING:
    from pathlib import Path

RULES = (
    *phrases.RULES,
    *agreement.RULES,
    *marks.RULES,
    *residue.RULES,
    *phones.RULES,
    *consistency.RULES,
    *topic.RULES,
    *languages.RULES,
)


def codes(folder: Path, text: str) -> list[str]:
    return [code for code, _, _ in told(folder, text, RULES)]


@pytest.mark.parametrize(
    "wrong",
    [
        "We look into to the reasons.",
        "You could of asked us.",
        "The side affects are few.",
        "It has no affect on healing.",
        "This can effect how you walk.",
        "Your welcome to call.",
        "You are better once your able to bend it.",
        "You’re knee needs rest.",
        "Its not a race.",
        "It's own weight is enough.",
        "Their are two ways.",
        "Ask there own doctor.",
        "Wait more then ten days.",
        "It is better then the other way.",
        "Walk rather then run.",
        "You may loose weight.",
        "The principle investigator wrote to us.",
        "This is no medical advise.",
        "Do not put to much weight on it.",
        "Lie down and breath deeply.",
        "It is not a cure, per say.",
        "It took alot of time.",
        "You dont need it.",
        "Bare in mind that it heals slowly.",
        "You are suppose to rest.",
        "It feels more better now.",
    ],
)
def test_a_word_that_is_wrong_where_it_stands_is_told(wrong: str, tmp_path: Path) -> None:
    assert codes(tmp_path, wrong) == ["wrong-words"]


@pytest.mark.parametrize(
    "wrong",
    [
        "These study showed little.",
        "Each exercises helps? No: each joints.",
        "Many patient are young.",
        "These supplement are sold.",
        "These exercise are good.",
    ],
)
def test_one_or_several(wrong: str, tmp_path: Path) -> None:
    assert codes(tmp_path, wrong) == ["number-disagrees"]


@pytest.mark.parametrize(
    "wrong",
    [
        "Ask for a X-ray.",
        "Get a MRI first.",
        "Wait a hour.",
        "An knee heals.",
        "It is an unique case.",
        "A operation helps.",
    ],
)
def test_a_and_an(wrong: str, tmp_path: Path) -> None:
    assert codes(tmp_path, wrong) == ["article-a-an"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("Bend the knee.Then stretch it.", "mark-space-missing"),
        ("Bend,stretch and rest.", "mark-space-missing"),
        ("Bend (slowly)and stretch.", "mark-space-missing"),
        ("Is it safe?Ask us.", "mark-space-missing"),
        ("Bend the knee , then stretch it.", "mark-space-before"),
        ("Is it safe ?", "mark-space-before"),
        ("Bend the knee,, then rest.", "mark-doubled"),
        ("Bend the knee..", "mark-doubled"),
        ("Bend the knee,.", "mark-doubled"),
        ("Bend the knee (slowly, then rest.", "bracket-unpaired"),
        ("Bend the knee slowly), then rest.", "bracket-unpaired"),
        ("Scroll to top", "web-residue"),
        ("Walk daily. Share this article", "web-residue"),
        ("Advertisement", "web-residue"),
        ("Walking helps.[citation needed]", "web-residue"),
        ("4 min read", "web-residue"),
        ("Call 213-555-0142 or (213) 555-0167.", "phone-formats-mixed"),
        ("Your followup is on Monday, the next follow-up in May.", "spelling-mixed"),
        ("Take an X-ray. The x-ray shows it.", "spelling-mixed"),
        ("Our orthopaedic team looks at the color.", "english-mixed"),
        ("## The hip\n\nYour hip heals. Most people drive after shoulder replacement.", "body-part-stray"),
    ],
)
def test_what_is_left_from_editing_is_told(wrong: str, code: str, tmp_path: Path) -> None:
    assert codes(tmp_path, wrong) == [code]


@pytest.mark.parametrize(
    "fine",
    [
        "You could of course call us. At its best it helps, and its effects last.",
        "Running is a joy to many people. This applies to much of what we know.",
        "First you rest, then the knee heals. He is your doctor, not mine. Take a breath in.",
        "More, then ten of them. You’re welcome; your doctor knows whether it's time.",
        "These study results are old. This results in pain, and this helps. Many exercise in the morning.",
        "These people are old, these two are new, those often are, and these data are rare. Those who have pain rest.",
        "These findings matter to several patients, and each study has its limits.",
        "An MRI, an X-ray, an hour, an honest answer, an FDA notice, an unidentified cause, an NSAID.",
        "A one-year trial, a uniform, a European study, a unilateral tear, a SLAP tear, a UV lamp, a T-cell.",
        "Vitamin A and plan A are fine. Option a is free.",
        "See example.org, e.g. the page. It is 3.5 cm, at 5 p.m. on 1,200 steps. Mr. Smith, Ph.D., came.",
        "Wait... then walk. Really?! Yes!! Rest, ice, etc., and so on. Smith et al., 2020.",
        "Write to ask@example.org or look at https://example.org/a,b.html (or call).",
        "First a) the left, then b) the right :) and 1) rest.",
        "Share what helps you with us. Read more books; search for rest, and come back to the top of the stairs.",
        "Call 213-555-0142 or 213-555-0167. We were open 1999-2004, on 2026-11-29, 10-20 people.",
        "Your follow-up is on Monday. We follow up with you. Recover, then re-cover the wound.",
        "Our specialist puts the emphasis on color and on minimal invasive ways. Orthopaedic Surgery is a name.",
        "## The hip\n\nYour hip heals. Stand on one foot. On the other hand, rest your hands.",
        "## The hip\n\nYour hip heals. Unlike knee replacement, it is rare. Both hip and shoulder surgery need rest.",
    ],
)
def test_good_words_are_left_alone(fine: str, tmp_path: Path) -> None:
    assert codes(tmp_path, fine) == []


def test_the_place_is_that_of_the_word(tmp_path: Path) -> None:
    text = "Walk **every** day.\n\n- First\n- Then look\n  into to it, as `code` says\n\n| a | b |\n|---|---|\n| x | more then ten |\n"
    assert told(tmp_path, text, RULES) == [("wrong-words", 9, 3), ("wrong-words", 13, 7)]


def test_the_subject_is_read_too(tmp_path: Path) -> None:
    head = HEAD.replace("title:", "subject: You could of asked\ntitle:")
    assert told(tmp_path, f"{head}\nWords.\n", RULES) == [("wrong-words", 2, 1)]


def test_other_languages_are_told_once_and_not_read_as_english(tmp_path: Path) -> None:
    head = HEAD.replace("title:", "language: de\ntitle:")
    text = f"{head}\nDas alot dont. A Operation, these study. Rufen Sie an , bitte.\n"
    assert told(tmp_path, text, RULES) == [("prose-not-checked", 2, 1)]
