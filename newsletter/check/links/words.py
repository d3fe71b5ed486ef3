"""The words of links: they say where the link leads, and do not say something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from newsletter.check.links.contacts import same_number
from newsletter.check.links.outgoing import Links
from newsletter.check.links.tables import NEARLY_VAGUE, SAME_SITE, VAGUE
from newsletter.check.links.url import address_of, is_lost
from newsletter.check.links.web_names import host_of_words
from newsletter.check.mail import has_slot
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.links.outgoing import Linked
    from newsletter.check.mail import Mail

_MAIL_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}\.\w{2,20}")
_PHONE = re.compile(r"[+(]?\d[\d\s().\u00a0/-]{5,30}\d")
#: what a campaign adds to an address does not change where it leads
_CAMPAIGN = re.compile(r"(?:^|&)(?:utm_\w{1,20}|mtm_\w{1,20}|pk_\w{1,20}|fbclid|gclid)=[^&]*")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gv", "med", "ne", "net", "nhs", "or", "org"})


@mail_rule("link-words-vague", Level.WARNING)
def words_say_where(mail: Mail) -> Iterator[Finding]:
    """A link whose words say nothing, such as "click here" or "read more".

    Readers skim a mail from link to link, and screen readers can read the links as a list: "here, here, more". Make the
    link of the words that name what the reader gets. "Learn more" and the like are told as information only.

    Bad:

        For the opening hours [click here](https://example.org/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    links = Links(mail)
    for linked in links:
        if is_vague(linked.name) or is_nearly_vague(linked.name):
            level = None if is_vague(linked.name) else Level.INFORMATION
            message = f'the words of this link, "{linked.name[:40]}", do not say where it leads'
            fix = 'Make the link of words that name what the reader gets, such as "opening hours".'
            yield Finding(at=links.place(linked), message=message, fix=fix, level=level)


def is_vague(name: str) -> bool:
    """Words of the table, or no word at all; a link without any name is told as such (check/written/body.py)."""
    return bool(name) and (_bare(name) in VAGUE or not (any(map(str.isalnum, name)) or has_slot(name)))


def is_nearly_vague(name: str) -> bool:
    return _bare(name) in NEARLY_VAGUE


def _bare(name: str) -> str:
    """In small letters, without arrows, stops and quotation marks around."""
    words = " ".join(name.casefold().split()).replace("’", "'")
    spoken = [position for position, letter in enumerate(words) if letter.isalnum()]
    return words[spoken[0] : spoken[-1] + 1] if spoken else ""


@mail_rule("link-words-mislead", Level.WARNING)
def words_and_target_agree(mail: Mail) -> Iterator[Finding]:
    """A link that shows one address and leads to another.

    That is how fraud works, so mail filters move such a mail to the spam folder and careful readers delete it. It is mostly
    a slip: the words were changed and the target was not. Write the same in both, or put plain words in place of the
    address. Telephone numbers and email addresses are compared too.

    Bad:

        Find us at [www.example.org](https://example.com/find-us).

    Good:

        Find us at [www.example.org](https://www.example.org/find-us).
    """
    links = Links(mail)
    for linked in links:
        if not linked.personal and not has_slot(linked.name) and (shown := _other_place(linked)):
            message = f"the words of this link show `{shown[:60]}`, but it leads to `{_leads_to(linked)[:60]}`"
            fix = "Correct one of the two, or write plain words in place of the address."
            yield Finding(at=links.place(linked), message=message, fix=fix)


def _other_place(linked: Linked) -> str:
    """The address that the words show, if it is not where the link leads."""
    words = linked.link.element.words
    if linked.scheme == "tel":
        number = _PHONE.search(words)
        return number[0] if number and not same_number(words, linked) else ""
    if address := _MAIL_ADDRESS.search(words):
        return "" if _writes_to(linked, address[0]) else address[0]
    host = host_of_words(words)
    if linked.scheme == "mailto":
        return host if words.startswith(("http", "www.")) else ""
    if not host or is_lost(address_of(linked.url)):
        return ""
    return "" if _of_one_site(host, address_of(linked.url).host) else host


def _writes_to(linked: Linked, address: str) -> bool:
    """A web page may be named by an address within it, such as a profile."""
    if linked.scheme == "mailto":
        return address.casefold() in unquote(linked.url).casefold()
    return address.casefold() in unquote(linked.url).casefold() or address != linked.link.element.words


def _leads_to(linked: Linked) -> str:
    return linked.url if linked.scheme in {"mailto", "tel"} else address_of(linked.url).host


def _of_one_site(one: str, other: str) -> bool:
    one, other = (SAME_SITE.get(host.removeprefix("www."), host) for host in (one, other))
    return one.endswith(f".{other}") or other.endswith(f".{one}") or _site(one) == _site(other)


def _site(host: str) -> str:
    """The name that was registered: news.example.co.uk -> example.co.uk."""
    labels = host.split(".")
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-count:])


@mail_rule("link-words-repeated", Level.INFORMATION)
def same_words_lead_to_one_place(mail: Mail) -> Iterator[Finding]:
    """The same words lead to different places.

    In the list of links that a screen reader offers, nobody can tell "Register" and "Register" apart. Add the word that
    makes the difference, such as "Register for the evening in May".

    Bad:

        - Walking: [the programme](https://example.org/walking)
        - Running: [the programme](https://example.org/running)

    Good:

        - [The walking programme](https://example.org/walking)
        - [The running programme](https://example.org/running)
    """
    links = Links(mail)
    first: dict[str, tuple[str, Linked]] = {}
    for linked in links:
        words = _bare(linked.name)
        if not words or is_vague(linked.name) or is_nearly_vague(linked.name) or links.is_reference(linked):
            continue
        target, before = first.setdefault(words, (_page_of(linked), linked))
        if target != _page_of(linked):
            earlier, at = links.place(before), links.place(linked)
            if earlier.line and at.line:  # the settings, of which the template makes links, have no lines
                message = f'the words "{linked.name[:40]}" lead to another page in line {earlier.line}'
                yield Finding(at=at, message=message, fix="Add the word that makes the difference.")


def _page_of(linked: Linked) -> str:
    """The address without what makes no other page."""
    if linked.scheme == "tel":
        return re.sub(r"\D", "", unquote(linked.url))[-7:]  # with a country code or without
    if linked.scheme not in {"http", "https"}:
        return re.sub(r"[^\w@+]", "", unquote(linked.url).partition("?")[0]).casefold()
    parts = urlsplit(address_of(linked.url).parts.geturl())
    host = address_of(linked.url).host.removeprefix("www.")
    return urlunsplit(("", host, parts.path.rstrip("/"), _CAMPAIGN.sub("", parts.query).lstrip("&"), parts.fragment))


RULES = (words_say_where, words_and_target_agree, same_words_lead_to_one_place)
