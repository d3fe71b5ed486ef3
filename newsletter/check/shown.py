"""What every reader must be shown, in HTML and text alike: disclaimers word by word, the postal address, all references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.mail import squashed
from newsletter.model.document import CodeBlock, inlines_of, plain_text, walk_blocks
from newsletter.model.problem import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.problem import Problem

#: smaller print is not legible (WCAG has no figure; this is the house rule of the issue format)
LEGIBLE_FROM = 13
#: shorter pieces, such as a single word, may stand anywhere in the mail
_LONG_ENOUGH = 20
_TEMPLATE = "Correct the template: readers must be shown it."


def disclaimers_are_complete(mail: Mail) -> Iterator[Problem]:
    for disclaimer in mail.disclaimers:
        for sentence in sentences(disclaimer):
            for part, shown in (("HTML", mail.squashed_html), ("text part", mail.squashed_text)):
                if squashed(sentence) not in shown:
                    message = (
                        f'the {part} does not show this sentence of the disclaimer `{disclaimer.id}`: "{sentence}"'
                    )
                    yield error("disclaimer-not-shown", mail.issue.place("disclaimers"), message, _TEMPLATE)


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


def disclaimers_are_legible(mail: Mail) -> Iterator[Problem]:
    words = {d.id: squashed("".join(sentences(d))) for d in mail.disclaimers}
    small = [s for s in mail.page.shown if s.size is not None and s.size < LEGIBLE_FROM]
    for piece in (squashed(shown.text) for shown in small):
        for name in (name for name, text in words.items() if len(piece) >= _LONG_ENOUGH and piece in text):
            message = f"the disclaimer `{name}` is printed smaller than {LEGIBLE_FROM} pixels"
            fix = f"Set its font size to {LEGIBLE_FROM} pixels or more in the template."
            yield error("disclaimer-too-small", mail.issue.place("template"), message, fix)


def postal_address_is_shown(mail: Mail) -> Iterator[Problem]:
    """Its commas may have become line breaks."""
    wanted = squashed(mail.settings.sender.postal_address).replace(",", "")
    for part, shown in (("HTML", mail.squashed_html), ("text part", mail.squashed_text)):
        if wanted not in shown.replace(",", ""):
            message = f"the {part} does not show the sender's postal address"
            yield error("postal-address-not-shown", mail.issue.place("template"), message, _TEMPLATE)


def references_are_numbered(mail: Mail) -> Iterator[Problem]:
    at = mail.issue.place("references")
    for number, key in enumerate(mail.rendered.references, 1):
        if f"ref-{number}" not in mail.page.ids:
            message = f"the HTML does not show reference {number} (`{key}`)"
            yield error("reference-not-shown", at, message, _TEMPLATE)
        if not re.search(rf"^\s*\[?{number}[.\])]\s", mail.text, re.MULTILINE):
            message = f"the text part does not show reference {number} (`{key}`)"
            yield error("reference-not-shown", at, message, _TEMPLATE)


RULES = (disclaimers_are_complete, disclaimers_are_legible, postal_address_is_shown, references_are_numbered)
