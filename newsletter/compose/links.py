"""The links of one delivery: what fills the link slots of a mail, and what the pages of newsletter/web answer; where its images lie."""

from __future__ import annotations

from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL

#: slot -> the path of its page; the token follows
PATHS = {UNSUBSCRIBE_URL: "/u/", PREFERENCES_URL: "/p/", VIEW_URL: "/v/"}

#: the pages that the links of notices lead to; the token follows
CONFIRM, DATA, ERASE = "/c/", "/d/", "/e/"

#: the same by the slots that they fill
NOTICE_PATHS = {"confirm_url": CONFIRM, "data_url": DATA, "erase_url": ERASE}


def delivery_links(base_url: str, token: str) -> dict[str, str]:
    """Slot name -> URL; one token per delivery, the path says the purpose. `base_url` has no slash at its end."""
    return {slot: f"{base_url}{path}{token}" for slot, path in PATHS.items()}


def notice_links(base_url: str, token: str) -> dict[str, str]:
    """The links that only the mails outside mailings may have, and those of any delivery."""
    own = {slot: f"{base_url}{path}{token}" for slot, path in NOTICE_PATHS.items()}
    return own | delivery_links(base_url, token)


def pictures_url(base_url: str) -> str:
    """What stands before the name of an issue's image, wherever a mail shows it."""
    return f"{base_url}/i/"
