"""How hard the text is to read: its school grade by Flesch and Kincaid (1975), and sentences that are too long.

    grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59

Counted are the sentences of paragraphs and lists. Headings, tables, captions, buttons, lists of links and quotations are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind
from newsletter.check.prose.sentences import every_sentence
from newsletter.check.prose.syllables import syllables
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content

#: the formula says nothing about a shorter text
_FEWEST_WORDS = 100
#: shorter ones are no sentences: a greeting, an item of one word
_FEWEST_IN_SENTENCE = 3
#: a sentence of few words is not hard, whatever its words
_HARD_FROM = 10
_HARDEST = 3
_LONG = 40
_SHOWN = 60
_CHUNK = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|www\.|\w@\w|\w\.(?:com|org|net|edu|gov)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, kw_only=True)
class Measured:
    sentence: Sentence
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        return grade(self.words, 1, self.syllables)


def grade(words: int, sentences: int, syllables: int) -> float:
    """The school grade of a text of so many words, sentences and syllables."""
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def words_in(text: str) -> list[str]:
    """The words that are read aloud: no numbers, no addresses."""
    return [word for chunk in _CHUNK.findall(text) if not _ADDRESS.search(chunk[:200]) for word in _WORD.findall(chunk)]


@issue_rule("reading-grade", Level.INFORMATION)
def text_suits_its_readers(content: Content) -> Iterator[Finding]:
    """A text that is harder to read than the workspace wants.

    The school grade by the Flesch-Kincaid formula: it grows with the length of sentences and of words. Letters to patients are
    best at grade 6 to 8. `grade` in the section `[prose]` of newsletter.toml is the aim. The formula knows nothing about
    meaning: a medical term that must be there costs as much as one that need not. Begin with the sentences that it names.

    Bad:

        Postoperative rehabilitation following arthroscopic reconstruction of the anterior cruciate ligament necessitates
        individually supervised, progressively intensified strengthening of the quadriceps musculature. Simultaneously,
        neuromuscular re-education facilitates the restoration of proprioceptive capabilities, which physiotherapists
        systematically evaluate. Participation in competitive athletic activities remains contraindicated until
        symmetrical muscular performance has been objectively demonstrated by standardized functional examinations.

        Precipitate resumption of unrestricted activities substantially increases the probability of a subsequent
        re-rupture, particularly among adolescent individuals. Comprehensive interdisciplinary communication between
        orthopaedic specialists, physiotherapists and the participating individuals consequently constitutes an
        indispensable prerequisite for satisfactory long-term functional outcomes and for psychological rehabilitation,
        irrespective of the particular reconstructive technique or the biological characteristics of the transplanted
        material.

    Good:

        After the operation on your knee you need time. At first, the front of your thigh must grow strong again. We show
        you how. Then you learn to feel where your leg is and to stand on it with your eyes shut. This may look simple, but
        it is hard work, and it keeps the knee safe.

        Wait with sports until both legs are as strong as each other. We can test this for you. Those who go back too soon
        often tear the band again, and the young do so most of all. Talk with us, and with the person who trains you. Tell
        us what hurts and what goes well. Most of our patients run again after nine months. A few need a year.
    """
    if not english(content):
        return
    measured = [one for sentence in _running(content) if (one := _measure(sentence)).words >= _FEWEST_IN_SENTENCE]
    words = sum(one.words for one in measured)
    if words < _FEWEST_WORDS:
        return
    reached = grade(words, len(measured), sum(one.syllables for one in measured))
    aim = content.settings.prose.grade
    if round(reached, 1) <= aim:
        return
    hardest = _hardest(measured)
    at = hardest[0].sentence.place if hardest else content.issue.place("title")
    message = f"the text reads at school grade {reached:.1f} (Flesch-Kincaid); the aim of this workspace is {aim:g}"
    yield Finding(at=at, message=message, fix=_advice(hardest))


@issue_rule("sentence-long", Level.INFORMATION)
def sentences_fit_one_breath(content: Content) -> Iterator[Finding]:
    """A sentence of more than 40 words.

    Readers lose its beginning before they reach its end. Make two of it.

    Bad:

        If your knee swells after the walk and is still warm on the next morning, or if you cannot put your whole weight
        on it without pain, then cool it for ten minutes, rest for a day, and call us when it has not become better by
        the evening.

    Good:

        Does your knee swell after the walk, or hurt under your weight? Cool it for ten minutes and rest for a day. Call us
        when it has not become better by the evening.
    """
    if not english(content):
        return
    for sentence in _running(content):
        count = len(words_in(sentence.text))
        if count > _LONG:
            message = f"a sentence of {count} words"
            yield Finding(at=sentence.place, message=message, fix="Make two or three sentences of it.")


def _running(content: Content) -> Iterator[Sentence]:
    return (sentence for sentence in every_sentence(content) if sentence.passage.kind is Kind.PROSE)


def _measure(sentence: Sentence) -> Measured:
    words = words_in(sentence.text)
    return Measured(sentence=sentence, words=len(words), syllables=sum(map(syllables, words)))


def _hardest(measured: list[Measured]) -> list[Measured]:
    long = [one for one in measured if one.words >= _HARD_FROM]
    return sorted(long, key=lambda one: -one.grade)[:_HARDEST]


def _advice(hardest: list[Measured]) -> str:
    if not hardest:
        return "Use shorter words."
    named = "; ".join(f'line {one.sentence.place.line}: "{_beginning(one.sentence.text)}"' for one in hardest)
    return f"Shorten sentences and use plainer words, first in the hardest ones. {named[0].upper()}{named[1:]}."


def _beginning(text: str) -> str:
    """The first words of a sentence."""
    text = text.replace(COVER, "…")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rsplit(' ', 1)[0]} …"


RULES = (text_suits_its_readers, sentences_fit_one_breath)
