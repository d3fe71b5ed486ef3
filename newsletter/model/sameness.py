"""Words made comparable: spelled alike when they look alike, so that a rule about words cannot be dodged by accident or design.

Compatibility forms (NFKC), case, accents, invisible characters, dashes and letters of other scripts that look Latin
are levelled (in the spirit of Unicode TR39 skeletons, https://www.unicode.org/reports/tr39/).
"""

from __future__ import annotations

import re
import unicodedata

#: Cyrillic, Greek, small capitals and barred letters that readers take for Latin, after case folding
_LOOKALIKES = str.maketrans(
    "авеһіјкӏмнорсԛѕтухԁԝ" "αεικνορτυχβγμη" "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ" "ıłøđħŧɑɡ",
    "abehijklmhopcqstyxdw" "aeikvoptuxbymn" "abcdefghijklmnoprstuvwyz" "ilodhtag",
)  # fmt: skip
#: the same in Cherokee (casefolded: its capitals) and Lisu, letter by letter
_LATIN_CAPITALS = str.maketrans(
    "ᎠᎡᎢᎫᎬᎳᎷᎻᏀᏃᏢᏦᏚᏙᏞᏟᏴ" "ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ",
    "drtjewmhgzpksvlcb" "bpdtgkjczfmnlsrvhwxyaeiou",
)  # fmt: skip
#: pictures of letters, such as NEGATIVE SQUARED LATIN CAPITAL LETTER P and REGIONAL INDICATOR SYMBOL LETTER P
_PICTURED = re.compile(r"(?:SQUARED|CIRCLED) LATIN CAPITAL LETTER ([A-Z])|REGIONAL INDICATOR SYMBOL LETTER ([A-Z])")
#: left out of a comparison: fillers that leave no ink, and marks set around a single word (`the "stem" cells`)
_LEFT_OUT = frozenset("\u115f\u1160\u3164\uffa0\"'`*\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a")
#: dots and strokes that join words as a hyphen does, and the braille blank
_JOINERS = frozenset("_+/\u00b7\u2027\u2022\u2219\u22c5\u2212\u2800")


def levelled(text: str) -> str:
    """The text as it is compared: lower-case, without accents, one space for any run of space, hyphens and dashes."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(_levelled_character(character) for character in decomposed)
    return re.sub(r"\s+", " ", kept).translate(_LOOKALIKES).translate(_LATIN_CAPITALS).strip()


def _levelled_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp", "Pd", "Pc", "Cc"} or character in _JOINERS:
        return " "
    if category in {"Mn", "Me", "Cf"} or character in _LEFT_OUT:
        return ""
    if category == "So" and (pictured := _PICTURED.search(unicodedata.name(character, ""))):
        return (pictured[1] or pictured[2]).lower()
    return character


def mentions(words: str) -> re.Pattern[str]:
    """Matches the words, or their plural, in a levelled text: whole words only, joined up or apart, `P.R.P.` for `PRP`."""
    levelled_words = levelled(words)
    if words.isupper() and words.isalpha():
        spelled = "[. ]?".join(re.escape(letter) for letter in levelled_words)
    else:
        spelled = " ?".join(re.escape(word) for word in levelled_words.split(" "))
    if any(_runs_on(character) for character in levelled_words):
        return re.compile(spelled)
    return re.compile(rf"(?<![^\W\d_]){spelled}(?:e?s)?(?![^\W\d_])")


def _runs_on(character: str) -> bool:
    """Chinese, Japanese and Thai write without spaces between words."""
    return "\u0e00" <= character <= "\u0e7f" or "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"
