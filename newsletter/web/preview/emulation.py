"""A finished mail -> the mail as other readers get to see it: in dark mode, without images, as Gmail cuts it.

Text in, text out. Each view says what it is and what it is not: a browser is no mail program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.finished.size import CLIPPED_FROM
from newsletter.web.preview.colour_schemes import Settled
from newsletter.web.preview.inverting import inverted_page
from newsletter.web.preview.page_edits import cut, with_styles, without_images, without_sheets, without_style_attributes
from newsletter.web.preview.style_edits import StyleEdit

if TYPE_CHECKING:
    from collections.abc import Callable

#: what Gmail puts at the end; its link cannot lead anywhere here
_CLIPPED = (
    '<div style="padding:16px;background-color:#ffffff;font-family:Arial,sans-serif;font-size:14px;color:#202124">'
    '[Message clipped]&nbsp; <span style="color:#1155cc;text-decoration:underline">View entire message</span></div>'
)


@dataclass(frozen=True, kw_only=True)
class View:
    """`explanation` is for staff."""

    name: str
    title: str
    explanation: str


VIEWS = (
    View(
        name="as-sent",
        title="As sent",
        explanation="The mail as it is. It is light or dark as your own computer is set.",
    ),
    View(
        name="light",
        title="Light",
        explanation="For readers who have their device in light mode: the rules for dark mode are taken away, whatever "
        "your own computer is set to.",
    ),
    View(
        name="dark",
        title="Dark",
        explanation="For readers who have their device in dark mode and a mail program that follows the mail's own rules, "
        "such as Apple Mail. A page cannot switch your browser to dark mode, so the rules are rewritten in this copy of "
        "the mail; the colours are the ones that you would get.",
    ),
    View(
        name="gmail-dark",
        title="Gmail-like dark",
        explanation="An approximation. In dark mode the Gmail apps do not ask the mail: they turn its light grounds dark "
        "and its dark letters light. Nobody outside Gmail knows exactly how; this shows which texts, logos and lines "
        "suffer from it, not the very colours.",
    ),
    View(
        name="images-off",
        title="Images off",
        explanation="Many readers see a mail without images until they allow them. In place of each one stands a box of its size "
        "with its alternative text. How the box is drawn differs between mail programs.",
    ),
    View(
        name="no-media-queries",
        title="No phone rules",
        explanation="For mail programs that drop everything that is meant for phones or for dark mode only, such as Thunderbird. "
        "The rest of the design is there.",
    ),
    View(
        name="no-style-blocks",
        title="No style sheets",
        explanation="For mail programs that drop the mail's style sheets and keep only what stands at each text itself: the "
        "Gmail apps do so with accounts that are not Gmail's, and Gmail with a mail whose sheets are broken or too long.",
    ),
    View(
        name="no-styles",
        title="No design",
        explanation="The worst case: no design, only the order of the texts. Hidden texts such as the preheader are seen. Hardly any "
        "mail program is so bare today, but screen readers read in this order.",
    ),
    View(
        name="gmail-clip",
        title="Cut by Gmail",
        explanation="Gmail cuts a mail that is longer than about 102 KB, hides the rest behind a link and drops the style sheets. "
        "A shorter mail is shown whole. Links grow when clicks are counted, so a mail close to the limit may still be cut.",
    ),
)


class _NoMediaQueries(StyleEdit):
    without = frozenset({"media"})
    words = ("@media",)


def emulate(html: str, *views: str) -> str:
    """The mail, its slots filled, in all of these views at once, whatever their order.

    Raises:
        KeyError: there is no view of this name.
    """
    wanted = {name: _STEPS[name] for name in views}
    for name, step in _STEPS.items():
        if name in wanted:
            html = step(html)
    return html


def _as_sent(html: str) -> str:
    return html


def _light(html: str) -> str:
    return with_styles(html, Settled(dark=False))


def _dark(html: str) -> str:
    return with_styles(html, Settled(dark=True))


def _gmail_dark(html: str) -> str:
    return inverted_page(_light(html))


def _no_media_queries(html: str) -> str:
    return with_styles(html, _NoMediaQueries())


def _no_styles(html: str) -> str:
    return without_style_attributes(without_sheets(html))


def _gmail_clip(html: str) -> str:
    short = cut(html, CLIPPED_FROM, _CLIPPED)
    return html if short is html else without_sheets(short)


#: in the order in which they are done: Gmail cuts what was sent, and what has no styles any more has none to rewrite
_STEPS: dict[str, Callable[[str], str]] = {
    "as-sent": _as_sent,
    "gmail-clip": _gmail_clip,
    "no-styles": _no_styles,
    "no-style-blocks": without_sheets,
    "no-media-queries": _no_media_queries,
    "light": _light,
    "dark": _dark,
    "gmail-dark": _gmail_dark,
    "images-off": without_images,
}
