"""Where the links of a mail lead: to proper, public, safe addresses that say what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.links import doubts as link_doubts
from newsletter.check.links import url as link_url
from newsletter.check.links.outgoing import Links
from newsletter.check.links.url import address_of
from newsletter.check.mail import has_slot
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.links.url import Address, Fault
    from newsletter.check.mail import Mail


@mail_rule("link-malformed", Level.ERROR)
def targets_are_addresses(mail: Mail) -> Iterator[Finding]:
    """A link whose target is not a proper web address.

    The reader clicks and gets an error page, or nothing happens. Most of these come from pasting: https:// twice, a comma
    for a dot, a host without a dot, a backslash, a character that nobody sees. Open the page in a browser and copy its
    address anew.

    Bad:

        See the [opening hours](https://https://example.org/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    yield from _judged(mail, _malformed)
    links = Links(mail)
    for linked in links:
        if linked.scheme in {"http", "https"} and has_slot(linked.link.url.partition("//")[2].partition("/")[0]):
            message = "what stands before the first / of this link is different for each reader"
            fix = "Write the host out; values of readers may stand behind it, such as https://example.org/?name=..."
            yield Finding(at=links.place(linked), message=message, fix=fix)


@mail_rule("link-placeholder", Level.ERROR)
def targets_are_filled_in(mail: Mail) -> Iterator[Finding]:
    """A link to an address that was to be filled in later.

    `https://link`, `https://your-site.com` or `insert-link-here` stand for an address that nobody has put in. Put the real
    one in, or take the link out. (example.org is fine: it exists for examples.)

    Bad:

        See the [opening hours](https://your-site.com/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, link_url.placeholder)


@mail_rule("link-private", Level.ERROR)
def targets_are_public(mail: Mail) -> Iterator[Finding]:
    """A link into your own network or to your own computer.

    `localhost`, `intranet.local` or 192.168.1.20 work at your desk and nowhere else. Put in the public address of the page.

    Bad:

        See the [opening hours](http://localhost:8000/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, link_url.private)


@mail_rule("link-lookalike", Level.ERROR)
def targets_do_not_mix_alphabets(mail: Mail) -> Iterator[Finding]:
    """A link whose host has letters that only look like Latin ones.

    A Cyrillic а and a Latin a look alike and lead to different places. Swindlers use that, so mail filters take such a link
    for fraud, and it does not lead where it seems to. Type the address anew with a Latin keyboard. Names wholly in another
    alphabet are fine.

    Bad:

        See the [opening hours](https://exаmple.org/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, link_url.lookalike)


@mail_rule("link-insecure", Level.WARNING)
def targets_are_encrypted(mail: Mail) -> Iterator[Finding]:
    """A link to an address that begins with http.

    Anybody on the way can read and change what such a page says, and browsers warn of it; of a medical practice, readers
    expect better. Nearly every site answers to https too: write that, and try it. In the list of references it is only
    information, since old sources may have nothing else.

    Bad:

        See the [opening hours](http://example.org/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    links = Links(mail)
    for linked in links:
        if linked.scheme == "http" and not link_url.is_lost(address_of(linked.url)):
            level = Level.INFORMATION if links.is_reference(linked) else None
            message = f"the link `{address_of(linked.url).short}` is not encrypted"
            yield Finding(
                at=links.place(linked), message=message, fix="Write https:// and try whether it answers.", level=level
            )


@mail_rule("link-shortener", Level.WARNING)
def targets_are_not_shortened(mail: Mail) -> Iterator[Finding]:
    """A link through a service that shortens addresses.

    Readers cannot see where bit.ly and the like lead, filters count them as a sign of spam since spammers hide behind them,
    and the service counts your readers. So do the wrappings that a link gets when it is copied from a mail, such as
    safelinks.protection.outlook.com. Link to the page itself; its length does not matter in a mail.

    Bad:

        See the [opening hours](https://bit.ly/3xyzabc).

        Find [our team](https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fteam).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, _sound(link_doubts.shortened))


@mail_rule("link-ip-address", Level.WARNING)
def targets_have_names(mail: Mail) -> Iterator[Finding]:
    """A link to a number instead of a name.

    Filters take `https://203.0.113.7/` for fraud, and readers should. Use the name of the site.

    Bad:

        See the [opening hours](https://203.0.113.7/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, _sound(link_doubts.numeric))


@mail_rule("link-credentials", Level.ERROR)
def targets_hold_no_password(mail: Mail) -> Iterator[Finding]:
    """A link with a name or a password before its host.

    `https://name:password@example.org` hands the password to all readers and to everybody who is passed the mail. Browsers
    warn of such links or drop what stands before the @. An email address is linked with `mailto:` instead of `https://`.

    Bad:

        See the [opening hours](https://anna:secret@example.org/hours).

    Good:

        See the [opening hours](https://example.org/hours), or [write to us](mailto:ask@example.org).
    """
    return _judged(mail, _sound(link_doubts.with_credentials))


@mail_rule("link-port", Level.INFORMATION)
def targets_use_the_usual_port(mail: Mail) -> Iterator[Finding]:
    """A link with a port that many networks block.

    The number in `https://example.org:8443/` is a port. Hospitals, schools and firms often let only the usual ones through,
    so some readers cannot open the page. Ask whoever runs the site for an address without it.

    Bad:

        See the [opening hours](https://example.org:8443/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, _sound(link_doubts.unusual_port))


@mail_rule("link-punctuation", Level.WARNING)
def targets_do_not_end_the_sentence(mail: Mail) -> Iterator[Finding]:
    """A link whose target ends with the full stop or bracket of the sentence.

    It was copied together with the address, and most sites answer that there is no such page. Move it behind the link.

    Bad:

        See the [opening hours](https://example.org/hours.).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, _sound(link_doubts.ends_like_a_sentence))


@mail_rule("link-long", Level.WARNING)
def targets_are_not_endless(mail: Mail) -> Iterator[Finding]:
    """A link with an address of more than 2,000 characters.

    Some mail programs and filters cut or drop it, and in the text part it fills a screen. Such addresses mostly carry
    what your browser was doing, such as a search: remove what stands after the ? and try whether the page still opens.

    Bad:

        ---
        title: Hips
        preheader: What we know about hips and what we would like to know
        date: 2026-12-01
        variables:
          long: "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\\
            0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\\
            0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\\
            0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\\
            0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        ---
        See the [opening hours](https://example.org/?q={{ long }}{{ long }}{{ long }}{{ long }}).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    return _judged(mail, _sound(link_doubts.endless))


def _judged(mail: Mail, judge: Callable[[Address], Fault | None]) -> Iterator[Finding]:
    """What the judge says of each web address of the mail."""
    links = Links(mail)
    for linked in links:
        if linked.scheme in {"http", "https"} and (fault := judge(address_of(linked.url))):
            yield Finding(at=links.place(linked), message=fault.message, fix=fault.fix, level=fault.level)


def _sound(judge: Callable[[Address], Fault | None]) -> Callable[[Address], Fault | None]:
    """The judge for addresses of which nothing worse is told."""

    def careful(address: Address) -> Fault | None:
        fault = judge(address)
        return fault if fault and not link_url.is_lost(address) else None

    return careful


def _malformed(address: Address) -> Fault | None:
    fault = link_url.malformed(address)
    if not fault or link_url.is_leftover(address):
        return None
    worse = link_url.placeholder(address) or link_url.private(address) or link_url.lookalike(address)
    return None if worse else fault


RULES = (
    targets_are_addresses,
    targets_are_filled_in,
    targets_are_public,
    targets_do_not_mix_alphabets,
    targets_are_encrypted,
    targets_are_not_shortened,
    targets_have_names,
    targets_hold_no_password,
    targets_use_the_usual_port,
    targets_do_not_end_the_sentence,
    targets_are_not_endless,
)
