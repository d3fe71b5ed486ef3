"""One round of working off notices: each taken, handed over and settled by itself."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.compose.links import notice_links
from newsletter.deliver.notices import said_of, wait_after, why_not
from newsletter.errors import NotReadyForReaders
from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.letter import INTERRUPTED, Answer, Verdict
from newsletter.model.mailing import ChunkState
from newsletter.model.problem import Level
from newsletter.model.subscriber import Subscriber
from newsletter.pipeline.addressing import envelopes
from newsletter.pipeline.joining import is_void
from newsletter.pipeline.notices_made import NoticeMaker, notice_letter, titles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsletter.deliver.ports import Sender
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.model.rendered import Rendered
    from newsletter.pipeline.notices import Notifier
    from newsletter.pipeline.notices_made import MadeNotice
    from newsletter.store.notices_waiting import Interrupted

#: after so long whoever took a notice must have ended: a sender waits for so many answers of a server at most
_HELD, _MOST_ANSWERS = timedelta(minutes=10), 15
#: what waits for a person is looked at again so often
_LOOK_AGAIN = timedelta(minutes=10)

_STATES = {
    Verdict.ACCEPTED: ChunkState.ACCEPTED,
    Verdict.REFUSED: ChunkState.REFUSED,
    Verdict.UNCERTAIN: ChunkState.UNCERTAIN,
}


@dataclass(frozen=True, kw_only=True)
class NoticesSent:
    """What one run came to. `more`: others are due already. `waits` says why some, or all, wait for a person."""

    accepted: int = 0
    refused: int = 0
    uncertain: int = 0
    #: a definite no, tried again later
    put_off: int = 0
    more: bool = False
    waits: Sequence[str] = ()


class Round:
    """One round of a notifier."""

    def __init__(self, notifier: Notifier, now: datetime) -> None:
        self._notifier, self._now = notifier, now
        self._store, self._workspace, self._keys = notifier.store, notifier.workspace, notifier.keys
        self._maker = NoticeMaker(notifier.workspace)
        esp = notifier.workspace.settings.esp
        self._held = max(_HELD, _MOST_ANSWERS * timedelta(seconds=max(esp.sendgrid.timeout, esp.smtp.timeout)))
        self._envelope = envelopes(notifier.workspace, notifier.keys, NOTICES)
        self._ready = False
        self._count: Counter[str] = Counter()
        self._waits: list[str] = []
        #: nothing more can be sent in this round
        self.stopped = False

    def came_to(self, *, more: bool) -> NoticesSent:
        names = ("accepted", "refused", "uncertain", "put_off")
        return NoticesSent(**{name: self._count[name] for name in names}, more=more, waits=tuple(self._waits))

    def wait_for_a_person(self, words: str) -> None:
        self._waits.append(words)
        self._notifier.tell(words)

    def by_itself(self, number: int, work: Callable[[], None]) -> None:
        """A fault of one notice stops no other. Never more than its class: messages may hold an address."""
        try:
            work()
        except Exception as fault:  # noqa: BLE001 - whatever it is, the others go on
            words = f"notice {number} failed: {type(fault).__name__}"
            self.wait_for_a_person(words)
            self._later(number, words)

    def send(self, notice: NoticeMail, senders: Sequence[Sender]) -> None:
        """Make it, take it, hand it over, settle it."""
        with self._store.read() as connection:
            titles = titles_of(connection, notice)
        if self._is_over(notice):
            return
        made = self._maker.made(notice.kind, notice.language, titles, notice.about)
        if made.rendered is None:
            self._put_off(notice, made)
            return
        try:
            if not self._ready:
                self._notifier.refuse_unless_ready(senders, made.rendered, made.images, self._now)
                self._ready = True
        except NotReadyForReaders as why:
            self.stopped = True
            self.wait_for_a_person("; ".join(f"{one.why} ({one.next_step})" for one in why.refusals))
            return
        which = self._notifier.choose(notice, senders, self._now)
        attempt = uuid.uuid4().hex
        senders[which].expect(attempt)
        if self._claimed(notice, made, made.rendered, attempt, senders[which].name):
            answer = self._handed_over(notice, made, made.rendered, attempt, senders[which])
            verdict, detail = said_of(answer, notice.number)
            self._notifier.heard(which, verdict, self._notifier.clock())
            self._settle(notice.number, attempt, notice.tries, verdict, detail, answer)

    def clear_up(self, one: Interrupted, senders: Sequence[Sender]) -> None:
        """What an earlier process left on its way."""
        from newsletter.store import notices_waiting as waiting

        sender = next((sender for sender in senders if sender.name == one.sender), None)
        if sender is not None and sender.repeatable:
            with self._store.write() as connection:
                waiting.plan_again(
                    connection, one.number, one.attempt, tries=one.tries, not_before=None, detail=INTERRUPTED
                )
            return
        memory = sender or self._notifier.past(one.sender)
        unknown = Answer(verdict=Verdict.UNCERTAIN, detail=f"{INTERRUPTED}, and {one.sender} is not set up any more")
        answer = memory.recall(one.attempt, [one.number]) if memory else unknown
        verdict, detail = said_of(answer, one.number)
        self._settle(one.number, one.attempt, one.tries, verdict, detail, answer)

    def _is_over(self, notice: NoticeMail) -> bool:
        """Refused, without a word to anybody, where it is not to be sent any more."""
        from newsletter.store import notices_waiting as waiting
        from newsletter.store.people import subscribers

        with self._store.read() as connection:
            suppressed = subscribers.suppression_of(connection, notice.identity_hash)
            void = is_void(connection, notice)
        days = self._workspace.settings.signup.confirm_days
        why = why_not(notice, suppressed.reason if suppressed else None, self._now, days) or (
            "they left" if void else ""
        )
        if why:
            with self._store.write() as connection:
                self._count["refused"] += waiting.refuse(connection, notice.number, why, self._now)
        return bool(why)

    def _put_off(self, notice: NoticeMail, made: MadeNotice) -> None:
        """A mistake in a text of the workspace: the mail waits until it is put right."""
        first = next(problem for problem in made.problems if problem.level is Level.ERROR)
        words = f"{first.place.file}:{first.place.line}: {first.message} ({first.fix})"
        self.wait_for_a_person(words)
        self._later(notice.number, words)

    def _later(self, number: int, words: str) -> None:
        """Others go first, and whoever works them off does not begin with it again at once."""
        from newsletter.store import notices_waiting as waiting

        with self._store.write() as connection:
            waiting.put_off(connection, number, not_before=self._now + _LOOK_AGAIN, detail=words)

    def _claimed(self, notice: NoticeMail, made: MadeNotice, rendered: Rendered, attempt: str, sender: str) -> bool:
        """Committed, with its bytes, before the provider is called; whoever was quicker has it."""
        from newsletter.store import notices_waiting as waiting
        from newsletter.store import rendered as stored

        moment = self._notifier.clock()
        with self._store.write() as connection:
            stored.keep(connection, made.slug, [rendered], made.images, made.digest, moment)
            return waiting.claim(
                connection,
                notice,
                attempt=attempt,
                sender=sender,
                fingerprint=rendered.fingerprint,
                now=self._now,
                held_until=moment + self._held,
            )

    def _handed_over(
        self, notice: NoticeMail, made: MadeNotice, rendered: Rendered, attempt: str, sender: Sender
    ) -> Answer:
        number, base_url = notice.number, self._workspace.settings.newsletter.base_url
        address = notice.address or ""
        links = notice_links(base_url, self._keys.token(DeliveryToken(mailing=NOTICES, n=number)))
        envelope = self._envelope(number, Subscriber(number=0, public_id="", address=address))
        envelope = replace(envelope, values={**envelope.values, **links})
        letter = notice_letter(
            self._workspace, rendered, made.images if sender.embeds else (), notice.created_at, asked_for=True
        )
        return sender.submit(letter, attempt, [envelope])

    def _settle(self, number: int, attempt: str, tries: int, verdict: Verdict, detail: str, answer: Answer) -> None:
        from newsletter.store import notices_waiting as waiting

        moment = self._notifier.clock()
        with self._store.write() as connection:
            if verdict is Verdict.NOT_AUTHORISED:
                later = moment + _LOOK_AGAIN
                waiting.plan_again(connection, number, attempt, tries=tries, not_before=later, detail=detail)
            elif verdict is Verdict.TRY_LATER and (wait := wait_after(tries + 1, answer.retry_after)):
                self._count["put_off"] += waiting.plan_again(
                    connection, number, attempt, tries=tries + 1, not_before=moment + wait, detail=detail
                )
            else:
                state = _STATES.get(verdict, ChunkState.REFUSED)
                self._count[state.value] += waiting.settle(
                    connection, number, attempt, state, moment, detail=detail, provider_id=answer.provider_id
                )
        if verdict is Verdict.NOT_AUTHORISED:
            self.stopped = True
            self.wait_for_a_person(f"the provider does not let us send: {detail}")
