"""The sign-up form for other websites, and the sentence that people agree to wherever they join."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from newsletter.render.environment import environment
from newsletter.web import bots
from newsletter.web.pages import isolated
from newsletter.web.paths import SUBSCRIBE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from markupsafe import Markup

    from newsletter.model.subscriber import MailingList
    from newsletter.settings import Settings
    from newsletter.web.pages import Pages

#: a hidden field; its value "one" says that the form had no boxes to tick: its list stood in the sentence
OFFER = "offer"


def consent_sentence(pages: Pages, settings: Settings, language: str, lists: Sequence[MailingList]) -> Markup:
    """With the list's title where there is only one, else about the boxes that are ticked."""
    sender = isolated(settings.sender.organisation or settings.sender.name)
    if len(lists) == 1:
        return pages.sentence(language, "join_consent_one", list=isolated(lists[0].title), sender=sender)
    return pages.sentence(language, "join_consent_several", sender=sender)


def embedded_form(
    pages: Pages, settings: Settings, folders: Sequence[Path], lists: Sequence[MailingList], language: str
) -> str:
    """Plain HTML, without script and style. A page of another website says nothing of the moment when it was shown."""
    html = (
        environment(folders)
        .get_template("web/embedded.html.j2")
        .render(
            say=partial(pages.sentence, language),
            language=language,
            right_to_left=pages.words(language).right_to_left,
            lists=lists,
            action=settings.newsletter.base_url + SUBSCRIBE,
            ask_name=settings.signup.ask_name,
            privacy_url=settings.signup.privacy_url or "",
            consent=consent_sentence(pages, settings, language, lists),
            offer=OFFER,
            trap=bots.TRAP,
        )
    )
    # whoever pastes it should see what is in it
    return html.replace("\u2068", "&#8296;").replace("\u2069", "&#8297;")
