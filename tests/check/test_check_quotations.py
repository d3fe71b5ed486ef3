"""Quotations have a source, and are what its stored abstract says; what people say and how it is typeset are let be."""

from __future__ import annotations

import pytest

from newsletter.check.evidence import abstracts, quotations
from newsletter.check.evidence.comparing import Source, compare
from newsletter.model.problem import Level
from tests.check.cited import found

ABSTRACT = (
    "BACKGROUND: Knee arthritis is common. RESULTS: Walking early may reduce pain in the first weeks after the operation, and 34% of "
    "patients did not need further surgery. Randomised groups favoured low-impact exercise. CONCLUSIONS: Exercise should be offered "
    "to every patient before surgery is considered."
)


def differing(body: str, abstract: object = ABSTRACT) -> list[tuple[str, Level]]:
    return [(one.code, one.level) for one in found(body, abstracts.RULES, abstract=abstract)]


def unsourced(body: str) -> list[Level]:
    return [one.level for one in found(body, quotations.RULES)]


@pytest.mark.parametrize(
    ("quotation", "shown"),
    [
        (
            "walking early reduces pain in the first weeks after the operation",
            'the abstract has "may reduce", the quotation says "reduces"',
        ),
        ("walking early may reduce pain in the last weeks after the operation", '"first", the quotation says "last"'),
        ("34% of patients did need further surgery", 'leaves out "not"'),
        ("43% of patients did not need further surgery", 'the abstract has "34", the quotation says "43"'),
        ("exercise should always be offered to every patient before surgery", 'adds "always"'),
        (
            "exercise must be offered to every patient before surgery is considered",
            '"should", the quotation says "must"',
        ),
        (
            "walking early ... may reduce pain in the first days after the operation",
            '"weeks", the quotation says "days"',
        ),
        ("every patient before surgery is considered by others", 'adds "by others"'),
        ("Walking late may reduce pain in the first weeks", '"early", the quotation says "late"'),
        (
            "walking early may reduce swelling in the first weeks after the operation",
            '"pain", the quotation says "swelling"',
        ),
        ("Randomised groups favoured high-impact exercise", '"low", the quotation says "high"'),
        ("34% of patients did not need further surgery. Randomised groups disliked low-impact exercise", '"favoured"'),
        (
            "exercise should be offered to patients before surgery is considered",
            '"every patient", the quotation says "patients"',
        ),
        ("a third of patients did not need further surgery", '"34%", the quotation says "a third"'),
    ],
)
def test_a_quotation_with_other_words_than_the_abstract_is_told(quotation: str, shown: str) -> None:
    (one,) = found(f"They say that “{quotation}” [@a].", abstracts.RULES, abstract=ABSTRACT)
    assert one.code == "quotation-differs"
    assert shown in one.message
    assert one.level in {Level.WARNING, Level.ERROR}


@pytest.mark.parametrize(
    "quotation",
    [
        "walking early may reduce pain in the first weeks",
        "Walking early may reduce pain in the first weeks.",
        "walking early may reduce pain ... after the operation",
        "walking early may reduce pain … after the operation",
        "walking early may reduce pain […] after the operation",
        "walking early may reduce pain [...] after the operation",
        "[w]alking early may reduce pain in the first weeks",
        "walking early may reduce [the patients’] pain in the first weeks after the operation",
        "walking early may reduce pain [sic] in the first weeks after the operation",
        "34 % of patients did not need further surgery",
        "34 percent of patients did not need further surgery",
        "34 per cent of patients did not need further surgery",
        "randomized groups favored low-impact exercise",
        "randomised groups favoured low impact exercise",
        "RANDOMISED GROUPS FAVOURED LOW–IMPACT EXERCISE",
        "did not need further surgery. Randomised groups favoured",
        "before surgery is considered",
        "walking early may *reduce* pain **in** the first weeks",
        "Walking early may reduce pain, in the first weeks; after the operation!",
        "... may reduce pain in the first weeks ...",
    ],
)
def test_how_a_quotation_is_typeset_is_no_difference(quotation: str) -> None:
    assert differing(f"They say that “{quotation}” [@a].") == []
    assert differing(f'They say that "{quotation}" [@a].') == []
    assert differing(f"> {quotation} [@a]") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'They say "nobody should climb stairs before the wound has closed" [@a].',
            [("quotation-not-in-abstract", Level.INFORMATION)],
        ),
        ('They say "nobody should climb stairs before the wound has closed" [@a, p. 4].', []),
        ('"I walk down every day to see my friends," she says [@a].', []),
        ('They say "nobody should climb any stairs" [@a].', [("quotation-not-in-abstract", Level.INFORMATION)]),
        ('They say "nobody climbs" [@a].', []),
        ('They say "nobody should climb stairs before the wound has closed".', []),
        (
            '@a say "walking early reduces pain in the first weeks after the operation".',
            [("quotation-differs", Level.ERROR)],
        ),
        (
            'It is "walking early reduces pain in the first weeks after the operation" [@a, p. 3].',
            [("quotation-differs", Level.WARNING)],
        ),
        (
            'A review looked at walking [@a]. It says: "exercise must be offered to every patient".',
            [("quotation-differs", Level.WARNING)],
        ),
        (
            "> Exercise must be offered to every patient before surgery.\n>\n> — Doe [@a]",
            [("quotation-differs", Level.ERROR)],
        ),
        (
            "As the authors write [@a]:\n\n> Exercise must be offered to every patient before surgery.",
            [("quotation-differs", Level.ERROR)],
        ),
        (
            '::: quote attribution="Doe"\nExercise must be offered to every patient before surgery. [@a]\n:::',
            [("quotation-differs", Level.ERROR)],
        ),
        ('The paper "Walking late after an operation of the knee" [@a] is old.', [("quotation-differs", Level.ERROR)]),
        ('The paper "Walking early after an operation of the knee" [@a] is old.', []),
        (
            '| Says |\n|---|\n| "walking early reduces pain in the first weeks" [@a] |',
            [("quotation-differs", Level.ERROR)],
        ),
    ],
)
def test_where_a_quotation_is_looked_up(body: str, expected: list[tuple[str, Level]]) -> None:
    assert differing(body) == expected


def test_the_place_is_that_of_the_word_that_differs() -> None:
    (one,) = found(
        'They say:\n"walking early reduces pain in the first weeks after" [@a].', abstracts.RULES, abstract=ABSTRACT
    )
    assert (one.place.line, one.place.column) == (7, 16)


@pytest.mark.parametrize("abstract", [None, "", 7, ["walking"], "walking", "\ue000 <b> [[[ ..."])
def test_without_an_abstract_nothing_differs(abstract: object) -> None:
    body = 'They say "exercise must be offered to every patient before surgery" [@a].'
    assert "quotation-differs" not in [code for code, _ in differing(body, abstract)]


def test_of_several_sources_the_nearest_counts() -> None:
    assert differing('They say "walking early may reduce pain in the first weeks" [@a; @b].') == []


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ('The authors wrote: "Walking within a day of the operation is safe."', Level.WARNING),
        ('In the words of the authors, "walking within a day is safe for most".', Level.WARNING),
        ('According to the guideline, "exercise should be offered to all".', Level.WARNING),
        ('"Exercise should be offered to all adults", the review concludes.', Level.WARNING),
        ('The FDA warns that "such products have not been approved for any use".', Level.WARNING),
        ("A 2019 paper states: “Rest has no place in the care of arthritis.”", Level.WARNING),
        ('Scientists at the university said "cartilage does not grow back in adults".', Level.WARNING),
        ('The report put it plainly: "braces help some people and harm none".', Level.WARNING),
        ('Remember: "rest has no place in the care of arthritis".', Level.INFORMATION),
        ('And still "rest has no place in the care of arthritis" today.', Level.INFORMATION),
        ("::: quote\nWalking early is safe for most.\n:::", Level.INFORMATION),
        ("> Walking early is safe for most.", Level.INFORMATION),
        ("> Walking early is safe for most.\n\nMore words.", Level.INFORMATION),
    ],
)
def test_a_quotation_without_a_source_is_told(body: str, level: Level) -> None:
    assert unsourced(body) == [level]


@pytest.mark.parametrize(
    "body",
    [
        'The authors wrote: "Walking within a day of the operation is safe" [@a].',
        'The authors wrote: "Walking within a day of the operation is safe." [@a]',
        'The authors [@a] wrote: "Walking within a day of the operation is safe."',
        'One review is new [@a]. The authors write: "Walking within a day of the operation is safe."',
        'The authors call it "safe and good".',
        '"Can I run again after my operation?" you ask.',
        '"I want to run for the bus" and "I want to run a race" are two plans.',
        'Maren Ostrow says: "Goals come first, and plans come second for everybody."',
        '"Goals come first, and plans come second for everybody," she said.',
        '"Goals come first, and plans come second," says our physiotherapist.',
        'Our leaflet "how to live with a sore knee in winter" is new.',
        'The talk "Living With a Sore Knee and a Stiff Hip" is in May.',
        'Look for "Six Ways to Climb the Stairs Safely" on our page.',
        'We put up a sign: "no shoes on the mats in the gym".',
        'Choose "send a copy to my family doctor" on the form.',
        '"Stop at once when it hurts too much!" is our rule.',
        'A knee 5" high and 6" wide is shown here in the picture.',
        '::: quote attribution="Maren Ostrow"\nWalking early is safe for most.\n:::',
        '::: quote href="https://example.org"\nWalking early is safe for most.\n:::',
        "::: quote\nWalking early is safe for most. [@a]\n:::",
        "::: quote\nWalking early is safe.\n:::",
        "> Walking early is safe for most.\n>\n> — Maren Ostrow",
        "> Walking early is safe for most. — Maren Ostrow",
        "> Walking early is safe for most.\n\n— Maren Ostrow",
        "Maren says:\n\n> Walking early is safe for most.",
        "They found less pain [@a]:\n\n> Walking early is safe for most.",
        '`the authors wrote: "Walking within a day of the operation is safe"`',
    ],
)
def test_what_people_say_and_titles_need_no_source(body: str) -> None:
    assert unsourced(body) == []


def test_only_english_knows_who_speaks() -> None:
    body = (
        'The authors wrote: "Walking within a day of the operation is safe."\n\n> Ohne Namen steht das hier im Brief.'
    )
    assert [one.place.line for one in found(body, quotations.RULES, language="de")] == [8]


def test_a_comparison_counts_common_words() -> None:
    one = compare("the knee bends well today", Source("Today the knee bends badly today."))
    assert (one.words, one.common, one.longest) == (5, 4, 3)
    assert [(found.quoted, found.source) for found in one.differences] == [("well", "badly")]
    assert compare("", Source("Words.")).share == 0.0
    assert compare("not in here at all", Source("")).common == 0


@pytest.mark.parametrize(
    "words", ['"walking early reduces pain in the last weeks" [@a]. ', '"a b a c a d a b a c" [@a] and ', '"a [b] ... ']
)
def test_hostile_quotations_are_gone_through(words: str) -> None:
    found(
        words * 1500,
        (*abstracts.RULES, *quotations.RULES),
        abstract="a b a c a d walking early may reduce pain in the first weeks " * 300,
    )
