"""One chunk, message by message, over as many connections as it takes: what is lost with a connection is one message at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.compose.carrying import wire_address
from newsletter.compose.message import compiled
from newsletter.esp.smtp.answers import Phase
from newsletter.esp.smtp.exchange import Exchange, Mail, No
from newsletter.esp.smtp.opening import NotOpened
from newsletter.esp.smtp.session import Broken
from newsletter.model.letter import Verdict
from newsletter.model.quoted import cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.esp.smtp.journal import Record
    from newsletter.esp.smtp.pool import Pool
    from newsletter.esp.smtp.session import Session
    from newsletter.esp.smtp.tally import Tally
    from newsletter.model.letter import Envelope, Letter

#: messages in a row whose end was sent and never answered: then a person must look, before there is more doubt
_LOST = 2


class Handing:
    """Hands the envelopes of one chunk over, in their order."""

    def __init__(
        self,
        letter: Letter,
        envelopes: Sequence[Envelope],
        *,
        sender: str,
        record: Record,
        tally: Tally,
        pipelining: bool,
        most: int,
    ) -> None:
        """`sender`: where bounces go that have no address of their own. `most`: messages per connection."""
        self._message = compiled(letter)
        self._envelopes = envelopes
        self._sender = sender
        self._record = record
        self._tally = tally
        self._pipelining = pipelining
        self._most = most
        #: the first envelope that has no outcome yet
        self._at = 0
        self._made: dict[int, Mail] = {}
        #: the envelope at which a fresh connection broke last
        self._broke_at = -1
        self._lost = 0

    def run(self, pool: Pool) -> None:
        """Until each envelope has its outcome, or nothing more is to be begun."""
        while self._at < len(self._envelopes) and not self._tally.stopped:
            try:
                session = pool.take()
            except NotOpened as why:
                self._tally.stop(why.meaning, why.words)
                return
            try:
                usable = self._use(session)
            except BaseException:
                pool.drop(session)
                raise
            if not usable:
                pool.drop(session)
            elif session.handed >= self._most:
                pool.part(session)
            else:
                pool.give(session)

    def _use(self, session: Session) -> bool:
        """Send on this connection as long as it lasts; whether it can be used again."""
        fresh = session.handed == 0
        before = self._at
        try:
            return self._talk(session, Exchange(session, pipelining=self._pipelining))
        except Broken as why:
            if fresh and self._at == before and not why.doubtful:
                self._broke(self._mail(before), why)
            return False

    def _broke(self, mail: Mail, why: Broken) -> None:
        """A fresh connection broke at this message. Twice, and it may be for its sake; at the next too, it is not."""
        if self._broke_at == self._at or self._tally.suspects:
            said = cleaned(why.words, mail.recipient)
            self._tally.suspect(mail, f"the connection to the mail server broke again and again: {said}")
            self._settled(mail)
        else:
            self._broke_at = self._at

    def _talk(self, session: Session, exchange: Exchange) -> bool:
        asked_ahead = False
        while self._at < len(self._envelopes):
            mail = self._mail(self._at)
            if self._is_too_large(mail, exchange):
                continue
            if no := exchange.ask(mail, asked_ahead=asked_ahead):
                asked_ahead = False
                self._refused(mail, no)
            else:
                following = self._following(session, exchange)
                if not self._marked(mail):
                    return False
                self._hand_over(session, exchange, mail, following)
                asked_ahead = following is not None
            if self._tally.stopped:
                return not asked_ahead
            if session.handed >= self._most:
                return True
        return True

    def _hand_over(self, session: Session, exchange: Exchange, mail: Mail, following: Mail | None) -> None:
        try:
            reply = exchange.hand_over(mail, following)
        except Broken as why:
            if why.doubtful:
                self._doubt(mail, why)
            else:
                self._record.replied(mail.n, taken=False)
            raise
        session.handed += 1
        if reply.code >= 400:
            self._refused(mail, No(phase=Phase.CONTENT, reply=reply))
            return
        self._record.replied(mail.n, taken=True)
        self._tally.take(mail.n)
        self._settled(mail)

    def _refused(self, mail: Mail, no: No) -> None:
        self._record.replied(mail.n, taken=False)
        self._tally.refuse(mail, no)
        self._settled(mail)

    def _doubt(self, mail: Mail, why: Broken) -> None:
        self._tally.doubt(mail.n, f"the mail server had all of it and gave no answer: {why.words}")
        lost = self._lost + 1
        self._settled(mail)
        self._lost = lost
        if lost >= _LOST:
            words = f"the mail server took {lost} messages in a row and gave no answer; look at its log ({why.words})"
            self._tally.end(Verdict.NOT_AUTHORISED, words)

    def _settled(self, mail: Mail) -> None:
        self._made.pop(mail.n, None)
        self._at += 1
        self._lost = 0

    def _marked(self, mail: Mail) -> bool:
        """The mark in the journal comes first; without it nothing leaves."""
        try:
            self._record.begun(mail.n)
        except OSError as why:
            self._tally.end(Verdict.TRY_LATER, f"the journal of the sending cannot be written: {why.strerror}")
            return False
        return True

    def _is_too_large(self, mail: Mail, exchange: Exchange) -> bool:
        limit = exchange.size_limit
        if not limit or len(mail.content) <= limit:
            return False
        # the same words for all: one cause is one reason, whatever the size of each
        self._tally.blame(mail.n, f"the message is too large: the mail server takes {limit:,} bytes at most")
        self._settled(mail)
        return True

    def _following(self, session: Session, exchange: Exchange) -> Mail | None:
        """The message whose commands may go ahead of time, with the final dot of this one."""
        if not exchange.pipelining or session.handed + 1 >= self._most or self._at + 1 >= len(self._envelopes):
            return None
        mail = self._mail(self._at + 1)
        fits = not exchange.size_limit or len(mail.content) <= exchange.size_limit
        return mail if fits else None

    def _mail(self, at: int) -> Mail:
        envelope = self._envelopes[at]
        mail = self._made.get(envelope.n)
        if mail is None:
            mail = self._made[envelope.n] = Mail(
                n=envelope.n,
                sender=wire_address(envelope.return_path) or self._sender,
                recipient=wire_address(envelope.address),
                content=self._message.bytes_for(envelope),
            )
        return mail
