"""Parts of the body that a text names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: a joint or region, and the words that speak of it
_PARTS = {
    "hip": r"hips?|acetabul\w+|femoroacetabular",
    "knee": r"knees?|menisc\w+|patell\w+|acl|tibiofemoral",
    "shoulder": r"shoulders?|rotator cuffs?|glenohumeral|frozen shoulder",
    "ankle": r"ankles?|achilles",
    "foot": r"foot|feet|heels?|plantar|toes?|bunions?",
    "elbow": r"elbows?|epicondyl\w+",
    "wrist": r"wrists?|carpal",
    "hand": r"hands?|fingers?|thumbs?",
    "back": r"spines?|spinal|lumbar|lower back|low back|vertebra\w*|sciatica",
    "neck": r"necks?|cervical",
    "jaw": r"jaws?|temporomandibular",
}
_PART = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _PARTS.items()), re.IGNORECASE)
#: names that hold a part: "hand in hand", "on the other hand", "first-hand"
_SAYINGS = re.compile(
    r"\bother hand\b|\bfirst[- ]?hand\b|\bhand in hand\b|\bat hand\b|\bon foot\b|\bcome back\b", re.IGNORECASE
)


def named_parts(text: str) -> Iterator[tuple[str, int]]:
    for found in _PART.finditer(_SAYINGS.sub(lambda saying: " " * len(saying[0]), text)):
        if found.lastgroup:
            yield found.lastgroup, found.start()
