"""The story, told once: prepare an issue, plan a mailing, send it.

Nothing here chooses adapters (wiring.py does) or makes words (cli/ and web/ do).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.address.chunks import ranges
from newsletter.compose.links import delivery_links
from newsletter.errors import SendingRefused, SubscriberNotFound
from newsletter.keys import MOST_LINKS, NOTICES, DeliveryToken
from newsletter.model.document import cited_keys
from newsletter.model.letter import Envelope, Letter, Verdict
from newsletter.model.mailing import ChunkState
from newsletter.model.problem import in_reading_order
from newsletter.model.subscriber import field_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.deliver.engine import Engine
    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.letter import Answer
    from newsletter.model.mailing import Mailing
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Entry, Reference
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.model.subscriber import MailingList, Subscriber
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An issue read, checked and rendered. `rendered` is None when the file was too broken for that."""

    slug: str
    path: Path
    problems: Sequence[Problem]
    issue: Issue | None = None
    rendered: Rendered | None = None
    images: Sequence[ImageFile] = ()
    #: SHA-256 over everything that the rendered bytes were made from
    sources_digest: str = ""


def prepare(workspace: Workspace, path: Path, now: datetime) -> Prepared:
    """Read, check and render one issue file. Mistakes of the author come back as problems, all at once."""
    from zoneinfo import ZoneInfo

    from newsletter import check, policy, references, render
    from newsletter.read import load_disclaimers, read_issue, slug_of

    settings, folders = workspace.settings, (workspace.templates,)
    reading = read_issue(path, settings, references.load)
    problems = list(reading.problems)
    if reading.issue is None:
        return Prepared(slug=slug_of(path), path=path, problems=in_reading_order(problems, str(path)))
    issue = reading.issue
    cited = [reading.references[key] for key in cited_keys(issue.body)]
    day = (now.astimezone(ZoneInfo(settings.newsletter.timezone))).date()
    catalogue, found = load_disclaimers(folders, settings)
    disclaimers, missing = policy.select(issue, cited, settings.policy, catalogue, day)
    entries, style_problems = _format(workspace, issue, cited)
    problems += [*found, *missing, *style_problems, *check.check_issue(issue, cited, settings)]
    rendering = render.render(
        issue,
        entries=entries,
        disclaimers=disclaimers,
        settings=settings,
        source=reading.source,
        template_folders=folders,
        folder=workspace.folder,
    )
    problems += rendering.problems
    if rendering.rendered is not None:
        problems += check.check_rendered(issue, rendering.rendered, rendering.origins, disclaimers, settings, cited)
    return Prepared(
        slug=issue.slug,
        path=path,
        problems=in_reading_order(check.apply_ignores(problems, issue), str(path)),
        issue=issue,
        rendered=rendering.rendered,
        images=rendering.images,
        sources_digest=_digest(workspace, reading.source, cited, disclaimers),
    )


def _format(workspace: Workspace, issue: Issue, cited: Sequence[Reference]) -> tuple[Sequence[Entry], list[Problem]]:
    from newsletter import references

    styles = (workspace.folder / "styles",)
    problems = references.check_style(issue.citation_style, issue.place("citation_style"), styles)
    style = issue.citation_style if not problems else "american-medical-association"
    return references.format_entries(cited, style, issue.language, styles), problems


def _digest(workspace: Workspace, source: str, cited: Sequence[Reference], disclaimers: Sequence[Disclaimer]) -> str:
    settings = workspace.settings
    parts = {
        "source": source,
        "references": [dict(reference.csl) for reference in cited],
        "disclaimers": [(entry.id, entry.language, entry.version) for entry in disclaimers],
        "settings": settings.model_dump(mode="json", include={"newsletter", "sender", "theme"}),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a mailing would do, counted now: who is subscribed, and who of them is left out."""

    subscribed: int
    suppressed: int
    already_sent: int
    #: mailings of this issue in which somebody may or may not have got it -> how many; they count as already sent
    in_doubt: Mapping[int, int] = field(default_factory=dict)

    @property
    def to_send(self) -> int:
        return self.subscribed - self.suppressed - self.already_sent


def foresee(store: Store, slug: str, lists: Sequence[MailingList], *, again: bool) -> Plan:
    """Count the audience without changing anything."""
    from newsletter.store import audience, mailings

    with store.read() as connection:
        counts = audience.foresee(connection, slug, [entry.number for entry in lists], again=again)
        in_doubt = mailings.in_doubt(connection, slug)
    return Plan(subscribed=counts[0], suppressed=counts[1], already_sent=counts[2], in_doubt=in_doubt)


def plan(
    store: Store,
    prepared: Prepared,
    rendered: Rendered,
    lists: Sequence[MailingList],
    sender: Sender,
    again: str,
    now: datetime,
) -> int:
    """Store the bytes and plan a mailing of them, audience and all, in one transaction; returns its number.

    Two that plan the same issue at once get the same mailing.
    """
    from newsletter.store import mailings
    from newsletter.store import rendered as stored

    with store.write() as connection:
        mailings.lock_planning(connection, prepared.slug)
        if known := mailings.unfinished(connection, prepared.slug):
            return known.number
        stored.keep(connection, prepared.slug, rendered, prepared.images, prepared.sources_digest, now)
        number = mailings.add(
            connection,
            link_number=secrets.randbelow(MOST_LINKS) + 1,
            issue=prepared.slug,
            fingerprint=rendered.fingerprint,
            lists=[entry.number for entry in lists],
            sender=sender.name,
            again=again,
            now=now,
        )
        mailings.start(connection, number, lambda count: ranges(count, sender.chunk_size), now)
    return number


def send(engine: Engine, store: Store, workspace: Workspace, keys: Keys, mailing: Mailing, owner: str) -> None:
    """Send what is left of a planned mailing, from the stored bytes.

    Raises:
        LeaseHeld, LeaseLost: another process sends it.
    """
    from newsletter.store import rendered as stored

    with store.read() as connection:
        rendered = stored.load(connection, mailing.fingerprint)
    letter = letter_of(workspace, rendered, mailing)
    engine.send(mailing.number, owner, letter, envelopes(workspace, keys, mailing.link_number))


def letter_of(workspace: Workspace, rendered: Rendered, mailing: Mailing) -> Letter:
    """The part of the mails that is the same for everybody."""
    host = urlsplit(workspace.settings.newsletter.base_url).hostname or "localhost"
    return Letter(
        rendered=rendered,
        mailing=str(mailing.number),
        list_id=f"{mailing.lists[0]}.{host}",
        date=mailing.started_at or mailing.created_at,
        domain=_domain(rendered),
    )


def _domain(rendered: Rendered) -> str:
    return rendered.from_address.rpartition("@")[2]


def envelopes(workspace: Workspace, keys: Keys, link_number: int) -> Callable[[int, Subscriber], Envelope]:
    """How each delivery of a mailing is addressed."""
    base_url = workspace.settings.newsletter.base_url

    def envelope(n: int, reader: Subscriber) -> Envelope:
        links = delivery_links(base_url, keys.token(DeliveryToken(mailing=link_number, n=n)))
        return Envelope(n=n, address=reader.address, name=reader.name, values=_values(reader, links))

    return envelope


def _values(reader: Subscriber, links: Mapping[str, str]) -> Mapping[str, str]:
    return {**field_values(reader), **links}


def refuse_unless_reachable(workspace: Workspace, keys: Keys, sender: Sender) -> None:
    """A real sender is not used while readers' links would lead nowhere.

    Raises:
        SendingRefused: base_url is not https, not public, or does not answer with our secret.
    """
    from newsletter.keys import PROBE
    from newsletter.probe.pages import why_unreachable

    if not sender.real:
        return
    if why := why_unreachable(workspace.settings.newsletter.base_url, keys.token(PROBE)):
        raise SendingRefused(
            why, "Run `newsletter serve` behind that address, with the same NEWSLETTER_SECRET, and send again."
        )


_NOTICE_STATES = {
    Verdict.ACCEPTED: ChunkState.ACCEPTED,
    Verdict.UNCERTAIN: ChunkState.UNCERTAIN,
    Verdict.TRY_LATER: ChunkState.REFUSED,
    Verdict.REFUSED: ChunkState.REFUSED,
    Verdict.BLAMED: ChunkState.REFUSED,
    Verdict.TOO_LARGE: ChunkState.REFUSED,
    Verdict.NOT_AUTHORISED: ChunkState.REFUSED,
}
#: proofs to one address within an hour; more is a loop or a mistake
_MOST_NOTICES = 20


def reader_for_proof(store: Store, keys: Keys, to: str, as_reader: str | None) -> Subscriber:
    """Whose fields a proof shows: the named subscriber's, or nobody's (the fallbacks).

    Raises:
        SubscriberNotFound: there is no such subscriber.
    """
    from newsletter.model.identity import identity
    from newsletter.model.subscriber import Subscriber
    from newsletter.store import subscribers

    if as_reader is None:
        return Subscriber(number=0, public_id="", address=to)
    with store.read() as connection:
        found = subscribers.find(connection, keys.identity_hash(identity(as_reader)))
    if found is None:
        raise SubscriberNotFound
    return found


def send_proof(
    workspace: Workspace,
    store: Store,
    keys: Keys,
    sender: Sender,
    prepared: Prepared,
    rendered: Rendered,
    reader: Subscriber,
    to: str,
    now: datetime,
) -> tuple[int, Answer]:
    """One copy of the bytes to one address, as a notice; returns its number and what the sender answered.

    Raises:
        SendingRefused: the address is not one, or got too many notices within the hour.
    """
    from newsletter.model.identity import identity
    from newsletter.store import notices
    from newsletter.store import rendered as stored
    from newsletter.subscribers.addresses import checked_address

    try:
        checked_address(to)
    except ValueError as why:
        raise SendingRefused(f"--to: {why}", "Give an address such as colleague@example.org.") from None
    refuse_unless_reachable(workspace, keys, sender)
    person = keys.identity_hash(identity(to))
    with store.write() as connection:
        if notices.count_since(connection, person, now - timedelta(hours=1)) >= _MOST_NOTICES:
            raise SendingRefused(f"{_MOST_NOTICES} notices went to that address within an hour", "Wait an hour.")
        stored.keep(connection, prepared.slug, rendered, prepared.images, prepared.sources_digest, now)
        number = notices.add(
            connection,
            cause=f"proof {rendered.fingerprint[:16]} {now.isoformat()}",
            kind="proof",
            identity_hash=person,
            address=to,
            fingerprint=rendered.fingerprint,
            now=now,
        )
    envelope = replace(envelopes(workspace, keys, NOTICES)(number, reader), address=to, name="")
    letter = Letter(rendered=rendered, mailing="notices", list_id="", date=now, domain=_domain(rendered))
    answer = sender.submit(letter, f"notice{number}", [envelope])
    with store.write() as connection:
        notices.settle(connection, number, _NOTICE_STATES[answer.verdict], answer.detail, now)
    return number, answer
