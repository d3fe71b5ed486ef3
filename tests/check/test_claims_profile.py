"""The shipped profile: every example of every rule, denials of all kinds, and a careful letter beside a careless one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from newsletter.check.claims.matching import flags, read
from newsletter.check.claims.screening import screen
from newsletter.check.claims.statements import statements
from tests.check import claims_sentences
from tests.check.claims import content_of, shipped
from tests.check.claims_letters import CAREFUL, CARELESS

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.claims.profile import ClaimRules


@cache
def rules() -> ClaimRules:
    return shipped()


def found(folder: Path, sentence: str) -> dict[str, str]:
    """The ids of the rules that speak of a sentence, and their levels. The title of the file is harmless."""
    reads = [read(one, rules()) for one in statements(content_of(folder, sentence, rules()))]
    return {flag.rule.id: flag.level.value for flag in flags(reads, rules())}


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: rule.id)
def test_every_example_of_a_rule_shows_what_it_says(rule: object, tmp_path: Path) -> None:
    own = rules().by_id[rule.id]  # type: ignore[attr-defined]
    assert own.examples.hit
    assert own.examples.no_hit
    assert own.why
    assert own.instead
    silent = [text for text in own.examples.hit if own.id not in found(tmp_path, text)]
    loud = [text for text in own.examples.no_hit if own.id in found(tmp_path, text)]
    assert (silent, loud) == ([], [])


@pytest.mark.parametrize(
    "sentence",
    [
        "We do not claim to cure anything.",
        "There is currently no cure for osteoarthritis.",
        "Osteoarthritis can't be cured, but it can be managed.",
        "It isn’t a miracle, and it isn’t a cure.",
        "Our aim is not to cure arthritis but to keep you walking.",
        "While no one can guarantee a result, most people are glad they came.",
        "We cannot, and do not, guarantee a particular outcome.",
        "Individual results vary and are not guaranteed.",
        "None of this is a guarantee of recovery.",
        "No treatment of which we know today can guarantee that.",
        "This does not cure, reverse or stop arthritis.",
        "Whether injected cells regenerate cartilage in people is not known.",
        "Clinics that promise a cure are a red flag.",
        "Physicians who guarantee a result should make you suspicious.",
        "No stem cell product has been approved by the FDA for the spine.",
        "A painless lump should be seen by a doctor.",
        "Physical therapy restores strength and balance.",
        "Falls are the leading cause of hip fractures.",
        "It has not been clinically proven.",
        "The bone cement is cured after ten minutes.",
        "Ask for `cure` at the desk.",
        "The authors looked at it again [@ok2020].",
    ],
)
def test_what_is_denied_or_harmless_is_no_claim(sentence: str, tmp_path: Path) -> None:
    assert found(tmp_path, sentence) == {}


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("Not only does it ease pain, it cures arthritis.", "cure"),
        ("There is no doubt that this cures arthritis.", "cure"),
        ("Nobody else can cure this.", "cure"),
        ("Don't wait, get cured today.", "cure"),
        ("Without surgery we cure arthritis.", "cure"),
        ("With no surgery our method cures arthritis.", "cure"),
        ("We do not use steroids and our method cures arthritis.", "cure"),
        ("It is not magic; it cures arthritis.", "cure"),
        ("Our treatment never fails to heal the pain.", "cure"),
        ("It CURES **arth**ritis.", "cure"),
        ("It cu\u00adres arthritis, and cu\u200bres it fast.", "cure"),
        ("Say no to pills and yes to a guaranteed recovery.", "guarantee-result"),
        ("You won't believe how it regrows cartilage.", "regrow-tissue"),
        ("Clinically-proven, in all of our patients.", "proven"),
    ],
)
def test_what_only_looks_like_a_denial_is_refused(sentence: str, rule: str, tmp_path: Path) -> None:
    assert found(tmp_path, sentence).get(rule) == "error"


@pytest.mark.parametrize(
    "sentence", ["Can cartilage regrow?", "Is there a cure for arthritis?", "Want guaranteed relief?"]
)
def test_a_question_is_for_review_at_most(sentence: str, tmp_path: Path) -> None:
    assert set(found(tmp_path, sentence).values()) <= {"review", "information"}


def test_a_careful_letter_is_left_alone_and_a_careless_one_is_not(tmp_path: Path) -> None:
    """The careful one has one thing to sign: a heading that asks whether cartilage can grow back."""
    careful = screen(content_of(tmp_path, CAREFUL, rules()))
    assert [(claim.flag.words, claim.flag.level.value) for claim in careful.claims] == [
        ("cartilage grow back", "review")
    ]
    assert careful.missing == ()
    careless = screen(content_of(tmp_path, CARELESS, rules()))
    assert {claim.flag.rule.id for claim in careless.claims} >= {
        *(
            "regrow-tissue",
            "instead-of-surgery",
            "discount",
            "superlative",
            "guarantee-result",
            "proven",
            "always-never",
        ),
        *("fda-approved", "painless", "risk-free", "hundred-percent", "cure", "better-than", "prp-benefit"),
        *("quoted-outcome", "testimonial", "price", "novelty", "many-conditions"),
    }
    assert [one.flag.rule.id for one in careless.missing] == ["product-without-notice"]


def flagged(folder: Path, sentences: str) -> dict[str, set[str]]:
    """Sentence -> the levels of what is said of it; each stands in a paragraph of its own."""
    text = "\n\n".join(sentences.splitlines())
    reads = [read(one, rules()) for one in statements(content_of(folder, text, rules()))]
    said: dict[str, set[str]] = {}
    for flag in flags(reads, rules()):
        said.setdefault(flag.statement.text, set()).add(flag.level.value)
    return said


def test_no_careful_sentence_waits_for_a_signature(tmp_path: Path) -> None:
    said = flagged(tmp_path, claims_sentences.CAREFUL)
    assert {sentence for sentence, levels in said.items() if levels - {"information"}} == set()


def test_slogans_are_refused_or_wait_for_a_signature(tmp_path: Path) -> None:
    """Their phrases are known to the profile; of slogans that it has not seen it finds a third to a half."""
    said = flagged(tmp_path, claims_sentences.SLOGANS)
    found = {sentence for sentence, levels in said.items() if levels - {"information"}}
    # some slogans are two sentences
    assert [slogan for slogan in claims_sentences.SLOGANS.splitlines() if not any(one in slogan for one in found)] == []


@pytest.mark.parametrize(
    ("sentence", "rules_that_speak"),
    [
        ("Some ads say that PRP is a cure. It isn't.", {}),
        ("Is there a cure for arthritis? Not yet.", {}),
        ("This is a cure. It isn't cheap.", {"cure": "error"}),
        ("Guarantee yourself a good night: put a pillow between your legs.", {}),
        ("They followed 224 people with painless tears.", {}),
        ("PRP was no better than salt water.", {}),
        ('The panel judged that PRP "probably does not provide any improvement".', {}),
        (
            "PRP is made with devices that the FDA has cleared; its use for the elbow is what is known as “off-label.”",
            {},
        ),
        ("Readers ask about PRP and stem cells for the knee; we do not offer them.", {}),
        ("Readers often ask about stem cells. We do not offer them.", {}),
        ("PRP and stem cells are advertised a lot, but our clinic does not recommend either.", {}),
        ("Readers often ask about stem cells. We offer them.", {"product-without-notice": "error"}),
        ("Stem cells rebuild your joint from within.", {"guarantee": "review", "product-without-notice": "error"}),
        ("We offer the most advanced care in the region.", {"superlative": "review"}),
        ("The package is now $2,999 instead of $3,999.", {"discount": "review"}),
        ("Thousands of satisfied patients can't be wrong.", {"testimonial": "review"}),
        ('"I was in a wheelchair, and then I ran a marathon," says Bob K.', {"quoted-outcome": "review"}),
        ("No pills, no surgery, no downtime.", {"instead-of-surgery": "review", "risk-free": "error"}),
    ],
)
def test_what_readers_of_letters_found(sentence: str, rules_that_speak: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, sentence) == rules_that_speak
