"""Sends chunks through an SMTP server, one message per reader, and accounts for each message singly."""

from __future__ import annotations

import functools
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.compose.carrying import envelope_obstacle, letter_obstacle, wire_address
from newsletter.errors import SecretMissing, ServiceMissing
from newsletter.esp.smtp.handing import Handing
from newsletter.esp.smtp.journal import Journal
from newsletter.esp.smtp.opening import Server
from newsletter.esp.smtp.pool import Pool
from newsletter.esp.smtp.recalling import recalled
from newsletter.esp.smtp.tally import Tally
from newsletter.esp.this_machine import is_this_machine
from newsletter.model.letter import Answer, Verdict
from newsletter.settings.schema import Tls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.esp.smtp.journal import Record
    from newsletter.model.letter import Envelope, Letter
    from newsletter.settings.schema import SmtpSection


class SmtpSender:
    """A sender that reaches people unless the settings call it a rehearsal: the server on this machine is often a relay."""

    name = "smtp"
    #: a message handed over again is a second copy
    repeatable = False
    chunk_size = 100

    def __init__(
        self,
        settings: SmtpSection,
        *,
        journal: Path,
        sender: str,
        user: str = "",
        password: str = "",
        ca_file: Path | None = None,
    ) -> None:
        """`sender`: where bounces go that have no address of their own. `journal`: a folder that is kept between runs.

        Raises:
            SecretMissing: there is a user without a password, or the reverse.
            ServiceMissing: the settings cannot be sent with.
        """
        _look_at_login(settings, user, password)
        self.in_flight = settings.connections
        self.real = not settings.rehearsal
        self.embeds = settings.embed_images
        self._settings = settings
        self._sender = wire_address(sender)
        self._journal = Journal(folder=journal)
        server = Server(
            host=settings.host.strip("[]"),
            port=settings.port,
            tls=settings.tls,
            timeout=settings.timeout,
            ca_file=ca_file,
            user=user,
            password=password,
        )
        if ca_file is not None:
            _look_at_certificates(server)
        self._pool = Pool(server)
        self._swept = False
        #: journals of attempts that may follow
        self._expected: dict[str, Record] = {}
        #: mailing -> deliveries at which the server stops, though it goes on with others
        self._stoppers: dict[str, set[int]] = defaultdict(set)

    def expect(self, attempt: str) -> None:
        """Begin its journal. An attempt without one may have come as far as it likes, one without marks was never begun."""
        with suppress(OSError):  # submit tries again, and says why not
            self._expected[attempt] = self._journal.begin(attempt)
        for old in list(self._expected)[: -self.in_flight - 1]:  # there was nobody to write to: it was never submitted
            self._let_go(old)

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        """Each message once. Never raises for what the server or the network does."""
        if not envelopes:
            self._let_go(attempt)
            return Answer(verdict=Verdict.ACCEPTED, detail="there was nobody to send to")
        if len(envelopes) > self.chunk_size:  # planned for another sender: the engine splits it
            self._let_go(attempt)
            return Answer(verdict=Verdict.TOO_LARGE, detail=f"more than {self.chunk_size} readers in a chunk")
        try:
            record = self._expected.pop(attempt, None) or self._journal.begin(attempt)
        except OSError as why:
            where = why.filename or self._journal.folder
            detail = f"the journal of the sending cannot be written: {where}: {why.strerror}"
            return Answer(verdict=Verdict.TRY_LATER, detail=detail)
        try:
            answer = self._refusal(letter, envelopes) or self._handed_over(letter, envelopes, record)
            record.done()
        finally:
            record.close()
        if not self._swept:
            self._swept = True
            self._journal.sweep()
        return answer

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:
        """What the journal tells: who has it, for whom nobody can say, and who was never begun."""
        return recalled(self._journal, attempt, numbers)

    def remarks(self, letter: Letter) -> Sequence[str]:
        said = []
        if letter.opens or letter.clicks:
            said.append("SMTP notes no opens and clicks")
        if letter.pictures and self.embeds:
            size = sum(len(picture.content) for picture in letter.pictures)
            said.append(f"each mail carries its images ({size / 1000:,.0f} KB before encoding)")
        return said

    def close(self) -> None:
        for attempt in list(self._expected):
            self._let_go(attempt)
        self._pool.close()

    def _let_go(self, attempt: str) -> None:
        """It was expected, and nothing is handed over under it."""
        if record := self._expected.pop(attempt, None):
            record.done()
            record.close()

    def _refusal(self, letter: Letter, envelopes: Sequence[Envelope]) -> Answer | None:
        """What can be said before anything is sent."""
        why = letter_obstacle(letter)
        if not why and not self._sender:
            why = "the sender's address has characters that a mail cannot carry"
        if why:
            return Answer(verdict=Verdict.REFUSED, detail=why)
        blamed = {one.n: why for one in envelopes if (why := _obstacle(letter, one))}
        if blamed:
            return Answer(verdict=Verdict.BLAMED, detail="some readers cannot be written to", blamed=blamed)
        return None

    def _handed_over(self, letter: Letter, envelopes: Sequence[Envelope], record: Record) -> Answer:
        tally = Tally(self._stoppers[letter.mailing])
        Handing(
            letter if self.embeds else _without_pictures(letter),
            envelopes,
            sender=self._sender,
            record=record,
            tally=tally,
            pipelining=self._settings.pipelining,
            most=self._settings.messages_per_connection,
        ).run(self._pool)
        return tally.answer()


@functools.lru_cache(maxsize=4)
def _without_pictures(letter: Letter) -> Letter:
    """The same one each time: letters are told apart by identity."""
    return replace(letter, pictures=()) if letter.pictures else letter


def _obstacle(letter: Letter, envelope: Envelope) -> str:
    if why := envelope_obstacle(letter, envelope):
        return why
    if envelope.return_path and not wire_address(envelope.return_path):
        return "the address for bounces of this delivery has characters that a mail cannot carry"
    return ""


def _look_at_login(settings: SmtpSection, user: str, password: str) -> None:
    if bool(user) != bool(password):
        raise SecretMissing("SMTP_PASSWORD" if user else "SMTP_USER")
    if user and settings.tls is Tls.NONE and not is_this_machine(settings.host.strip("[]")):
        why = 'SMTP_USER is set, and with tls = "none" the password would travel unencrypted; set tls = "starttls"'
        raise ServiceMissing("[esp.smtp]", why)


def _look_at_certificates(server: Server) -> None:
    try:
        server.context  # noqa: B018 - it is read once, and kept
    except OSError as why:
        raise ServiceMissing("[esp.smtp] ca_file", why.strerror or "it has no certificates") from None
