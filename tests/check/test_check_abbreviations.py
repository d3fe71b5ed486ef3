"""Abbreviations are introduced before they are used, once, with the right letters, and for a reason."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.check.prose.abbreviations import RULES
from newsletter.model.journal import Journal
from tests.check.prose_content import content_of, examples_of, problems_in

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "---\ntitle: Knees\npreheader: How far and how often to walk\n"


def told(folder: Path, text: str, **known: Any) -> list[str]:
    return [f"{one.code} {one.message.split()[0]}" for one in problems_in(folder, RULES, text, **known)]


@pytest.mark.parametrize(
    "text",
    [
        "A torn anterior cruciate ligament (ACL) hurts. The ACL heals.",
        "ACL (anterior cruciate ligament) tears hurt.",
        "The anterior cruciate ligament, or ACL, hurts. The ACL heals.",
        "The anterior cruciate ligament (“ACL”) hurts. The ACL heals.",
        "ACL stands for anterior cruciate ligament. The ACL heals.",
        "Nonsteroidal anti-inflammatory drugs (NSAIDs) help. An NSAID helps.",
        "Platelet-rich plasma (PRP) is blood. PRP-treated knees and non-PRP knees are alike.",
        "Transcutaneous electrical nerve stimulation (TENS) tingles. TENS is safe.",
        "The WOMAC (Western Ontario and McMaster Universities Osteoarthritis Index) is a scale. WOMAC scores fell.",
        "Dual-energy X-ray absorptiometry (DXA) is quick. DXA is safe.",
        "## Anterior cruciate ligament (ACL)\n\nThe ACL heals.",
        "## Is your ACL torn?\n\nThe anterior cruciate ligament (ACL) heals. The ACL is strong.",
        "An MRI, a CT and two X-rays; the FDA, the USA and the UK; COVID-19, HIV and DNA; at 5 PM; a PDF and an ID.",
        "Jane Doe, MD, FAAOS, and John Roe, PT, DPT, are in Springfield, CA, and Reno, NV.",
        "Ask Jane Doe, MQX, PZK. She knows.",
        "Phase II and phase III; chapter XIV.",
        "You must NOT run, and NEVER ALONE.",
        "THIS IS THE ACL LINE",
        "Vertebrae L4-L5, HLA-B27, MMP-13, and T2.",
        "Foster TE, Puskas BL, Mandelbaum BR. A paper of theirs.",
        "Ask your GP or the NHS for a DXA scan, in A&E or at home. GPs know.",
        "Relative energy deficiency in sport (RED-S) is common. RED-S is serious. UV-A light is not.",
        "Stop NOW. You must REST. It is ROM (range of motion) that counts. ROM grows.",
        "- one\n- two `ACL` and {{ first_name | default('ACL') }}",
        "> The ACL was torn.",
        '::: button href="https://example.org"\nRead about ACL\n:::',
    ],
)
def test_what_is_explained_or_known_is_silent(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text + "\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ACL heals, and the ACL is strong.", ["abbreviation-not-introduced"]),
        ("The ACL heals. An anterior cruciate ligament (ACL) is strong.", ["abbreviation-not-introduced"]),
        ("The anterior cruciate ligament is strong, and so are ACLs.", ["abbreviation-not-introduced"]),
        ("Most people do ROM exercises twice a day.", ["abbreviation-not-introduced"]),
        ("Runners may have RED-S.", ["abbreviation-not-introduced"]),
        ("Relative energy deficiency in sport (RES-D) is common. RES-D is serious.", ["abbreviation-letters"]),
        ("The trial was small (ACL).", ["abbreviation-not-introduced"]),
        (
            "The anterior cruciate ligament (ACL) tears. The anterior cruciate ligament (ACL) heals.",
            ["abbreviation-introduced-twice"],
        ),
        ("The anterior cruciate ligament (ACL) tears.", ["abbreviation-unused"]),
        ("The anterior cruciate ligament (ALC) tears. An ALC heals.", ["abbreviation-letters"]),
        ("The medial collateral ligament (MLC) tears. An MLC heals.", ["abbreviation-letters"]),
    ],
)
def test_each_fault_is_told_by_its_rule_only(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert [line.split()[0] for line in told(tmp_path, text + "\n")] == expected


def test_the_place_is_that_of_the_abbreviation(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, RULES, "Walk a little.\n\nThe **torn** ACL heals.\n")
    assert (problem.place.line, problem.place.column) == (7, 14)
    assert "nowhere introduced" in problem.message


def test_the_glossary_and_the_senders_own_name_need_no_introduction(tmp_path: Path) -> None:
    assert told(tmp_path, "The ACL heals.\n", words=["ACL", "PRP kit"]) == []


def test_an_abbreviation_in_the_subject_is_a_use(tmp_path: Path) -> None:
    text = f"{HEAD}subject: Your ACL\n---\nThe anterior cruciate ligament (ACL) tears.\n"
    assert told(tmp_path, text) == []


def test_readers_of_different_blocks_may_each_get_an_introduction(tmp_path: Path) -> None:
    one = "The anterior cruciate ligament (ACL) tears. The ACL heals."
    text = f'::: only audience="runners"\n{one}\n:::\n\n::: except audience="runners"\n{one}\n:::\n'
    assert "abbreviation-introduced-twice" not in " ".join(told(tmp_path, text))


def test_other_languages_are_left_alone(tmp_path: Path) -> None:
    assert told(tmp_path, f"{HEAD}language: de\n---\nDas VKB heilt, ein Band (VKB) auch.\n") == []


def test_a_journal_that_is_known_by_its_letters_needs_no_introduction(tmp_path: Path) -> None:
    class Journals:
        def named(self, name: str) -> Journal | None:
            return Journal(title="Journal of Quiet Knees", abbreviation=name) if name == "JQK" else None

    content = content_of(tmp_path, "A paper in JQK said so. The ACQ heals; in ACQ it does not.\n")
    known = dataclasses.replace(content, knowledge=dataclasses.replace(content.knowledge, journals=Journals()))
    assert [problem.message.split()[0] for rule in RULES for problem in rule(known)] == ['"ACQ"']


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_show_what_the_page_says(tmp_path: Path, rule: Any) -> None:
    for text, bad in examples_of(rule):
        assert bool(problems_in(tmp_path, [rule], text)) is bad
