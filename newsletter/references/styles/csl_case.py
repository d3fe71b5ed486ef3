"""Title Case and Sentence case as CSL asks for them: words with capitals of their own stay as they are.

https://docs.citationstyles.org/en/stable/specification.html#title-case-conversion
"""

from __future__ import annotations

import re

from newsletter.references import marks

#: words that are written small within a title
_STOP_WORDS = frozenset(
    """a about above across after against along among amongst an and around as at before behind below beneath beside
    besides between beyond but by despite down during except for from in inside into like near nor of off on onto or out
    outside over past per plus regarding since so than the through throughout till to toward towards under underneath
    unlike until up upon versus via vs with within without yet""".split()
)
#: words of a text that may be all abbreviations
_SHORT = 2
_WORD = re.compile(r"\S+")
_ITALIC, _UPRIGHT = marks.OPEN["i"], marks.CLOSE["i"]
_LETTER = re.compile(r"[^\W\d_]")


def cased(text: str, how: str, longest_small: int | None = None) -> str:
    """The text in one of CSL's cases; what is none of them changes nothing."""
    match how:
        case "lowercase":
            return text.lower()
        case "uppercase":
            return text.upper()
        case "capitalize-first":
            return capitalize_first(text)
        case "capitalize-all":
            return _WORD.sub(lambda word: _capitalized(word[0]), text)
        case "title":
            return title_case(text, longest_small)
        case "sentence":
            return capitalize_first(_unshouted(text))
    return text


def title_case(text: str, longest_small: int | None = None) -> str:
    """`A handbook of joint-preserving surgery` as `A Handbook of Joint-Preserving Surgery`.

    Some manuals write only short words small: AMA's `Living With an Implant`.
    """
    text = _unshouted(text)
    words = list(_WORD.finditer(text))
    pieces, end, begins, italic = [], 0, True, 0
    for number, word in enumerate(words, 1):
        italic += word[0].count(_ITALIC)
        # foreign words and species stay as they are: in vivo
        titled = word[0] if italic > 0 else _titled(word[0], longest_small, always=begins or number == len(words))
        pieces += [text[end : word.start()], titled]
        begins = marks.without(word[0]).rstrip("”’\"'")[-1:] in {":", ".", "?", "!", "—"}
        italic -= word[0].count(_UPRIGHT)
        end = word.end()
    return "".join([*pieces, text[end:]])


def _unshouted(text: str) -> str:
    """Text all in capitals is written small, unless it is so short that it may be an abbreviation: `DSM-5`."""
    return text.lower() if marks.without(text).isupper() and len(text.split()) > _SHORT else text


def _titled(word: str, longest_small: int | None, *, always: bool) -> str:
    return "-".join(
        part if _is_stop_word(part, longest_small) and (number or not always) else _capitalized(part)
        for number, part in enumerate(word.split("-"))
    )


def _is_stop_word(part: str, longest: int | None) -> bool:
    letters = "".join(_LETTER.findall(part)).lower()
    return letters in _STOP_WORDS and (longest is None or len(letters) <= longest)


def _capitalized(word: str) -> str:
    """The first letter, if the word is written small and begins with one: not `pH`, not `2nd`."""
    visible = marks.without(word).lstrip("“‘\"'([")
    first = _LETTER.search(word)
    if not (first and visible.islower() and visible.startswith(first[0])):
        return word
    return word[: first.start()] + first[0].upper() + word[first.end() :]


def capitalize_first(text: str) -> str:
    """The first word with a capital, unless it has one of its own: not `medRxiv`."""
    word = _WORD.search(text)
    return text[: word.start()] + _capitalized(word[0]) + text[word.end() :] if word else text
