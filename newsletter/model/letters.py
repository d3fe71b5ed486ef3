"""Text -> its letters as a reader counts them: an accent, a flag or a family is one, however many code points it has.

Extended grapheme clusters (https://www.unicode.org/reports/tr29/), by the properties that `unicodedata` knows; rarities such
as prepended signs are taken for letters of their own.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINER = "\u200d"
_EXTENDING = frozenset({"Mn", "Me", "Mc"})
_VIRAMA = 9
#: signs that open a stretch in another direction, and what closes them (https://www.unicode.org/reports/tr9/)
_ISOLATES, _END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
_EMBEDDINGS, _END_OF_EMBEDDING = "\u202a\u202b\u202d\u202e", "\u202c"


def letters(text: str) -> Iterator[str]:
    """Joined they are the text again."""
    start = 0
    flags = 0  # regional indicators in a row: two are a flag
    for at in range(1, len(text) + 1):
        flags = flags + 1 if _is_regional(text[at - 1]) else 0
        if at == len(text) or not _belongs(text[at - 1], text[at], is_half_a_flag=flags % 2 == 1):
            yield text[start:at]
            start = at


def width(text: str) -> int:
    """In columns: two for the letters of Chinese, Japanese and Korean and for pictures, none for what is not seen."""
    return sum(_width(letter) for letter in letters(text))


def closing_marks(text: str) -> str:
    """What ends the directions that the text opens and leaves open, so that nothing behind it is turned."""
    waiting: list[str] = []
    for sign in text:
        if sign in _ISOLATES:
            waiting.append(_END_OF_ISOLATE)
        elif sign in _EMBEDDINGS:
            waiting.append(_END_OF_EMBEDDING)
        elif waiting and sign == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting))


def _belongs(before: str, sign: str, *, is_half_a_flag: bool) -> bool:
    """Whether the sign belongs to the letter before it."""
    if before.isascii() and sign.isascii():
        return before == "\r" and sign == "\n"
    if _extends(sign):
        return before not in "\r\n"
    if _is_regional(sign):
        return is_half_a_flag
    if before == _JOINER:
        return unicodedata.category(sign) in {"So", "Sk"}
    return unicodedata.combining(before) == _VIRAMA and unicodedata.category(sign) == "Lo"


def _extends(sign: str) -> bool:
    code = ord(sign)
    return (
        unicodedata.category(sign) in _EXTENDING
        or sign in (_JOINER, "\u200c", "\uff9e", "\uff9f")
        or 0x1160 <= code <= 0x11FF  # vowels and ends of Korean syllables
        or 0x1F3FB <= code <= 0x1F3FF  # colours of skin
        or 0xE0020 <= code <= 0xE007F  # the letters in a flag of a region
    )


def _is_regional(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _width(letter: str) -> int:
    if len(letter) > 1 and "\ufe0f" in letter:  # shown as a picture
        return 2
    first = letter[0]
    if unicodedata.category(first) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(first) in {"W", "F"} or _is_regional(first) else 1
