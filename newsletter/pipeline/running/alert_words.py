"""An alert in words: its headline in the newsletter's language, and what exactly is the matter as the program says it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from newsletter.model.duty import Alert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.render.translations import Translations

#: before and behind words of another language, whichever way they are written
_ISOLATED = "\u2068{}\u2069"
#: facts that are told in their own words, the rest fills the headline
_DETAILS = ("why", "next_step")


def alert_words(words: Translations, about: Mapping[str, Any]) -> dict[str, str]:
    """`alert` is its headline, `details` says what is the matter; never empty, whatever it is about."""
    what, given = str(about.get("alert") or ""), about.get("facts")
    facts = {str(name): str(text) for name, text in given.items()} if isinstance(given, dict) else {}
    headline = words.words.get(f"alert_{what.replace('-', '_')}")
    if headline is None:  # of a newer version, or only to see what it looks like
        headline, facts = words.words[f"alert_{Alert.FAILS.replace('-', '_')}"], {"part": what, **facts}
    filled = headline.format_map(defaultdict(str, facts))
    said = " ".join(facts[name] for name in _DETAILS if facts.get(name))
    return {"alert": filled, "details": _ISOLATED.format(said) if said else words.words["alert_no_details"]}
