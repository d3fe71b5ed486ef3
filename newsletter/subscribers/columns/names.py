"""One text with a whole name -> first name and last name."""

from __future__ import annotations

from newsletter.subscribers.columns.values import text_value

#: what a last name begins with, where it is written small
_PARTICLES = frozenset(
    "af al av bin da dal de del della den der des di do dos du el het ibn la las le los op 't te ten ter van vom von y zu zum zur".split()
)


def split_name(text: str) -> tuple[str, str]:
    """The last word is the last name, with the small words before it (van der Berg); `King, Ada` is the other way round."""
    text_value(text)
    last, comma, first = text.partition(",")
    if comma and first.strip() and "," not in first:
        return " ".join(first.split()), " ".join(last.split())
    words = text.split()
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    if at < 1:
        return " ".join(words), ""
    return " ".join(words[:at]), " ".join(words[at:])
