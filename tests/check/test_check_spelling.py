"""Misspelled words are told once, at their place, with what was meant; right ones of every kind are not."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.check.prose.british import american
from newsletter.check.prose.dictionary import one_edit_away, shipped_words, two_edits_away
from newsletter.check.prose.spelling import RULES
from newsletter.check.prose.vocabulary import Vocabulary
from newsletter.check.prose.words import words_of
from newsletter.check.prose.wrong_phrases import WRONG_WORDS
from newsletter.model.problem import Level
from tests.check.prose_content import examples_of, problems_in

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_ELSE = Vocabulary(allowed=frozenset(), written=shipped_words())
SLIPS = """
recieve:receive occured:occurred definately:definitely seperate:separate untill:until wich:which thier:their
accomodate:accommodate acheive:achieve beleive:believe calender:calendar cemetary:cemetery concious:conscious
embarass:embarrass enviroment:environment goverment:government independant:independent neccessary:necessary
occassion:occasion occurence:occurrence persistant:persistent reccomend:recommend refered:referred relevent:relevant
rythm:rhythm sucessful:successful tommorow:tomorrow wierd:weird writting:writing patiens:patients surgey:surgery
treatement:treatment excercise:exercise exersise:exercise phsyical:physical sholder:shoulder ligamnet:ligament
menisus:meniscus tendinopthy:tendinopathy arthitis:arthritis osteoartritis:osteoarthritis platlet:platelet
injecton:injection anethesia:anesthesia cartiledge:cartilage regenarative:regenerative inflamation:inflammation
inflamatory:inflammatory mobilty:mobility strenght:strength wieght:weight managment:management
apointment:appointment adress:address begining:beginning buisness:business carefull:careful completly:completely
decison:decision diffrent:different equiptment:equipment expierence:experience freind:friend gaurantee:guarantee
immediatly:immediately infomation:information knowlege:knowledge maintenence:maintenance medcine:medicine
oportunity:opportunity perscription:prescription physican:physician prefered:preferred profesional:professional
questionaire:questionnaire reciept:receipt rehabilation:rehabilitation responsability:responsibility
similiar:similar succesful:successful suprise:surprise therfore:therefore togehter:together
unfortunatly:unfortunately usefull:useful orthapedic:orthopedic vertabra:vertebra herniaton:herniation
corticosteriod:corticosteroid ibuprofin:ibuprofen acetominophen:acetaminophen lidocane:lidocaine
hyalauronic:hyaluronic mesenchimal:mesenchymal autologus:autologous ultrsound:ultrasound flouroscopy:fluoroscopy
arthoscopy:arthroscopy arthoplasty:arthroplasty femorl:femoral patela:patella hamsting:hamstring muscel:muscle
stifness:stiffness physotherapy:physiotherapy acupunture:acupuncture opiod:opioid diabetis:diabetes
hypertention:hypertension osteoperosis:osteoporosis rhumatoid:rheumatoid randomzied:randomized
signifcant:significant reveiw:review anaylsis:analysis evidance:evidence efficasy:efficacy becuase:because
betwen:between wiht:with hte:the taht:that dont:don't doesnt:doesn't youre:you're
"""
RIGHT = """
The colour of the swelling, the labour of walking, an organised programme, a randomised trial, a centre for anaesthesia.
Travelled, modelling, counsellor, practise, licence, defence; oedema, haemoglobin, paediatric, oesophagus, tumour, fibres.
The patient's knee and the patients' knees; it's, they've, don’t, won't, could've, o'clock.
MRIs, ACL, PRP-treated, mRNA, PubMed, McMurray, iPhone, HRQoL, T2-weighted, L4/L5, 3rd, 21st, 10mg, COVID-19.
Non-operative, pre-treatment, anti-inflammatory, intra-articular, re-education, post-op, nonoperatively, periarticular.
Supraspinatus and infraspinatus; arthroscopically, tendinopathies, exosomes, viscosupplementation, microfractures.
Ibuprofen, naproxen, acetaminophen, celecoxib, apixaban and triamcinolone; Voltaren, Tylenol and Celebrex.
Kellgren-Lawrence, Hill-Sachs, Lachman, Achilles, Dupuytren, Sjögren and Legg-Calvé-Perthes; café, naïve, résumé.
Write to kneez@exampel.example, see https://example.org/tendonz or www.exampel.org, follow @kneeez, open lettr.pdf.
In vivo and in vitro; phases ii and iii, Henry VIII; Albuquerque, Tacoma and Guadalajara.
“[W]alking more helped,” and [t]he calf was stretch[ed]; kefir, tempeh, skyr and matcha; X-rayed 65-year-olds.
Our smartphone app, the webinar, a podcast, telehealth visits, prehab, pickleball and copays.
"""


@pytest.mark.parametrize("slip", SLIPS.split())
def test_common_slips_are_unknown_and_what_was_meant_is_offered(slip: str) -> None:
    wrong, meant = slip.split(":")
    (word,) = words_of(wrong)
    assert not NOTHING_ELSE.knows(word)
    assert meant in (one_edit_away(wrong)[:3] or two_edits_away(wrong)[:3])


@pytest.mark.parametrize("line", RIGHT.strip().split("\n"))
def test_right_words_of_every_kind_are_known(line: str) -> None:
    assert [word.text for word in words_of(line) if not NOTHING_ELSE.knows(word)] == []


@pytest.mark.parametrize(
    ("british", "one"),
    [
        ("colour", "color"),
        ("behavioural", "behavioral"),
        ("centred", "centered"),
        ("recognises", "recognizes"),
        ("analysed", "analyzed"),
        ("travelled", "traveled"),
        ("haematoma", "hematoma"),
        ("manoeuvre", "maneuver"),
        ("feeling", "feeling"),
        ("callling", "callling"),
    ],
)
def test_british_spellings_are_known_by_their_american_ones(british: str, one: str) -> None:
    assert american(british) == one


def test_a_misspelled_word_is_told_once_with_its_count_at_its_first_place(tmp_path: Path) -> None:
    text = "Walk a little. The *ligamnet* heals.\n\n- a torn ligamnet\n- Ligamnet and bone\n"
    (problem,) = problems_in(tmp_path, RULES, text)
    assert problem.level is Level.WARNING
    assert (problem.place.line, problem.place.column) == (5, 21)
    assert problem.message == '"ligamnet", which stands here 3 times, is in no dictionary'
    assert "Did you mean ligament" in problem.fix


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("---\ntitle: Your sholder\npreheader: How far and how often to walk\n---\nWalk.\n", "sholder"),
        ("---\ntitle: Knees\nsubject: Your sholder\npreheader: How far and how often to walk\n---\nWalk.\n", "sholder"),
        ("---\ntitle: Knees\npreheader: How far and how ofen to walk\n---\nWalk.\n", "ofen"),
        ('::: figure src="a.jpg" alt="A swolen knee"\nA knee\n:::\n', "swolen"),
        ('::: figure src="a.jpg" alt="A knee"\nA swolen knee\n:::\n', "swolen"),
        ('::: callout title="Before the operaton"\nWalk.\n:::\n', "operaton"),
        ('::: table caption="After the operaton"\n| a | b |\n|---|---|\n| one | two |\n:::\n', "operaton"),
        ('::: button href="https://example.org"\nRead more abuot it\n:::\n', "abuot"),
        ("## About your sholder\n\nWalk.\n", "sholder"),
        ("| day | exercise |\n|---|---|\n| one | strech |\n", "strech"),
        ("> It was a releif.\n", "releif"),
    ],
)
def test_everything_that_readers_read_is_looked_at(tmp_path: Path, text: str, word: str) -> None:
    (problem,) = problems_in(tmp_path, RULES, text)
    assert f'"{word}"' in problem.message
    whole = (tmp_path / "issue.md").read_text("utf-8").split("\n")
    assert whole[problem.place.line - 1][problem.place.column - 1 :].startswith(word)


@pytest.mark.parametrize(
    "text",
    [
        "Run `systemctl restart knee-servr` and {{ first_name | default('reeder') }} [a link](https://example.org/wrd).",
        "Ask Dr. Ostwyck, Ms. Quillfeather or the team of Brackenmoor near Thistlewick.",
        "Quillfeather and others wrote it.",
        "Ask in your language: не английский, 英語ではない.",
        "Larkmeadow is ours. 12 Example Street is where we are.",
    ],
)
def test_code_names_and_other_scripts_are_left_alone(tmp_path: Path, text: str) -> None:
    assert problems_in(tmp_path, RULES, text) == []


def test_the_words_of_references_and_of_the_glossary_are_right(tmp_path: Path) -> None:
    text = "The flumazoid trial of Quillfeather [@a] looked at zumblastin and at larkbands.\n"
    assert {problem.level for problem in problems_in(tmp_path, RULES, text)} <= {Level.WARNING, Level.INFORMATION}
    csl = {"title": "Flumazoid in knees", "abstract": "We gave zumblastin.", "author": [{"family": "Quillfeather"}]}
    assert problems_in(tmp_path, RULES, text, csl=csl, words=["larkband therapy"]) == []


def test_a_glossary_word_with_a_capital_is_offered_for_its_small_form(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, RULES, "We use a larkband.\n", words=["Larkband"])
    assert "Did you mean Larkband?" in problem.fix


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Rest wiht ice.", Level.WARNING),
        ("Rest on a zub.", Level.INFORMATION),
        ("Rest with a snorkelwhisk.", Level.INFORMATION),
        ("Take a rst, then a walkk.", Level.INFORMATION),
    ],
)
def test_short_words_and_those_that_are_near_to_nothing_are_information(
    tmp_path: Path, text: str, level: Level
) -> None:
    assert problems_in(tmp_path, RULES, text + "\n")[0].level is level


def test_what_the_rule_about_wrong_words_tells_is_told_once(tmp_path: Path) -> None:
    assert problems_in(tmp_path, RULES, "You dont need alot of ice.\n") == []


def test_every_single_wrong_word_is_left_to_the_rule_about_them() -> None:
    assert {"alot", "dont", "irregardless"} <= WRONG_WORDS
    assert all(word.isalpha() for word in WRONG_WORDS)


def test_many_unknown_names_hide_no_slip(tmp_path: Path) -> None:
    names = " ".join(f"Qu{a}{b}rrix" for a in "aeiouy" for b in "bcdfghjklmnpqrst")
    assert [p.message for p in problems_in(tmp_path, RULES, f"{names} and the ligamnet.\n")] == [
        '"ligamnet" is in no dictionary'
    ]


def test_a_word_with_a_capital_is_information_and_only_near_a_common_word(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, RULES, "## All about Exercize\n\nWalk with Mr. Exercizeman.\n")
    assert problem.level is Level.INFORMATION
    assert "Did you mean Exercise" in problem.fix


@pytest.mark.parametrize("known", [{"prose": {"spelling": False}}, {"language": "de"}])
def test_it_is_silent_where_it_is_off_and_in_other_languages(tmp_path: Path, known: dict[str, Any]) -> None:
    language = known.pop("language", "en")
    text = f"---\ntitle: Knie\nlanguage: {language}\npreheader: Weit und oft\n---\nThe ligamnet, ein Bandd.\n"
    assert problems_in(tmp_path, RULES, text, **known) == []


def test_a_text_of_nothing_but_strange_words_is_told_in_bounds(tmp_path: Path) -> None:
    letters = "bcdfghjklmnpqrstvwxz"
    words = [f"q{a}{b}{c}x{a}" for a in letters for b in letters for c in letters]
    found = problems_in(tmp_path, RULES, " ".join(words))
    assert 0 < len(found) <= 50


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2060"])
def test_what_is_not_seen_within_a_word_does_not_break_it(unseen: str) -> None:
    assert [word.text for word in words_of(f"the liga{unseen}ment")] == ["the", "ligament"]


def test_the_shipped_lists_are_long_and_hold_each_word_once() -> None:
    data = files("newsletter.check.prose") / "data"
    for name, fewest in (("clinical-words.txt", 1_500), ("everyday-words.txt", 100)):
        lines = [line for line in (data / name).read_text("utf-8").splitlines() if not line.startswith("#")]
        assert len(lines) >= fewest
        assert len(lines) == len(set(lines))
        assert all(line == line.strip() and " " not in line for line in lines)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_show_what_the_page_says(tmp_path: Path, rule: Any) -> None:
    for text, bad in examples_of(rule):
        assert bool(problems_in(tmp_path, [rule], text)) is bad
