"""One copy to a colleague, outside mailings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.errors import AudienceChanged, SendingRefused, SubscriberNotFound
from newsletter.keys import NOTICES
from newsletter.model.audit import Action
from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState
from newsletter.pipeline.addressing import envelopes
from newsletter.pipeline.mailing import sorting_of
from newsletter.pipeline.notices_made import notice_letter
from newsletter.pipeline.refusing import refuse_unless_ready

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.letter import Answer
    from newsletter.model.rendered import Rendered
    from newsletter.model.subscriber import Subscriber
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.settings.schema import Segment
    from newsletter.store.database import Store


#: a proof is tried once: whatever is a definite no is one for good
_NOTICE_STATES = {Verdict.ACCEPTED: ChunkState.ACCEPTED, Verdict.UNCERTAIN: ChunkState.UNCERTAIN}
#: proofs to one address within an hour; more is a loop or a mistake
_MOST_NOTICES = 20


def reader_for_proof(store: Store, keys: Keys, to: str, as_reader: str | None) -> Subscriber:
    """Whose fields a proof shows: the named subscriber's, or nobody's (the fallbacks).

    Raises:
        SubscriberNotFound: there is no such subscriber.
    """
    from newsletter.model.identity import identity
    from newsletter.model.subscriber import Subscriber
    from newsletter.store.people import subscribers

    if as_reader is None:
        return Subscriber(number=0, public_id="", address=to)
    with store.read() as connection:
        found = subscribers.find(connection, keys.identity_hash(identity(as_reader)))
    if found is None:
        raise SubscriberNotFound
    return found


def variant_for(
    store: Store, prepared: Prepared, segments: Mapping[str, Segment], zone: ZoneInfo, reader: Subscriber, now: datetime
) -> Rendered:
    """The variant that a subscriber gets; a reader who is nobody is in no segment.

    Raises:
        AudienceNotFound: the issue has a part for readers of a segment or list that is not there.
        AudienceChanged: there is none for the segments that the reader is in.
    """
    from newsletter.store.audiences.segments import membership_of

    if not reader.number:
        return prepared.variants[0]
    with store.read() as connection:
        sorted_by = sorting_of(connection, prepared.variants, segments, zone, now)
        members = membership_of(connection, reader.number, sorted_by)
    if members not in sorted_by.variants:
        raise AudienceChanged(prepared.slug)
    return next(one for one in prepared.variants if one.variant == sorted_by.variants[members])


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
        NotReadyForReaders: real mail must not leave yet.
    """
    from newsletter.model.identity import identity
    from newsletter.store import audit, notices
    from newsletter.store import rendered as stored
    from newsletter.subscribers.addresses import checked_address

    try:
        checked_address(to)
    except ValueError as why:
        raise SendingRefused(f"--to: {why}", "Give an address such as colleague@example.org.") from None
    refuse_unless_ready(workspace, store, keys, [sender], [rendered], prepared.images)
    person = keys.identity_hash(identity(to))
    with store.write() as connection:
        if notices.count_since(connection, person, now - timedelta(hours=1)) >= _MOST_NOTICES:
            raise SendingRefused(f"{_MOST_NOTICES} notices went to that address within an hour", "Wait an hour.")
        stored.keep(connection, prepared.slug, [rendered], prepared.images, prepared.sources_digest, now)
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
    pictures = prepared.images if sender.embeds else ()
    letter = notice_letter(workspace, rendered, pictures, now, asked_for=False)
    answer = sender.submit(letter, f"notice{number}", [envelope])
    with store.write() as connection:
        state = _NOTICE_STATES.get(answer.verdict, ChunkState.REFUSED)
        notices.settle(connection, number, state, answer.detail, now)
        facts = {"notice": number, "fingerprint": rendered.fingerprint, "answer": answer.verdict}
        facts |= {"as_reader": reader.number} if reader.number else {}
        audit.note(connection, Action.PROOF_SENT, f"issue {prepared.slug}", now, **facts)
    return number, answer
