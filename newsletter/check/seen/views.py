"""What a reader sees of a mail in each view: in light and dark, on a phone and on wide screens. For what law demands to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.mail import squashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.mail import Mail
    from newsletter.check.seen.computed import Styles, Written
    from newsletter.check.seen.media_queries import View

#: shorter pieces, such as a single word, may stand anywhere in the mail
LONG_ENOUGH = 20


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The text of a mail in one view, squashed."""

    view: View
    text: str


@lru_cache(maxsize=4)
def seen_in_each_view(styles: Styles) -> tuple[Seen, ...]:
    """The wide and light one first; views with the same text as an earlier one are left out."""
    pieces = [(written.element, squashed(written.text)) for written in styles.texts]
    found: dict[str, Seen] = {}
    for view in styles.views:
        text = "".join(piece for element, piece in pieces if not styles.look(element, view).unseen)
        found.setdefault(text, Seen(view=view, text=text))
    return tuple(found.values())


def why_unseen(mail: Mail, wanted: str, seen: Sequence[Seen]) -> str | None:
    """How a squashed text is missing, in words to end a sentence with; None where every view shows it."""
    for one in seen:
        if wanted not in one.text:
            hidden = next(_hidden(mail.page.styles, wanted, one.view), "")
            return f"{one.view.words}{f' (it is hidden by {hidden})' if hidden else ''}"
    return None


def _hidden(styles: Styles, wanted: str, view: View) -> Iterator[str]:
    """Why the pieces of a text are unseen."""
    for written in styles.texts:
        if unseen := styles.look(written.element, view).unseen:
            piece = squashed(written.text)
            if wanted in piece or (piece and piece in wanted and len(piece) >= min(LONG_ENOUGH, len(wanted))):
                yield unseen


def smallest(styles: Styles, written: Written) -> float:
    """The smallest size, in pixels, in which a text is seen; infinite where it never is."""
    looks = (styles.look(written.element, view) for view in styles.views)
    return min((look.size for look in looks if not look.unseen), default=float("inf"))
