"""What every reader must be shown, in HTML and text alike: disclaimers word by word, the postal address, the way to leave, all
references. "Shown" holds for each view of the mail: in light and dark, on a phone and on wide screens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.mail import squashed
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.check.seen.views import LONG_ENOUGH, seen_in_each_view, smallest, why_unseen
from newsletter.model.document import CodeBlock, inlines_of, plain_text, walk_blocks
from newsletter.model.problem import Level
from newsletter.model.rendered import UNSUBSCRIBE_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element
    from newsletter.check.seen.computed import Styles
    from newsletter.check.seen.media_queries import View
    from newsletter.model.disclaimer import Disclaimer

#: smaller print is not legible (WCAG has no figure; this is the house rule of the issue format)
LEGIBLE_FROM = 13
#: a link that nobody can read is not offered; small ones are told as such
_TO_BE_FOUND = 9
_TEMPLATE = "Correct the template: readers must be shown it."


@mail_rule("disclaimer-not-shown", Level.ERROR, must=True)
def disclaimers_are_complete(mail: Mail) -> Iterator[Finding]:
    """A sentence of a required disclaimer is missing or hidden in the HTML or the text part.

    Every reader must be shown every required disclaimer, word by word: by day and in dark mode, on a phone and on a wide screen.
    A template or a style of the workspace leaves it out or hides it: correct the template.

    Bad (templates/email/narrow.css.j2):

        @media (max-width:480px){.small-print{display:none !important}}

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    seen = seen_in_each_view(mail.page.styles)
    for disclaimer in mail.disclaimers:
        for sentence in sentences(disclaimer):
            wanted = squashed(sentence)
            lost = [("HTML", why_unseen(mail, wanted, seen))]
            lost += [] if wanted in mail.squashed_text else [("text part", "")]
            for part, why in ((part, why) for part, why in lost if why is not None):
                what = f'this sentence of the disclaimer `{disclaimer.id}`{why}: "{sentence}"'
                message = f"the {part} does not show {what}"
                yield Finding(at=mail.issue.place("disclaimers"), message=message, fix=_TEMPLATE)


def words_of_disclaimers(mail: Mail) -> dict[str, str]:
    """Id -> the whole disclaimer, squashed."""
    return {one.id: squashed("".join(sentences(one))) for one in mail.disclaimers}


def sentences(disclaimer: Disclaimer) -> Iterator[str]:
    """The sentences of a disclaimer, without those that have no letter."""
    for block in walk_blocks(disclaimer.body):
        texts = [plain_text(inlines) for inlines in inlines_of(block)]
        if isinstance(block, CodeBlock):
            texts = [block.text]
        for text in texts:
            for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
                if re.search(r"\w", sentence):
                    yield sentence


@mail_rule("disclaimer-too-small", Level.ERROR, must=True)
def disclaimers_are_legible(mail: Mail) -> Iterator[Finding]:
    """A required disclaimer in print smaller than 13 pixels.

    What many readers cannot read has not been said. The size may come from a style of the workspace for phones, too.

    Bad (templates/email/narrow.css.j2):

        @media (max-width:480px){.small{font-size:11px !important}}

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    words = words_of_disclaimers(mail)
    styles = mail.page.styles
    small = [squashed(text.text) for text in styles.texts if smallest(styles, text) < LEGIBLE_FROM]
    for piece in (piece for piece in small if len(piece) >= LONG_ENOUGH):
        for name in (name for name, text in words.items() if piece in text):
            message = f"the disclaimer `{name}` is printed smaller than {LEGIBLE_FROM} pixels"
            fix = f"Set its font size to {LEGIBLE_FROM} pixels or more in the template."
            yield Finding(at=mail.issue.place("template"), message=message, fix=fix)


@mail_rule("postal-address-not-shown", Level.ERROR, must=True)
def postal_address_is_shown(mail: Mail) -> Iterator[Finding]:
    """A part of the mail without the sender's postal address.

    The law of many countries demands a postal address in every mail, where readers can see it. A template or a style of the
    workspace leaves it out or hides it: put it back.

    Bad (templates/email/article.txt.j2):

        {{ title }}

    Good:

        Walk a little every day.
    """
    # its commas may have become line breaks
    wanted = squashed(mail.settings.sender.postal_address).replace(",", "")
    at = mail.issue.place("template")
    for seen in seen_in_each_view(mail.page.styles):
        if wanted not in seen.text.replace(",", ""):
            message = f"the HTML does not show the sender's postal address{seen.view.words}"
            yield Finding(at=at, message=message, fix=_TEMPLATE)
            break
    if wanted not in mail.squashed_text.replace(",", ""):
        message = "the text part does not show the sender's postal address"
        yield Finding(at=at, message=message, fix=_TEMPLATE)


@mail_rule("unsubscribe-not-shown", Level.ERROR, must=True)
def the_way_to_leave_is_shown(mail: Mail) -> Iterator[Finding]:
    """A link to unsubscribe that is there, but hidden, without words, or too small to be found.

    Law and mailbox providers demand a way to leave that readers see: by day and in dark mode, on a phone and on a wide screen. Who
    cannot find it presses "spam". A template or a style of the workspace hides it: show it.

    Bad (templates/email/narrow.css.j2):

        @media (max-width:480px){.footer{display:none !important}}

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    slot = mail.slot(UNSUBSCRIBE_URL)
    links = [link.element for link in mail.page.links if slot and slot in link.url]
    if not links:
        return  # check/finished/output.py tells it
    styles = mail.page.styles
    for view in styles.views:
        reasons = [_unfindable(styles, link, view) for link in links]
        if all(reasons):
            message = f"the link to unsubscribe is not shown{view.words}: {reasons[0]}"
            fix = "Correct the template: every mail must offer it."
            yield Finding(at=place_of_tag(mail, links[0]), message=message, fix=fix)
            return


def _unfindable(styles: Styles, link: Element, view: View) -> str:
    """Why nobody finds a link; "" where readers do."""
    sayers = {one: styles.look(one, view) for one in link.walk() if _says_something(one)}
    if not sayers:
        return "it has no words"
    seen = {one.tag: look.size for one, look in sayers.items() if not look.unseen}
    if not seen:
        return f"it is hidden by {next(iter(sayers.values())).unseen}"
    return (
        "" if "img" in seen or max(seen.values()) >= _TO_BE_FOUND else f"its letters have {max(seen.values()):g} pixels"
    )


def _says_something(element: Element) -> bool:
    """Text that stands in it, or a described image."""
    if element.tag == "img":
        return bool(element.attributes.get("alt", "").strip())
    return any(isinstance(piece, str) and piece.strip() for piece in element.content)


@mail_rule("reference-not-shown", Level.ERROR)
def references_are_numbered(mail: Mail) -> Iterator[Finding]:
    """A cited reference that the HTML or the text part does not list.

    A template of the workspace leaves the list out: correct it.

    Bad (templates/email/article.txt.j2):

        {{ title }}

    Bad:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        Walking helps [@ok2020; @ok2021].

    Good:

        Walk a little every day.
    """
    at = mail.issue.place("references")
    for number, key in enumerate(mail.rendered.references, 1):
        if f"ref-{number}" not in mail.page.ids:
            message = f"the HTML does not show reference {number} (`{key}`)"
            yield Finding(at=at, message=message, fix=_TEMPLATE)
        if not re.search(rf"^\s*\[?{number}[.\])]\s", mail.text, re.MULTILINE):
            message = f"the text part does not show reference {number} (`{key}`)"
            yield Finding(at=at, message=message, fix=_TEMPLATE)


RULES = (
    disclaimers_are_complete,
    disclaimers_are_legible,
    postal_address_is_shown,
    the_way_to_leave_is_shown,
    references_are_numbered,
)
