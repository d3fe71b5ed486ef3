"""Whether an issue is written in the language that it says: by the small words that every sentence needs, and by its letters."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.document import inlines_of, plain_text, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.issue import Issue

_WORD = re.compile(r"[^\W\d_]+")
_HEBREW = re.compile(r"[\u05d0-\u05ea]")
_HEBREW_WORDS = "he"
#: names of the languages that the mail's own words are in
_NAMES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French", "he": "Hebrew"}
#: words that stand in nearly every sentence of one of them and are no words of the others
_SMALL = {
    language: frozenset(words.split())
    for language, words in (
        (
            "en",
            (
                "the and of to is are was were that this with for you your we our it they have has be from not but or at by as can "
                "will when what which their there how more than"
            ),
        ),
        (
            "de",
            (
                "der und die das ist sind den dem ein eine einen mit auf für nicht sich von zu auch wird werden wir sie ihre ihr "
                "unser unsere oder aber wenn im bei nach aus wie kann noch mehr als zum zur"
            ),
        ),
        (
            "es",
            (
                "el los las una que del para por con está están son como más pero sus usted ustedes nuestra nuestro cuando puede "
                "muy también hay donde desde hasta esta este y"
            ),
        ),
        (
            "fr",
            (
                "le les des du une et est sont que qui pour dans avec vous votre vos nous notre nos pas plus au aux ce cette mais "
                "ou où être peut sur par il elle leur"
            ),
        ),
    )
}
#: fewer words are no proof
_FEWEST = 40
#: the small words among all words of a text in its own language; usual are 0.3 to 0.5
_SHARE = 0.15
#: how many times as many as in the declared language
_MARGIN = 4


@issue_rule("language-differs", Level.WARNING)
def the_words_are_of_the_language(content: Content) -> Iterator[Finding]:
    """The issue is written in another language than it says.

    The language decides how a screen reader pronounces the mail, in which language its own words ("Unsubscribe") and disclaimers
    stand, and in which direction it is read. Write the right `language` into the front matter.

    Bad:

        ---
        title: Gehen nach einer Operation am Knie
        language: en
        ---

        Nach der Operation ist das Knie noch geschwollen, und die Muskeln sind schwach. Gehen Sie jeden Tag ein wenig, am Anfang von
        einem Zimmer in das andere, dann um das Haus und zum Bäcker. Wenn es weh tut, machen Sie eine Pause. Wir sind für Sie da, wenn
        Sie nicht sicher sind, ob Sie mehr gehen dürfen oder weniger.

    Good:

        ---
        title: Walking after a knee operation
        language: en
        ---

        After the operation the knee is still swollen, and the muscles are weak. Walk a little every day, at first from one room to
        the next, then around the house and to the bakery. Rest when it hurts. We are there for you when you are not sure whether you
        may walk more or less.
    """
    issue = content.issue
    declared = issue.language.replace("_", "-").partition("-")[0].lower()
    if declared not in _NAMES:
        return
    words = [word.lower() for word in _WORD.findall(_text(issue))]
    found = _language_of(words, declared) if len(words) >= _FEWEST else declared
    if found != declared:
        message = f"the issue says that it is written in {_NAMES[declared]}, but its words are {_NAMES[found]}"
        fix = f"Write `language: {found}` into the front matter; the mail's own words and disclaimers follow it."
        yield Finding(at=issue.place("language"), message=message, fix=fix)


def _text(issue: Issue) -> str:
    """Running text only: names, code and addresses have no language."""
    return " ".join(plain_text(content) for block in walk_blocks(issue.body) for content in inlines_of(block))


def _language_of(words: list[str], declared: str) -> str:
    """The declared one unless another is meant beyond doubt."""
    counts = Counter({name: sum(word in small for word in words) for name, small in _SMALL.items()})
    counts[_HEBREW_WORDS] = sum(bool(_HEBREW.search(word)) for word in words)
    best, most = counts.most_common(1)[0]
    is_clear = most >= _SHARE * len(words) and most >= _MARGIN * max(counts[declared], 1)
    return best if is_clear else declared


RULES = (the_words_are_of_the_language,)
