"""How files of readers write what an attribute can be: the words for yes and no, numbers, letters with accents."""

from __future__ import annotations

import json
import unicodedata

#: case-folded
YES = frozenset({"yes", "y", "true", "1", "ja", "si", "sí"})
NO = frozenset({"no", "n", "false", "0", "nein"})


def forms(text: str) -> tuple[str, ...]:
    """An é is one character or two, by the program that wrote the file."""
    return tuple(dict.fromkeys((text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD")))))


def spellings(value: float | bool) -> tuple[str, ...]:
    """A value that is not text as a file may have it, in lower case."""
    if isinstance(value, bool):
        return tuple(sorted(YES if value else NO))
    whole = (str(int(value)),) if float(value).is_integer() else ()
    return tuple(dict.fromkeys((json.dumps(value), json.dumps(float(value)), *whole)))
