"""The school grade of a text and its longest sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.check.prose.readability import RULES, grade, words_in
from newsletter.check.prose.syllables import syllables
from newsletter.model.problem import Level
from tests.check.prose_content import examples_of, problems_in

if TYPE_CHECKING:
    from pathlib import Path

BY_COUNT = {
    1: """
        a knee pain walk walked healed stopped called used safe rule rules while whole cause changed nurse price
        judged times bones notes lives quick heal real year nine tear tears torn ache tie tied die died lie dry
        voice joint joints oil boil shoe toe blue true due eye few new the he be she we me marked stairs weight
        twelve weeks shoes drive
    """,
    2: """
        walking surgeon patient patients doctor shoulder elbow ankle muscle tendon platelet plasma treatment
        treatments healing rested needed started useful useless safely little table tables able simple simply bottle
        handle handled angle schedule include includes because causes increase changes bandage nurses prices bruises
        watches washes boxes fixes studies study studied carried social special crucial partial femur anxious
        cautious region million question questions science patience ancient quiet client clients hygiene value
        values issue tissue fluent truly cruel fuel people pigeon gorgeous language equal frequent sequence ruin
        ruined playing player allowed power flower showing create learning rhythm spasm prism guideline guidelines
        lifetime statement movement movements hopeful careless sometimes nineteen hundred thousand aching lying
        dryer yoga yellow beyond royal loyal avoid doing going poet poem winter autumn almost others venous guidance
        differ number reason controlled published better modest routine relieve gastric chronic kidney option
        widespread cushioned footwear reserved disease loading described notice guided weaker poorly mileage percent
        stiffness stretching approved marrow driving slower refuse massive afraid explained vaccines fracture
        fractures balance weakness plantar headache rebuild joining famous
    """,
    3: """
        surgery medicine physician therapy therapist physical exercise ligament cartilage meniscus arthritis
        injection injections procedure procedures recovered possible included increases average bandages carrier
        easier easiest medial lateral initial official potential essential radius tibia humerus patella fibula
        cruciate serious various previous religious period opinion suggestion audience efficient sufficient nutrient
        actual usual gradual manual continue continued continues influence video stereo biopsy violin violence
        triangle appliance guarantee quality equipment adequate frequently genuine allowing powerful creating
        creation creative ideal area calcium medium museum hospital hospitals appointment insurance newsletter
        disclaimer management entirely completely carefully awareness tiredness everywhere seventy cortisone
        ultrasound magnetic resonance imaging employee employer avoided replaces cytokines collagen leukocyte
        randomized disagree benefit solution strengthening abductors aerobic replacement eccentric resistance
        difference evidence images correlate alternate condition aspirate adipose reaction capsular everything
        pharmacies density vertebral unexplained frequency concussion nausea protocol retiring famously
    """,
    4: """
        operation exercises inflammation mobility stability recovery impossible material bacteria initially
        especially artificial appreciate associate radiation experience experienced recipient society variety
        anxiety actually usually gradually evaluate situation geometry advantageous spontaneous biology diagnosis
        diagnostic diabetes dialysis diameter reliable variable fluidity influenza reality aquarium organism
        emergency information education definitely ibuprofen anesthesia consultation osteophytes synovium
        preparations controversial repeated accelerate dietitians significant insertional deformity umbilical
        autologous advertisement temporary infiltration alternatives medications available radicular scoliosis
        vestibular acupuncture receptionist
    """,
    5: """
        regenerative inflammatory flexibility association radiologist individual evaluation simultaneous
        miscellaneous neurological physiology continuity metabolism approximately radiographic hyaluronic
        corticosteroids tendinopathy
    """,
    6: """
        osteoarthritis rehabilitation cardiovascular acetaminophen anticoagulation physiotherapists
    """,
    7: """
        heterogeneity
    """,
}
EASY = "We walk a mile each day and then we rest. It is good for the knee. " * 12
HARD = (
    "Comprehensive interdisciplinary rehabilitation necessitates individually supervised physiotherapeutic "
    "interventions and considerable psychological perseverance. "
)


@pytest.mark.parametrize(("count", "words"), BY_COUNT.items())
def test_syllables_are_counted_as_they_are_spoken(count: int, words: str) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_an_abbreviation_is_spoken_letter_by_letter() -> None:
    assert syllables("ACL") == 3
    assert syllables("WHO") == 5


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    assert grade(100, 5, 150) == pytest.approx(0.39 * 20 + 11.8 * 1.5 - 15.59)


def test_numbers_and_addresses_are_not_read_aloud() -> None:
    assert words_in("Call 555-0142, see https://example.org/a-b or ask@example.org; it's easy.") == [
        "Call",
        "see",
        "or",
        "it's",
        "easy",
    ]


def test_a_hard_text_is_told_once_at_its_hardest_sentence(tmp_path: Path) -> None:
    text = f"{EASY}\n\n{'Walk. ' * 3}{HARD}{HARD}{HARD}{HARD}{HARD}{HARD}\n"
    (problem,) = problems_in(tmp_path, RULES, text)
    assert problem.code == "reading-grade"
    assert problem.level is Level.INFORMATION
    assert (problem.place.line, problem.place.column) == (7, 19)
    assert "the aim of this workspace is 8" in problem.message
    assert problem.fix.count('line 7: "Comprehensive') == 2
    assert 'Line 7: "Comprehensive' in problem.fix


def test_an_easy_text_a_short_one_and_one_within_the_aim_are_not(tmp_path: Path) -> None:
    assert problems_in(tmp_path, RULES, EASY) == []
    assert problems_in(tmp_path, RULES, HARD * 3) == []
    assert problems_in(tmp_path, RULES, EASY + HARD * 6, prose={"grade": 20.0}) == []


def test_headings_tables_and_quotations_do_not_count(tmp_path: Path) -> None:
    aside = f"## {HARD}\n\n> {HARD * 6}\n\n| a | b |\n|---|---|\n| {HARD * 3} | {HARD * 3} |\n\n"
    assert problems_in(tmp_path, RULES, f"{aside}{EASY}\n") == []


def test_a_long_sentence_is_told_at_its_beginning(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, RULES, f"Walk a little. Then {'walk and ' * 20}rest.\n")
    assert (problem.code, problem.place.line, problem.place.column) == ("sentence-long", 5, 16)
    assert "42 words" in problem.message
    assert problems_in(tmp_path, RULES, f"Walk a little. Then {'walk and ' * 19}rest.\n") == []


def test_other_languages_are_left_alone(tmp_path: Path) -> None:
    head = "---\ntitle: Knie\nlanguage: de\npreheader: Weit und oft\n---\n"
    assert problems_in(tmp_path, RULES, f"{head}{HARD * 20} {'und ' * 50}\n") == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_show_what_the_page_says(tmp_path: Path, rule: Any) -> None:
    for text, bad in examples_of(rule):
        assert bool(problems_in(tmp_path, [rule], text)) is bad
