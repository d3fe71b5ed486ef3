"""Names as tagged formats write them: `Family, Given`, `Family, Given, Jr.`, `Family GH`, or a group."""

from __future__ import annotations

import re

#: `Smith JA`, `van der Berg J.P.`: a family name and initials without a comma
_WITH_INITIALS = re.compile(r"([^\W\d_][^\d,;:()]*?)\s+((?:[A-Z]\.?[ -]?){1,2})")
_SUFFIX = re.compile(r"(.+?),?\s+((?:Jr|Sr)\.?|2nd|3rd|4th|5th|II|III|IV)")
_MOST_WORDS = 3
#: no name is longer; the patterns are for short texts
_LONGEST = 200


def person_or_group(text: str) -> dict[str, str]:
    """One name; without a comma it is a group, unless it ends in initials. A comma at the end marks a group (EndNote)."""
    if text.endswith(","):
        return {"literal": text.rstrip(", ")}
    family, comma, given = text.partition(",")
    if comma and family.strip():
        return person(family, given)
    match = _WITH_INITIALS.fullmatch(text) if len(text) < _LONGEST else None
    if match and len(match[1].split()) <= _MOST_WORDS and not any(word.isupper() for word in match[1].split()):
        return person(match[1], match[2])
    return {"literal": text.strip(", ")}


def person(family: str, given: str) -> dict[str, str]:
    """Family and given name; a suffix stands behind a second comma, or behind the initials."""
    given, _, suffix = given.strip().partition(",")
    if not suffix and len(given) < _LONGEST and (match := _SUFFIX.fullmatch(given)):
        given, suffix = match[1], match[2]
    parts = {"family": family.strip(), "given": given.strip(), "suffix": suffix.strip()}
    return {name: part for name, part in parts.items() if part}
