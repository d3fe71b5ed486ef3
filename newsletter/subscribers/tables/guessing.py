"""Which of the older encodings is this? A guess, which a person is shown.

Names in Latin letters are too short for statistics of words, so the letters themselves decide: which encoding makes them
all letters of one language, with small ones inside of words. For other scripts charset-normalizer knows better.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

#: the likelier first: between equals the first is taken
_LATIN = ("cp1252", "cp1250", "cp1254", "mac-roman", "cp850", "iso8859-2")
_CYRILLIC_OR_GREEK = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "cp1253")
_OTHERS = (
    *("iso8859-5", "cp1255", "cp1256", "cp1257"),
    *("cp932", "euc-jp", "gb18030", "big5", "cp949", "cp874", "cp1258"),
)
#: letters beyond ASCII by language: German, French, Spanish, Portuguese, Italian, Dutch, Swedish and Finnish, Danish and
#: Norwegian, Icelandic, Polish, Czech and Slovak, Hungarian, Romanian, Slovenian and Croatian, Turkish, Catalan
_LANGUAGES = tuple(
    frozenset(letters)
    for letters in (
        *("äöüßé", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "àáâãçéêíóôõúü", "àèéìíîòóùú", "ëïéèöüáó", "åäöé", "æøåéöäü"),
        *("áðéíóúýþæö", "ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕäô", "áéíóöőúüű", "ăâîşţșțáé", "čćđšž", "çğıi\u0307öşüâ"),
        "àçèéíïòóúü·",
    )
)
_ALPHABETS = (frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў"), frozenset("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"))
_PUNCTUATION = frozenset("’‘“”„‚«»–—…€£§°º\u00aa¡¿©®™•´·\u00a0½²³")
_QUOTES_AND_DASHES = frozenset("’‘“”„–—…€")
#: what words of Latin letters hardly have: three beyond ASCII in a row; and words of other letters: a Latin one among them
_RUN = re.compile(r"[^\W\d_a-zA-Z]{3,}")
_MIXED = re.compile(r"(?<=[a-zA-Z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-zA-Z])")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_PLAUSIBLE = 0.75
#: of Latin letters: bytes of East Asian texts often make letters of other alphabets
_ADVANTAGE = 0.1


def guessed_codec(sample: bytes) -> str | None:
    """Python's name of the encoding; None when none makes text of the bytes."""
    rated = [(_plausibility(sample, codec, _LANGUAGES, _RUN), codec) for codec in _LATIN]
    rated += [(_plausibility(sample, codec, _ALPHABETS, _MIXED) - _ADVANTAGE, codec) for codec in _CYRILLIC_OR_GREEK]
    plausible, codec = max(rated, key=lambda rated: rated[0])
    if plausible >= _PLAUSIBLE:
        return codec
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=[*_OTHERS, *_CYRILLIC_OR_GREEK, *_LATIN]).best()
    if best is not None:
        return best.encoding
    return codec if plausible > 0 else None


def _plausibility(sample: bytes, codec: str, languages: Sequence[Set[str]], oddity: re.Pattern[str]) -> float:
    """0 to 1: the share of letters that belong to the language with the most of them, less those that stand where none do."""
    text = sample.decode(codec, "replace")
    letters = _BEYOND.findall(text)
    small = [letter for letter in text.lower() if letter > "\x7f" and letter not in _PUNCTUATION]
    if not small:
        return 1.0 if languages is _LANGUAGES and _QUOTES_AND_DASHES.issuperset(letters) else 0.5
    odd = sum(map(len, oddity.findall(text))) + sum(map(_is_capital_inside, pairwise(text)))
    known = max(sum(letter in language for letter in small) for language in languages)
    any_ = sum(any(letter in language for language in languages) for letter in small)
    return max(0.0, (known + any_) / (2 * len(small)) - odd / len(letters))


def _is_capital_inside(pair: tuple[str, str]) -> bool:
    before, letter = pair
    return letter > "\x7f" and before.islower() and letter.isupper()
