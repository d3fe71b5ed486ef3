"""Links that write a mail or dial a number: RFC 6068 (mailto), RFC 3966 (tel), E.164 (how long a number is)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.links.outgoing import Links
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.links.outgoing import Linked
    from newsletter.check.mail import Mail

_MISTAKE = tuple[str, str]
#: E.164: at most 15 digits; with a country code no number has fewer than 7
_MOST_DIGITS, _FEWEST_ABROAD = 15, 7
#: what may stand in a number: digits, and what separates or waits
_NUMBER = re.compile(r"\+?[0-9().\-\s*#,/]+")
_SPOKEN_ZERO = re.compile(r"\+\s?(\d{1,3})\s?\(0\)")
_WRITE_NUMBER = "Write it such as tel:+1-213-555-0142."
_WRITE_ADDRESS = "Write it such as mailto:ask@example.org."


@mail_rule("link-mailto", Level.ERROR)
def addresses_can_be_written_to(mail: Mail) -> Iterator[Finding]:
    """A `mailto:` link with a wrong email address.

    The reader's mail program opens a letter that can never be delivered. Look for a missing dot or @, a space, a comma for a
    dot, or a letter of another alphabet. A subject stands after a question mark: `mailto:ask@example.org?subject=Visit`.

    Bad:

        Please [write to us](mailto:ask@example).

    Good:

        Please [write to us](mailto:ask@example.org?subject=Visit).
    """
    links = Links(mail)
    for linked in links:
        if linked.scheme == "mailto" and not linked.personal and (mistake := mail_mistake(linked.url)):
            yield Finding(at=links.place(linked), message=mistake[0], fix=mistake[1])


def mail_mistake(url: str) -> _MISTAKE | None:
    """What is wrong with a mailto link. Without an address it lets the reader choose, and is fine."""
    written, _, query = url[len("mailto:") :].partition("?")
    if written.startswith("//"):
        return f"`{url[:60]}` has // behind mailto:", _WRITE_ADDRESS
    if re.search(r"\?(?:subject|body|cc|bcc)=", query, re.IGNORECASE):
        return f"`{url[:60]}` has two question marks", "Write & in place of the second."
    addresses = [unquote(one) for one in written.split(",")] if written else []
    return next((mistake for mistake in map(_address_mistake, addresses) if mistake), None)


def _address_mistake(address: str) -> _MISTAKE | None:
    from email_validator import EmailNotValidError, validate_email

    if "@" not in address:
        return f"`{address[:60]}` is no email address: it has no @", _WRITE_ADDRESS
    if address != address.strip() or ";" in address:
        return f"`{address[:60]}` is no email address", "Separate several addresses by commas, without spaces."
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as why:
        return f"`{address[:60]}` is no email address: {str(why).rstrip('.')}", _WRITE_ADDRESS
    if _mixes_alphabets(address):
        return f"`{address[:60]}` has letters that only look like Latin ones", "Type it anew with a Latin keyboard."
    return None


def _mixes_alphabets(address: str) -> bool:
    """Latin letters next to Cyrillic or Greek ones, between two dots or hyphens."""
    for piece in re.split(r"[@.\-_+]", address):
        alphabets = {unicodedata.name(letter, "?").split()[0] for letter in piece if letter.isalpha()}
        if len(alphabets & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False


@mail_rule("link-tel", Level.ERROR)
def numbers_can_be_dialled(mail: Mail) -> Iterator[Finding]:
    """A `tel:` link that a telephone cannot dial.

    The number in the target is for the telephone, not for the eye: digits, with + and the country code in front so that it
    works from everywhere, no letters, no `(0)`, no extension in words. What the reader sees can be written as you like.

    Bad:

        Please [call us](tel:1-800-FLOWERS).

    Good:

        Please [call us](tel:+1-213-555-0142).
    """
    links = Links(mail)
    for linked in links:
        if linked.scheme == "tel" and not linked.personal and (mistake := number_mistake(linked.url, linked.name)):
            yield Finding(at=links.place(linked), message=mistake[0], fix=mistake[1])


def number_mistake(url: str, words: str = "") -> _MISTAKE | None:
    """What is wrong with a tel link; its words can say that a 0 in it is not dialled after the country code."""
    number = unquote(url[len("tel:") :]).partition(";")[0].strip()
    digits = re.sub(r"\D", "", number)
    if not digits:
        return "this link has no number to call", _WRITE_NUMBER
    if number.startswith("//") or not _NUMBER.fullmatch(number):
        return f"`{url[:60]}` has more than digits in it, and no telephone can dial that", _WRITE_NUMBER
    if "(0)" in number or _dials_zero(number, words):
        return f"`{url[:60]}` dials the 0 that is left out after a country code", "Leave the (0) out."
    if number.startswith("+0"):
        return f"`{url[:60]}` has no country code behind the +", "Write the country code, such as +49, without a 0."
    called = re.sub(r"\D", "", number.partition(",")[0])
    if len(called) > _MOST_DIGITS:
        return f"`{url[:60]}` has {len(called)} digits, more than any telephone number", _WRITE_NUMBER
    if len(called) < 3 or (number.startswith("+") and len(called) < _FEWEST_ABROAD):
        return f"`{url[:60]}` is too short for a telephone number", _WRITE_NUMBER
    return None


def _dials_zero(number: str, words: str) -> bool:
    spoken = _SPOKEN_ZERO.search(words)
    return bool(spoken) and re.sub(r"[^\d+]", "", number).startswith(f"+{spoken[1] if spoken else ''}0")


def same_number(words: str, linked: Linked) -> bool:
    """Whether the number that the words show is the one that is dialled: their last six digits say so."""
    shown, dialled = re.sub(r"\D", "", words), re.sub(r"\D", "", unquote(linked.url))
    return dialled[-6:] in shown or shown[-6:] in dialled


RULES = (addresses_can_be_written_to, numbers_can_be_dialled)
