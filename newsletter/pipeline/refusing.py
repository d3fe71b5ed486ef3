"""What must be right before real mail leaves: everything that is wrong is told at once.

Where no sender reaches anybody (outbox, sandbox, a host on this machine) nothing is asked for.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from newsletter.errors import NotReadyForReaders
from newsletter.keys import PROBE
from newsletter.model.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.mailing import Mailing
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.probe.pages import Pages
    from newsletter.settings import Workspace
    from newsletter.settings.schema import MailboxSection
    from newsletter.store.database import Store

#: nobody can have an address there (RFC 2606, 6761, 6762, 7686, 8375, ICANN's .internal)
_RESERVED = (
    *("example.com", "example.net", "example.org", "example", "test", "invalid"),
    *("localhost", "local", "localdomain", "internal", "onion", "home.arpa"),
)
#: what stands for a street or town in examples
_SAMPLE_PLACE = re.compile(
    r"\b(?:example (?:street|road|avenue|town)|anytown|any street|muster(?:stra(?:ß|ss)e|stadt|hausen|weg)|calle ejemplo|"
    r"rue exemple)\b",
    re.IGNORECASE,
)


@runtime_checkable
class KnowsDomains(Protocol):
    """A sender whose provider tells which domains it may sign for."""

    def why_unaligned(self, address: str) -> str:
        """Why mail from this address would not be signed by its own domain; empty when it is, or cannot be known."""


def refuse_unless_ready(
    workspace: Workspace,
    store: Store,
    keys: Keys,
    senders: Sequence[Sender],
    variants: Sequence[Rendered],
    pictures: Sequence[ImageFile],
    pages: Pages | None = None,
) -> None:
    """Before anybody is mailed these bytes. The images are stored, so that the pages can show them when they are looked at.

    Raises:
        NotReadyForReaders: with everything that is wrong.
    """
    if any(sender.real and not sender.embeds for sender in senders):
        _store(store, pictures)
    else:
        pictures = ()
    if found := refusals(workspace, store, keys, senders, variants, pictures, pages):
        raise NotReadyForReaders(found)


def refuse_unless_still_ready(
    workspace: Workspace,
    store: Store,
    keys: Keys,
    senders: Sequence[Sender],
    mailing: Mailing,
    pages: Pages | None = None,
) -> None:
    """Before a mailing that was planned goes on: the same, for its stored bytes.

    Raises:
        NotReadyForReaders: with everything that is wrong.
    """
    from newsletter.store import rendered as stored

    if not any(sender.real for sender in senders):
        return
    with store.read() as connection:
        variants = [stored.load(connection, content) for content in mailing.variants.values()]
        pictures = {one.name: one for content in variants for one in stored.pictures_of(connection, content)}
    refuse_unless_ready(workspace, store, keys, senders, variants, [*pictures.values()], pages)


def sender_refusals(workspace: Workspace) -> Iterator[Refusal]:
    """What is wrong with what the settings say of the sender, before anything is rendered."""
    sender = workspace.settings.sender
    yield from _postal_address(sender.postal_address)
    for address in dict.fromkeys(filter(None, (sender.address, sender.reply_to))):
        yield from _reserved(address)
    yield from _mailbox(workspace.settings.mailbox)


def refusals(
    workspace: Workspace,
    store: Store,
    keys: Keys,
    senders: Sequence[Sender],
    variants: Sequence[Rendered],
    pictures: Sequence[ImageFile],
    pages: Pages | None = None,
) -> list[Refusal]:
    """Everything that is wrong; `pictures` are those that the pages are to show."""
    from newsletter.probe.pages import Pages

    real = [sender for sender in senders if sender.real]
    if not real:
        return []
    addresses = dict.fromkeys(address for one in variants for address in (one.from_address, one.reply_to))
    pages = pages or Pages(base_url=workspace.settings.newsletter.base_url)
    return [
        *_half_rehearsed(senders),
        *_postal_address(workspace.settings.sender.postal_address),
        *(refusal for address in addresses for refusal in _reserved(address)),
        *_mailbox(workspace.settings.mailbox),
        *_domains(real, {one.from_address for one in variants}),
        *pages.refusals(keys.token(PROBE), pictures, partial(_mark, store)),
    ]


def _mark(store: Store) -> str:
    from newsletter.store.mark import mark_of

    with store.read() as connection:
        return mark_of(connection)


def _store(store: Store, pictures: Sequence[ImageFile]) -> None:
    from newsletter.store import rendered as stored

    if pictures:
        with store.write() as connection:
            stored.keep_pictures(connection, pictures)


def _half_rehearsed(senders: Sequence[Sender]) -> Iterator[Refusal]:
    """A rehearsal that reaches people, or readers who count as having what lies in a folder."""
    idle = [sender.name for sender in senders if not sender.real]
    if idle:
        yield Refusal(
            why=f"of the two senders only one reaches people: {', '.join(idle)} sends nothing, and its readers would count as "
            "having the issue",
            next_step="Set esp.name and esp.fallback to senders that both reach people, or take esp.fallback away.",
        )


def _postal_address(text: str) -> Iterator[Refusal]:
    from newsletter.check.written.sender import is_to_be_filled_in

    if not any(letter.isalpha() for letter in text) or is_to_be_filled_in(text) or _SAMPLE_PLACE.search(text):
        yield Refusal(
            why=f'sender.postal_address is "{text.strip()}", which is no postal address of yours',
            next_step="Write street, town and postcode into newsletter.toml: the law of many countries demands it in each mail.",
        )


def _reserved(address: str) -> Iterator[Refusal]:
    domain = address.rpartition("@")[2].rstrip(".").lower()
    if any(domain == name or domain.endswith(f".{name}") for name in _RESERVED):
        yield Refusal(
            why=f"{address} is an address for examples and tests: nobody can write to it, and nobody can sign for it",
            next_step="Set sender.address (and sender.reply_to) to addresses of a domain that is yours.",
        )


def _mailbox(mailbox: MailboxSection) -> Iterator[Refusal]:
    """Its address is promised to readers and to servers: what comes there has to be read."""
    is_read = bool(mailbox.host) or mailbox.pipe
    if bool(mailbox.address) == is_read:
        return
    has, add = (
        ("its address and no way to read it", "mailbox.host, or mailbox.pipe = true,")
        if mailbox.address
        else ("a way to read it and no address", "mailbox.address")
    )
    yield Refusal(
        why=f"[mailbox] has {has}: bounces, and mails that ask to leave, would be lost",
        next_step=f"Add {add} to newsletter.toml, or take the section [mailbox] away.",
    )


def _domains(senders: Iterable[Sender], addresses: Iterable[str]) -> Iterator[Refusal]:
    for sender in senders:
        if isinstance(sender, KnowsDomains):
            for why in filter(None, map(sender.why_unaligned, sorted(addresses))):
                yield Refusal(
                    why=f"{sender.name}: {why}",
                    next_step="Authenticate the domain of sender.address at the provider: else most of the mail lands in spam.",
                )
