"""Letters that do not stand out from their ground: WCAG 2.2, 1.4.3 (https://www.w3.org/TR/WCAG22/#contrast-minimum).

Only what a mail tells is judged: on a picture, or in a colour that a variable holds, nobody can know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.check.mail import has_slot
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.seen.colours import ratio
from newsletter.check.seen.media_queries import View
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.seen.colours import Colour
    from newsletter.check.seen.computed import Look, Styles, Written

#: ratios that WCAG AA asks for, and the letters that count as large: 18 points, or 14 points bold
_LEGIBLE, _LEGIBLE_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD = 24, 18.66
_SAMPLE = 50
_WORDS = re.compile(r"[^\W_]")


@mail_rule("contrast-low", Level.WARNING)
def letters_stand_out(mail: Mail) -> Iterator[Finding]:
    """Words whose colour is too close to the colour behind them.

    Pale letters cannot be read in sunlight, on an old screen, or by the many readers whose eyes are not the best. Text needs a
    contrast of 4.5:1 against its ground, large text (24 pixels, or 18.66 pixels bold) 3:1. The colours of our own templates
    are kept apart for you; this comes from a template of the workspace.

    Make the letters darker, or the ground lighter.

    Bad (templates/email/blocks/paragraph.html.j2):

        <p style="font-size:17px;color:#999999">{{ content }}</p>

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    fix = "Make the letters darker or the ground lighter in the template; readers need {needed:g}:1."
    for pale in _pale(mail.page.styles, dark=False):
        yield Finding(
            at=place_of_tag(mail, pale.first.element, styled=True),
            message=str(pale),
            fix=fix.format(needed=pale.needed),
        )


@mail_rule("contrast-low-dark", Level.WARNING)
def letters_stand_out_in_the_dark(mail: Mail) -> Iterator[Finding]:
    """Words that can be read in light mode, but not in dark mode.

    Mostly the styles for dark mode change the colour of the letters and leave the ground behind them as it is, or the other way
    round. What is read by day then disappears at night. In `dark.css.j2`, give both colours of every text that gets one of them.

    Bad (templates/email/dark.css.j2):

        .canvas,.sheet{background-color:#14181c !important}

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    for pale in _pale(mail.page.styles, dark=True):
        yield Finding(
            at=place_of_tag(mail, pale.first.element, styled=True), message=f"{pale}{pale.cause}", fix=pale.dark_fix
        )


@dataclass(kw_only=True)
class _Pale:
    """One pair of colours that is too close, with the texts that have it."""

    view: View
    letters: Colour
    ground: Colour
    #: how the first text looks in light
    by_day: Look
    needed: float
    texts: dict[int, Written] = field(default_factory=dict)

    @property
    def first(self) -> Written:
        return next(iter(self.texts.values()))

    def __str__(self) -> str:
        more = f" and {len(self.texts) - 1} more" if len(self.texts) > 1 else ""
        contrast = int(ratio(self.letters, self.ground) * 10) / 10  # 4.49 is not 4.5
        told = f"{self.letters} on {self.ground} has a contrast of {contrast}:1{self.view.words}"
        return f'"{sample(self.first.text)}"{more}: {told}'

    @property
    def cause(self) -> str:
        if self.ground == self.by_day.ground:
            return "; dark mode changes the letters, but not the ground behind them"
        if self.letters == self.by_day.letters:
            return "; dark mode changes the ground, but not the letters on it"
        return ""

    @property
    def dark_fix(self) -> str:
        if self.cause:
            return "Give both in the dark styles of the template: the letters a light colour, the ground a dark one."
        return f"Make the letters lighter or the ground darker in the dark styles; readers need {self.needed:g}:1."


def sample(text: str) -> str:
    """The beginning of a text, in one line; what differs per reader is a dot."""
    line = " ".join("".join("…" if has_slot(one) else one for one in text[: 4 * _SAMPLE]).split())
    return line if len(line) <= _SAMPLE else f"{line[:_SAMPLE].rstrip()} …"


def _pale(styles: Styles, *, dark: bool) -> Iterator[_Pale]:
    """Each pair of colours once, where its first text stands; in the dark only what is not as pale in light."""
    found: dict[tuple[Colour, Colour], _Pale] = {}
    texts = [text for text in styles.texts if _says_something(text)]
    for view in (one for one in styles.views if one.dark is dark):
        for text in texts:
            look = styles.look(text.element, view)
            if not (needed := _lacking(look)) or not (look.letters and look.ground):
                continue
            by_day = styles.look(text.element, View(dark=False, width=view.width))
            pair = look.letters, look.ground
            if not dark or pair != (by_day.letters, by_day.ground):
                new = _Pale(view=view, letters=pair[0], ground=pair[1], by_day=by_day, needed=needed)
                found.setdefault(pair, new).texts.setdefault(id(text), text)
    yield from found.values()


def _lacking(look: Look) -> float:
    """The ratio that is not reached, 0 where it is."""
    if look.out_of_sight or look.letters is None or look.ground is None:
        return 0
    is_large = look.size >= _LARGE or (look.bold and look.size >= _LARGE_BOLD)
    needed = _LEGIBLE_LARGE if is_large else _LEGIBLE
    return needed if ratio(look.letters, look.ground) < needed else 0


def _says_something(written: Written) -> bool:
    """A dot or an arrow between words is no text."""
    return bool(_WORDS.search(written.text)) or has_slot(written.text)


RULES = (letters_stand_out, letters_stand_out_in_the_dark)
