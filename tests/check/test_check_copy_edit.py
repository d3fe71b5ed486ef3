"""Copy-editing: what is caught, and what is left alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from newsletter.check.prose import (
    agreement,
    articles,
    consistency,
    country,
    languages,
    marks,
    phones,
    phrases,
    residue,
    topic,
    topic_sources,
)
from newsletter.check.prose.agreement import disagreements
from newsletter.check.prose.phrases import first_words, wrong_phrases
from newsletter.check.prose.wrong_phrases import WRONG
from newsletter.check.written import doubled
from tests.check.prose_content import content_of
from tests.check.typed import HEAD, SETTINGS, told

if TYPE_CHECKING:
    from pathlib import Path

RULES = (
    *phrases.RULES,
    *agreement.RULES,
    *articles.RULES,
    *marks.RULES,
    *residue.RULES,
    *phones.RULES,
    *consistency.RULES,
    *country.RULES,
    *topic.RULES,
    *topic_sources.RULES,
    *languages.RULES,
    *doubled.RULES,
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
        "Ice has no lasting affect on swelling.",
        "It effects your sleep.",
        "Nobody knows how heat effects your muscles.",
        "Sitting all day effects how your back feels.",
        "It may feel tighter then before.",
        "You need less rest then you think.",
        "When your done, stretch.",
        "The scar is quiet small.",
        "You should breath slowly.",
        "It takes affect within a week.",
        "Ask us weather you need a scan.",
        "It heals weather or not you smoke.",
        "You maybe asked to stop your tablets.",
        "Some swelling maybe seen on the second day.",
        "It takes longer then you think.",
        "It is faster then what is used elsewhere.",
        "She walks further then most people.",
        "It is more painful then before.",
        "Runners are use to hard ground.",
        "Do not loose sleep over it.",
        "You may loose a little mileage.",
        "Try a stationery bicycle.",
        "You can bare weight after a day.",
        "Set you’re heel down first.",
        "Call us if your unsure.",
        "The knee lost it's strength.",
        "They're are three things to watch.",
        "The brace gives you piece of mind.",
        "In the passed year we saw many runners.",
        "The tear was to small for surgery.",
        "We except most insurance plans.",
        "You can except some soreness.",
        "Exercise plays an important roll in recovery.",
        "Please role onto your side.",
        "The therapist will advice you.",
        "We ensure you that it is safe.",
        "It was a randomized controlled trail.",
        "We asses your gait.",
        "The difference was statically significant.",
        "Patience who ran were slower.",
    ],
)
def test_a_word_of_the_same_sound_is_told(wrong: str) -> None:
    assert len(list(wrong_phrases(wrong))) == 1


@pytest.mark.parametrize(
    "fine",
    [
        "How it affects you, whether the weather or the stairs, we cannot say. Its effects on pain are small.",
        "The side effects your doctor knows are few. How drug effects differ. How these effects help you.",
        "In hot weather you may feel tired. The weather or the shoes may be at fault. Weather to run in.",
        "Maybe asked too late, she came. It maybe sounds hard, and maybe used for years. Once, maybe seen twice.",
        "More then followed. If it hurts more then the brace helps. When it is longer then you can stop. Faster, then slower.",
        "They were better then. Once you are faster then what you need is rest. If the pain gets worse then it was too much.",
        "What the device is used for is simple. The knee is of use to you. Is it in use to this day?",
        "Loose clothing helps. It is not loose. A loose little band is fine. Thanks to loose muscles you bend far.",
        "Write to us on our stationery. Bare feet are fine; bare skin needs sun cream. Not bare bone.",
        "When your ready-made insole comes, call. If your unsteady knee hurts, rest. Once you're back on your feet, walk.",
        "It's strength that counts. They lost, and it's full of luck. Of its own strength.",
        "A piece of mind-body work. A bread roll in hand. The roll of tape. We assure you that it heals. Ensure you rest.",
        "Everyone except the driver. We accept all plans. You can accept some soreness. Everyone accepts the rule.",
        "It is to rest that we came. The way is to walk. What matters is to heal. The aim was to slow down.",
        "The forest trail is flat. Clinical trials. Donkeys and asses graze. Patience with it. Patience helps.",
        "It tries its best to heal, and does its best to please. At its best it helps.",
        "These are the effects how they came about matters. It is quiet. The room was quiet, small and warm.",
        "When your done list is long, rest. Less then was known. If you need more rest then you should call.",
        "We will give advice you can use. An advice line. Our advice against running was right.",
    ],
)
def test_what_only_looks_like_it_is_right(fine: str) -> None:
    assert [fine[start:end] for start, end, _ in wrong_phrases(fine)] == []


def test_every_pattern_of_the_table_is_found_by_its_first_word() -> None:
    assert [wrong for wrong, _ in WRONG if not first_words(wrong) or "" in first_words(wrong)] == []
    assert first_words("(?:rest|sports?|more (?:rest|ice)) to") == {"rest", "sport", "sports", "more"}


@pytest.mark.parametrize("wrong", ["Here is is the news.", "It is is not a race.", "We rest, and there is is no rush."])
def test_is_is_at_the_beginning_of_a_clause_is_a_slip(wrong: str, tmp_path: Path) -> None:
    assert codes(tmp_path, wrong) == ["word-twice"]


@pytest.mark.parametrize(
    "wrong",
    [
        "These study showed little.",
        "Each exercises helps.",
        "Many patient are young.",
        "These supplement are sold.",
        "These exercise are good.",
    ],
)
def test_one_or_several(wrong: str, tmp_path: Path) -> None:
    assert codes(tmp_path, wrong) == ["number-disagrees"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Both knee hurt after the climb.", "Both knee"),
        ("Three patient told us.", "Three patient"),
        ("Several tendon heal slowly.", "Several tendon"),
        ("These ligament caused the trouble.", "These ligament"),
        ("Those recipe differ.", "Those recipe"),
        ("Both group improved.", "Both group"),
        ("Two question come up.", "Two question"),
        ("Many runner stop too soon.", "Many runner"),
        ("Four muscle hold the joint.", "Four muscle"),
        ("Both these exercise are new.", "these exercise"),
        ("Each pounds counts.", "Each pounds"),
        ("Every steps counts.", "Every steps"),
        ("Every patients is different.", "Every patients"),
        ("Each pounds of weight counts.", "Each pounds"),
        ("Both group improved, and after a year most ran.", "Both group"),
        ("These tear caused the pain.", "These tear"),
    ],
)
def test_any_noun_before_a_verb_for_several(text: str, told: str) -> None:
    assert [wrong for _, wrong, _ in disagreements(text)] == [told]


@pytest.mark.parametrize(
    "fine",
    [
        "These tear easily; those stretch the calf. Those who stretch take five minutes. These help improve balance.",
        "Those present agreed. Those present were glad. Those affected recovered. Those left improved. Several hundred were.",
        "Both knee and hip hurt. Both knee replacements went well. Both sleep improved and pain fell. Both helped, both need it.",
        "Three patient groups came. Two session plans are enough. A two week rest. A ten minute stop. Two dozen came.",
        "The phase three trial showed it. A grade two ligament is weak. One in four patient visits. Type two came.",
        "Many show improved strength. These plant based foods. Two doctor recommended braces. Many patient reported outcomes.",
        "Many a patient needed rest. Many fish were caught. These people came; these data showed it. Both feet hurt.",
        "Many staff are new. Those over sixty are well. Many still need help, several often come, both then came.",
        "This steps up the load; this questions the rule. Each pounds the ground. Each two steps, every few steps. Each needs it.",
        "To do this patients need help. Every patient's day, each patients' group, every few patients.",
        "One step counts, each step counts, and every step is one. Both memory trained in class and muscle trained at home.",
    ],
)
def test_several_are_several(fine: str) -> None:
    assert [wrong for _, wrong, _ in disagreements(fine)] == []


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en-GB", "Choose your favorite walk; the center opens at eight.", 2),
        ("en-GB", "We organized a run and analyzed your gait.", 1),
        ("en-GB", "We organised a run and recognized you.", 1),
        (
            "en-GB",
            "Our organization, the programme, a licence; literature, a thermometer and the laboratory; size and prize.",
            0,
        ),
        ("en-AU", "Watch the color of the tumor.", 2),
        ("en-US", "The programme starts in May. Ask our anaesthetist about the colour.", 3),
        ("en-US", "The randomised trial was analysed.", 2),
        (
            "en-US",
            "Exercise, revise, surprise, filling and willing; dialogue, theatre, our orthopaedic team; the analyses.",
            0,
        ),
        ("en-US", "A paper said: “The behaviour of the fibres was favourable.” Colour is a name.", 0),
        ("en-CA", "The colour of the program, organized in a centre.", 0),
        ("en", "The colour of the programme. We favor it.", 1),
        ("en", "The color of the fiber; a checkup at the center.", 0),
        ("en", "We practise at the centre, and analyse it.", 0),
        ("en", "The randomised trial of a gray tire had color.", 1),
    ],
)
def test_the_english_of_the_other_country(language: str, text: str, told: int, tmp_path: Path) -> None:
    head = HEAD.replace("title:", f"language: {language}\ntitle:")
    assert codes(tmp_path, f"{head}\n{text}\n") == ["english-mixed"] * told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We offer shockwave therapy. Shock waves hurt a little.", 1),
        ("Tai-chi is gentle. Try tai chi on Mondays.", 1),
        ("A meta-analysis found little. The meta analysis was small.", 1),
        ("Wear flip-flops. Flipflops are bad on stairs.", 1),
        ("Shock waves and a shock wave. Two follow-ups, one follow-up.", 0),
        ("A low-back brace helps. The low back hurts. Long-term pain stays for the long term.", 0),
        ("Warm up first. The warm-up is short. We set up a chair; the set-up is easy. Check in at check-in.", 0),
        ("A headache is no reason when your head aches. Every day is an everyday walk. Work out at a workout.", 0),
        ("Knee-joint pain. The knee joint is stiff. Blood-flow training and blood flow.", 0),
        ("Harrow Bend is on the river. Follow @harrowbend or #harrowbend, at harrowbend.example.org.", 0),
        ("It is well-known to us, and well known to you. He works full-time. A full time job.", 0),
    ],
)
def test_a_hyphen_one_word_or_two(text: str, told: int, tmp_path: Path) -> None:
    assert codes(tmp_path, text) == ["spelling-mixed"] * told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Call 213-555-0167 or 213-555-0168.", 0),
        ("Fax: 213-555-0147. Send it by fax to 213-555-0147.", 0),
        ("Call 213-555-0147.", 1),
        ("Call 213-555-0124.", 1),
        ("Call 213-555-0143 or 213-555-0141.", 0),
    ],
)
def test_a_number_that_is_almost_ours(text: str, told: int, tmp_path: Path) -> None:
    sender = SETTINGS.sender.model_copy(update={"phone": ("213-555-0142",)})
    content = dataclasses.replace(content_of(tmp_path, text), settings=SETTINGS.model_copy(update={"sender": sender}))
    assert [one.code for one in phones.phones_are_the_practices_own(content)] == ["phone-differs"] * told


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
        ("Continue reading below", "web-residue"),
        ("Story continues below advertisement", "web-residue"),
        ("Was this article helpful?", "web-residue"),
        ("Show comments", "web-residue"),
        ("Call 213-555-0142 or (213) 555-0167.", "phone-formats-mixed"),
        ("Your followup is on Monday, the next follow-up in May.", "spelling-mixed"),
        ("Take an X-ray. The x-ray shows it.", "spelling-mixed"),
        ("Our orthopaedic team looks at the color.", "english-mixed"),
        ("## The hip\n\nYour hip heals. Most people drive after shoulder replacement.", "body-part-stray"),
        ("## The hip\n\nYour hip heals. Your shoulder replacement will not hold you back.", "body-part-stray"),
        ("## The hip\n\nYour hip heals. That is a good start for any rotator cuff repair.", "body-part-stray"),
        ("## The knee\n\nYour knee heals. All people rest after a wrist fracture, and walk.", "body-part-stray"),
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
        "Open Mon.-Fri., 8 a.m. to 5 p.m., and Sat., 9 to 12. From Jan., daily; on Elm Ave., too.",
        "What it is is simple. All there is is rest. The point of it is is moot. What he is is tired.",
        "If you like, continue reading below. Was this helpful to you? Show us your comments. The story continues in May.",
        "## The hip\n\nYour hip heals. As with ankle surgery, not the elbow repair. Knee or wrist surgery needs rest.",
        "## The hip\n\nYour hip heals. We offer wrist surgery, too. No operation (nor ankle repair) is for everyone.",
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
