"""Appeals to evidence and numbers need a source nearby; what asks, denies, instructs or tells prices needs none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from newsletter.check.evidence import abstract_numbers, appeals, numbers
from newsletter.check.evidence.abstract_figures import figures
from newsletter.check.evidence.appeal_words import appeals as appeals_of
from newsletter.check.evidence.number_words import numbers as numbers_of
from newsletter.model.problem import Level
from tests.check.cited import found

if TYPE_CHECKING:
    from newsletter.model.problem import Problem

APPEALS = [
    "Studies show that walking helps.",
    "Research suggests that weight matters.",
    "Evidence indicates that rest is no cure.",
    "Trials have found that exercise eases pain.",
    "According to surgeons, running is possible after a year.",
    "According to experts, one should wait.",
    "According to a study, pain fell.",
    "According to a recent Danish study from 2019, pain fell.",
    "It has been shown that strong muscles protect the joint.",
    "It has been proven that cartilage does not grow back.",
    "Doctors agree that walking is good.",
    "The data show a clear benefit.",
    "Data show a clear benefit.",
    "A 2019 review found no benefit.",
    "Scientists believe that cartilage needs movement.",
    "Scientists have discovered why joints ache in the rain.",
    "Studies of runners in Norway have shown fewer operations.",
    "Many experts recommend exercise first.",
    "Guidelines recommend exercise first.",
    "Most surgeons recommend waiting six months.",
    "Injections have been shown to ease pain for weeks.",
    "The method is clinically proven.",
    "This approach is backed by science.",
    "There is good evidence that weight loss helps.",
    "There is strong, growing evidence that sleep matters.",
    "The evidence is clear: movement helps.",
    "In one large trial, people who walked had less pain.",
    "In several studies of older adults, strength training eased pain.",
    "Researchers found that heat eases stiffness.",
    "Recent research has linked smoking to slower healing.",
    "One trial compared two kinds of exercise.",
    "A study of 300 runners in Norway followed them over the winter.",
    "Meta-analyses confirm the benefit.",
    "A systematic review of 54 trials concluded that exercise eases pain.",
    "Surgeons have found that early walking is safe.",
    "The literature supports early walking.",
    "Science tells us that cartilage is fed by movement.",
    "Large studies have repeatedly shown that exercise helps.",
    "The latest research points to inflammation.",
    "Several reviews suggest that braces help a little.",
    "Survey data suggest that most people sleep worse.",
    "Exercise has been proven to reduce pain.",
    "The treatment is supported by a growing body of research.",
    "Studies have long suggested a link.",
    "Clinical trials demonstrate lasting relief.",
    "Experts say that the gel works.",
    "Published results show that the gel works.",
    "Research has shown time and again that muscles protect joints.",
    "A large Norwegian study found that runners do not wear out their knees.",
    "Studies from Japan suggest that tai chi helps.",
    "Several trials have compared injections with exercise.",
    "Orthopaedic surgeons now agree that most meniscus tears need no operation.",
    "Specialists recommend at least six weeks of training.",
    "According to a 2021 meta-analysis, glucosamine does little.",
    "According to leading researchers, cartilage cannot be rebuilt.",
    "According to the latest guidelines, exercise comes first.",
    "It has long been proven that smoking slows healing.",
    "Tai chi has been shown to improve balance.",
    "Our treatment is scientifically proven.",
    "These exercises are supported by strong evidence.",
    "There is solid evidence that braces help some people.",
    "Recent trials confirm that PRP is safe.",
    "New data suggest that sleep matters.",
    "A recent review concludes that braces help a little.",
    "One study examined 400 knees over ten years.",
    "In a randomised trial of 200 adults, yoga eased pain.",
    "Researchers at a large university discovered that cold weather is not to blame.",
    "Scientific studies prove the effect of heat.",
    "The research is clear: sitting all day is bad for joints.",
    "Experts believe that stress makes pain worse.",
    "A survey of 2,000 patients found that most were happy.",
    "Registry data show that most implants last.",
    "Evidence from large registries indicates that partial implants fail earlier.",
    "Physicians have long known better, and trials now show it.",
    "Doctors recommend a daily walk.",
    "Clinical research supports the use of sticks.",
    "The first studies point to a small benefit.",
    "Long-term studies have demonstrated that the effect lasts.",
    "Meta-analyses have found only small effects.",
    "Two trials reported fewer falls.",
    "Many studies have linked weight to knee pain.",
    "In most studies, people who trained did better.",
    "Science has shown that bones need load.",
    "Physical therapists suggest short walks.",
    "Exercise was shown to reduce swelling.",
    "The results of several studies indicate that rest is not best.",
    "A new study in older women says that dancing helps.",
    "Published data show no harm.",
    "Reviews show that heat is as good as cold.",
]
NO_APPEALS = [
    "The survey also showed us where we must do better.",
    "The button is shown to people who are new.",
    "No study has shown that rest helps.",
    "Few studies have shown this.",
    "Ask what the studies show.",
    "We read the studies for you.",
    "More research is needed.",
    "More research is needed to show whether it helps.",
    "Ask your surgeon which studies show this.",
    "Studies may show more in a few years.",
    "Future trials will show whether it lasts.",
    "Until studies show a benefit, we do not offer it.",
    "According to your surgeon's plan, walk every day.",
    "According to our surgeons, parking is easier in the back.",
    "According to the study plan, patients walk daily.",
    "Our surgeons recommend a walk every day.",
    "Your doctors agree on the date with you.",
    "The doctors recommend a visit in spring.",
    'Surgeons say "survivorship" when they mean how long an implant lasts.',
    "Survivorship is the word that surgeons use.",
    "The studies found in this letter are listed at the end.",
    "The papers reported here are old.",
    "The X-ray results show how far the bone has healed.",
    "Your results show how you walk.",
    "Do studies show that it helps?",
    "What do the studies show?",
    "If a large study showed a benefit, we would tell you.",
    "Be wary of adverts that say studies show a benefit.",
    "Suppose a trial found a benefit.",
    "There is no evidence that rest helps.",
    "There is little evidence for this.",
    "There is evidence of wear on your X-ray.",
    "Studies have not shown that it helps.",
    "None of the trials found a benefit.",
    "Our team supports research at the university.",
    "We study gait and report it to you.",
    "You have been shown how to use crutches.",
    "The exercises were shown to you on the ward.",
    "It was not proven that it helps.",
    "A good paper tells you its limits.",
    "Research is our passion.",
    "A review of your notes showed that your visit is due.",
    "Our evidence-based programme starts in May.",
    "The gait analysis shows you how you walk.",
    "We found a new room for the walking group.",
    "I found that a walk helps me.",
    "The survey closes on Friday.",
    "The studies are listed below.",
    "Ask when the study was done.",
    "Research reports are on our website.",
    "Doctors in our practice recommend a cup of tea.",
    "The trial is open to adults with knee pain.",
    "Data protection law says that you may ask for your data.",
    "According to data protection law, you may ask for your data.",
    "The waiting list is long, and the guidelines change.",
    "What does the evidence say about rest?",
    "Studies differ, and so do people.",
    "Not a single trial has shown this.",
    "The study room is on the first floor.",
    "Ask us what the research says about your case.",
    "We want to know whether the studies show a benefit.",
    "Nobody has found a study on this.",
    "No trial has compared the two.",
    "Neither study found a difference that matters.",
    "Hardly any research has shown a harm.",
    "Whether research will show a benefit is open.",
    "If studies show that it works, we will offer it.",
    "The study will report its results next year.",
    "Trials are under way in several countries.",
    "We take part in a trial of a new brace.",
    "Would you like to take part in a study?",
    "Our surgeons agree on one thing: walk.",
    "Your physiotherapist recommends the right shoes.",
    "The doctors of our practice found new rooms in Park Street.",
    "My surgeon says that I may run.",
    "The surgeons say that your hip has healed well.",
    "According to your X-ray, the bone has healed.",
    "According to our plan, you will walk on the first day.",
    "According to the calendar, spring begins in March.",
    "The study room on the first floor is open to patients.",
    "The papers that you need are at the front desk.",
    "Please bring the reports of your other doctors.",
    "Your reports show that the bone has healed.",
    "The blood results show that there is no infection.",
    "Your CT scan data show a small crack.",
    "The MRI findings suggest that the tendon is torn.",
    "A review of your medicines shows what you can leave out.",
    "Our website data show that you like recipes.",
    "The tests showed that your heart is strong.",
    "The survey results are on our website.",
    "A good study names its limits.",
    "Researchers need volunteers for a new trial.",
    "Some of the studies found online are of poor quality.",
    "The guidelines are long and hard to read.",
    "Our house guidelines recommend quiet after eight.",
    "We have been shown the new rooms.",
    "The new rooms were shown to the public in May.",
    "It is not proven that rest helps.",
    "This has never been shown to work.",
    "There is not enough evidence for it.",
    "We found no evidence that it works.",
    "Is there evidence that it works?",
    "Adverts claim that studies prove the effect.",
    "The advert says that doctors recommend the cream.",
    "I read studies so that you need not.",
    "Doctors are people too.",
    "Surgeons call this a revision.",
    "A trial lesson costs nothing.",
    "Imagine that a study found the opposite.",
    "More trials are needed before anybody can say.",
    "It is too early to say what the data show.",
    "Evidence takes time.",
    "The exercise test shows how fit you are.",
]
NUMBERS = [
    "Nine out of ten patients walk after a year.",
    "3 out of 10 patients had pain.",
    "About 30 % of people have knee pain.",
    "Pain fell by 40 percent in the first year.",
    "One in five adults has arthritis.",
    "People who smoke are twice as likely to need a revision.",
    "Obesity doubles the risk of arthritis.",
    "The mean age was 64.",
    "At a mean follow-up of 5.2 years the implants were in place.",
    "The average pain score fell from 6 to 3.",
    "The group (n = 40) walked daily.",
    "The difference was clear (p < 0.05).",
    "The hazard ratio was 1.4.",
    "More than 500 million people have arthritis.",
    "In 212 patients with arthritis, pain fell.",
    "After a 10-year follow-up, most implants were in place.",
    "Patients were followed for two years.",
    "Walking cuts the risk of surgery by half.",
    "95 % of implants last for ten years.",
    "Two out of three patients are satisfied.",
    "Survival at ten years is 95.4 %.",
    "85% of patients report less pain.",
    "Exercise is three times more effective than rest.",
    "Only 2 per cent of operations end with an infection.",
    "Runners had a 3-fold higher risk.",
    "The risk of infection is 1 %.",
    "1 in 100 patients has an infection.",
    "Four out of five people with arthritis have pain on stairs.",
    "About 80 % of all adults have back pain at some time.",
    "Complications occur in 2 % of cases.",
    "Only one in ten runners stops for good.",
    "Infection is rare, at 0.5 %.",
    "Pain scores improved by 35 %.",
    "Smokers have a 2.5 times higher risk of infection.",
    "Strong thighs halve the risk of a fall.",
    "Women are three times as likely to tear a ligament.",
    "The average age at operation is 67.",
    "Median survival of the implant was 18 years.",
    "With a 5-year follow-up, few implants had loosened.",
    "A group of 45 patients with arthritis trained for a year.",
    "More than 30 million adults have arthritis.",
    "The odds ratio was 2.1.",
    "About 15 per cent of knees are stiff after surgery.",
    "Over 90% of hips last for 15 years.",
    "The patients were followed up for 10 years.",
    "Exercise lowers the need for surgery by a third.",
    "20 in 1,000 patients have a clot.",
    "The effect was small (p = 0.04).",
    "Up to 20 % of people still have pain after a knee replacement.",
]
HARMLESS_NUMBERS = [
    "Walk 10 minutes, 2 times a week.",
    "Our fee is 20 % lower this month for patients.",
    "Call 213-555-0142.",
    "We open at 8:30 on 12 May 2026.",
    "Take 500 mg twice a day.",
    "The talk is for people over 60.",
    "Put 50 % of your weight on the leg.",
    "You can expect 100 % of our attention.",
    "Use a 70 % alcohol solution on the skin.",
    "Your follow-up visit is at 6 weeks.",
    "Come to the 6-month follow-up visit.",
    "Three of our nurses speak Spanish.",
    "On a scale of 0 to 10, how bad is your pain?",
    "Rate your pain: 5 out of 10 is a lot.",
    "One of two exercises is enough.",
    "There are 2 in the box.",
    "In 2019, patients came from far away.",
    "The stay is 24 hours.",
    "Rest for twice as long as you walked.",
    "Walk at 60 % of your maximum effort even if pain is gone.",
    "Bend the knee to 90 degrees.",
    "Version 2.1 of the app has a pain diary.",
    "12 Example Street is near the park.",
    "Six of the exercises are for the hip.",
    "The group has places for 12 people.",
    "Lift a weight of 3 kg.",
    "Climb 10 stairs in 30 seconds.",
    "Patients wait 15 minutes on average.",
    "Two in our team are runners.",
    "A pint is 568 ml.",
    "Ice the knee for a quarter of an hour.",
    "Cut the dose to half a tablet.",
    "Of 2 evils choose neither.",
    "If 9 out of 10 patients do well, what happens to the tenth?",
    "What does it mean if 30 % of patients improve?",
    "In 3 weeks patients may drive.",
    "All 12 patients of the group meet on Monday.",
    "People aged 65 and over pay less.",
    "Do the exercise 3 times a day for 2 weeks.",
    "Patients pay 30 % less on Mondays.",
    "The brace costs $45, and insurance pays 70 % of it.",
    "The new ward has room for 24 patients.",
    "Half an hour a day is enough.",
    "Fill in both pages, and sign page 2 of 3.",
    "Take 2 tablets of 500 mg with food.",
    "Use a 3 % peroxide solution on the wound.",
    "You need 8 hours of sleep.",
    "Our three surgeons did 20 operations last week.",
    "Turn the volume to 50 %.",
    "Keep 30 % of your weight on the sticks.",
    "Since 1998 we have cared for joints.",
    "We moved to Suite 210 in 2019.",
    "Our open rate was 42 % among patients.",
    "Raise the bed by 30 degrees to ease pain.",
    "Cut the walk by half if your knee swells.",
    "Bring 2 of your old X-rays.",
    "In our fall survey, 62% of you asked for relief from the long wait.",
    "62% of our visitors with back pain come by bus.",
    "In the fall, 40 percent of the seats were free.",
    "Call 911 if the pain is very bad.",
    "Chapter 3 of 10 is about pain.",
    "Two in one: a talk and a walk.",
    "Your pain should be below 4 out of 10.",
    "People over 65 pay $5.",
    "We serve patients in 3 counties.",
    "Join 12 other patients on Monday.",
    "The group meets for 6 weeks, 90 minutes each.",
    "Rest for half a day.",
    "Do you have pain on more than 50 % of days?",
]

ABSTRACT = (
    "Background: knee arthritis is common. We followed 212 adults, 106 of them with a brace, for two years. After one year, 34.2% "
    "of patients walked without a stick, compared with 21% of those in the control group. Of the knees, 15 of 60 swelled."
)


def told(body: str) -> list[Problem]:
    return found(body, (*appeals.RULES, *numbers.RULES))


def codes(body: str) -> list[tuple[str, Level]]:
    return [(one.code, one.level) for one in told(body)]


@pytest.mark.parametrize("sentence", APPEALS)
def test_an_appeal_to_evidence_is_seen(sentence: str) -> None:
    assert list(appeals_of(sentence))


@pytest.mark.parametrize("sentence", NO_APPEALS)
def test_questions_denials_and_ones_own_people_are_no_appeals(sentence: str) -> None:
    assert list(appeals_of(sentence)) == []


@pytest.mark.parametrize("sentence", NUMBERS)
def test_a_number_about_patients_is_seen(sentence: str) -> None:
    assert list(numbers_of(sentence))


@pytest.mark.parametrize("sentence", HARMLESS_NUMBERS)
def test_prices_times_doses_and_places_are_no_such_numbers(sentence: str) -> None:
    assert list(numbers_of(sentence)) == []


APPEAL = "evidence-without-citation"
NUMBER = "number-without-citation"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Studies show that walking helps.", [(APPEAL, Level.WARNING)]),
        ("Walking helps [@a]. Studies show that it eases pain.", [(APPEAL, Level.WARNING)]),
        ("Studies show that it helps. Ask us. Rest is not best [@a]. So walk.", [(APPEAL, Level.WARNING)]),
        ("Studies show that it helps. Rest is not best [@a].", [(APPEAL, Level.INFORMATION)]),
        ("Studies show that it helps. Walk. Rest is not best [@a; @b].", [(APPEAL, Level.INFORMATION)]),
        ("[A Danish study](https://example.org/study) found that it helps.", [(APPEAL, Level.INFORMATION)]),
        ("This study showed that it helps.", [(APPEAL, Level.WARNING)]),
        ("> Old wisdom. [@a]\n\n## Walking\n\nThe study showed that it helps.", [(APPEAL, Level.WARNING)]),
        ('::: callout title="Rest"\nStudies show that it helps.\n:::', [(APPEAL, Level.WARNING)]),
        ("- Studies show that it helps.\n- Rest", [(APPEAL, Level.WARNING)]),
        ("| a | b |\n|---|---|\n| Studies show that it helps | b |", [(APPEAL, Level.WARNING)]),
        ("Studies show that it helps 3 out of 10 patients.", [(APPEAL, Level.WARNING)]),
        ("Nine out of ten patients are glad.", [(NUMBER, Level.WARNING)]),
        ("Nine out of ten of our patients are glad.", [(NUMBER, Level.INFORMATION)]),
        ("Pain fell by 40 %.", [(NUMBER, Level.INFORMATION)]),
        ("Walking helps [@a]. One. Two. Three. Pain fell by 40 %.", [(NUMBER, Level.INFORMATION)]),
    ],
)
def test_what_has_no_source_nearby_is_told(body: str, expected: list[tuple[str, Level]]) -> None:
    assert codes(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Studies show that walking helps [@a].",
        "Studies show that walking helps.[@a]",
        "Studies show that walking helps. [@a]",
        "Studies [@a] show that walking helps.",
        "@a and other studies show that walking helps.",
        "One study looked at gait. It found that people limp less [@a].",
        "Studies show that walking helps. They followed people for years [@a].",
        "A trial followed adults [@a]. The study showed that walking helps.",
        "A trial followed adults [@a]. Not all stayed. One moved. This study showed that walking helps.",
        "A trial followed adults [@a].\n\nThe researchers found that walking helps.",
        "Studies show three things:\n\n- walk [@a]\n- sleep [@b]",
        "In one trial [@a]:\n\n- scientists found less pain\n- 30 % of patients ran",
        "| Study | Result |\n|---|---|\n| One [@a] | 30 % of patients ran, and studies show more |",
        "## Studies show that walking helps\n\nWalk.",
        '::: button href="https://example.org"\nSee what studies show about 30 % of patients\n:::',
        '::: quote attribution="Ada"\nStudies show that I am right. 30 % of people know it.\n:::',
        "> Studies show that I am right.\n>\n> — Ada",
        '::: related title="More"\n- [Studies show: 9 out of 10 patients walk](https://example.org/a)\n:::',
        '::: author name="Ada Example"\nHer research has shown that walking helps.\n:::',
        'Beware of "studies show that it helps 9 out of 10 patients" in adverts.',
        "`studies show` and `30 % of patients`",
        "In one trial, pain fell [@a]. After a year 66 % of patients walked.",
        "After a year 66 % of patients walked. A trial found this [@a].",
        "A trial followed adults [@a]. They walked. After a year, 66 % of patients ran.",
    ],
)
def test_what_has_its_source_nearby_or_is_not_meant_is_left_alone(body: str) -> None:
    assert codes(body) == []


def test_the_place_is_that_of_the_words() -> None:
    (one,) = told("Walk a little.\n\nWe are glad, and **studies show** that it helps.")
    assert (one.place.line, one.place.column) == (8, 20)
    assert '"studies show"' in one.message


def test_other_languages_are_skipped() -> None:
    assert found("Studies show that 30 % of patients walk.", (*appeals.RULES, *numbers.RULES), language="de") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("After a year, 43 % of patients walked without a stick [@a].", ["43 %"]),
        ("After a year, 43 percent walked without a stick [@a].", ["43 percent"]),
        ("The trial had 221 adults [@a].", ["221"]),
        (
            "The trial had 221 adults with arthritis of the knee; 35.6 % walked without sticks after one year [@a].",
            ["35.6 %", "221"],
        ),
    ],
)
def test_a_number_that_the_abstract_has_otherwise_is_told(body: str, expected: list[str]) -> None:
    problems = found(body, abstract_numbers.RULES, abstract=ABSTRACT)
    assert [
        number for one, number in zip(problems, expected, strict=True) if one.message.startswith(number)
    ] == expected
    assert {one.level for one in problems} == {Level.INFORMATION}


@pytest.mark.parametrize(
    "body",
    [
        "After a year, 34 % of patients walked without a stick [@a].",
        "After a year, about 35 % of patients walked without a stick [@a].",
        "After a year, 66 % of patients still walked with a stick [@a].",
        "After a year, 13 % more of the patients walked without a stick, compared with the others [@a].",
        "Of the knees, 25 % swelled after a year without a stick [@a].",
        "The trial had 212 adults, and 106 adults had none [@a].",
        "The trial had about 200 adults [@a].",
        "After a year, 43 % of patients walked without a stick [@a, p. 4].",
        "After a year, 43 % of patients walked without a stick [@a; @b].",
        'One wrote that "43 % of patients walked without a stick" [@a].',
        "The weather was 43 % nicer [@a].",
    ],
)
def test_numbers_that_agree_or_cannot_be_compared_are_left_alone(body: str) -> None:
    assert found(body, abstract_numbers.RULES, abstract=ABSTRACT) == []


TRIALS = (
    "Thirty-two trials were pooled, 212 adults in all: 106 had a brace and 106 had none for 14 weeks. Pain fell by 31% with training, "
    "compared with 9% of the controls. Two trials had 57 knees."
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Pain fell by 41% in the people who trained, compared with 9% in the others [@a].", ["41%"]),
        ("The review had 221 adults [@a].", ["221"]),  # neither 212 + 9 per cent
        ("The review had 226 adults [@a].", ["226"]),  # nor 212 + 14 weeks
        ("It pooled the results of 23 trials [@a].", ["23"]),
        ("It pooled the results of twenty-three trials [@a].", ["twenty-three"]),
        ("Of the patients, forty-one adults had no brace [@a].", ["forty-one"]),
        ("One review looked at 320 people. They had less pain [@a].", ["320"]),
        ("Its 83 patients had braces. At the end, they had less pain [@a].", ["83"]),
    ],
)
def test_other_patients_trials_and_per_cents_than_in_the_abstract_are_told(body: str, expected: list[str]) -> None:
    told = [one.message for one in found(body, abstract_numbers.RULES, abstract=TRIALS)]
    assert [message for message, start in zip(told, expected, strict=True) if message.startswith(start)] == told


@pytest.mark.parametrize(
    "body",
    [
        "Pain fell by 31% in the people who trained, compared with 9% in the others [@a].",
        "It pooled 32 trials with 212 adults [@a].",
        "It pooled thirty-two trials [@a].",
        "Two trials counted knees [@a].",
        "Both groups together had 212 people, each of them 106 adults [@a].",
        "One review looked at 212 people. They had less pain [@a].",
        "We have 83 patients in our class. Pain fell by 31% with training [@a].",
        "Fifty-seven knees were counted [@a].",
        "Three patients of ours were in it [@a].",
        "Prices fell by 41% [@a].",
    ],
)
def test_numbers_of_trials_that_agree_are_left_alone(body: str) -> None:
    assert found(body, abstract_numbers.RULES, abstract=TRIALS) == []


def test_an_abstract_without_numbers_has_none() -> None:
    assert figures("Walking helps.").percents == ()
    assert found("43 % of 221 adults walked [@a].", abstract_numbers.RULES, abstract="Walking helps.") == []
    assert found("43 % of 221 adults walked [@a].", abstract_numbers.RULES, abstract=None) == []
    assert found("43 % of 221 adults walked [@a].", abstract_numbers.RULES, abstract=json.loads("[1]")) == []


@pytest.mark.parametrize(
    "bomb",
    [
        "studies of a ",
        "mean a b c d ",
        "1",
        "1,234,",
        "30 ",
        "there is good ",
        "according to a b ",
        "Studies show. ",
        "in a ",
        "30 % of ",
    ],
)
def test_hostile_text_is_gone_through(bomb: str) -> None:
    told(bomb * (60_000 // len(bomb)) + "x")
