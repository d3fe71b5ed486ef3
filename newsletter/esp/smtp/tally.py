"""What came of each message of a chunk, and the answer that follows from all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.esp.hard_codes import HARD
from newsletter.esp.smtp.answers import Meaning, Phase, is_about_the_mailbox, meaning
from newsletter.model.letter import Answer, Verdict

if TYPE_CHECKING:
    from newsletter.esp.smtp.exchange import Mail, No

#: so many readers of one domain in a row at whom the server stops: it is the server
_STOPPED_AT = 3
#: so many readers in a row refused with the same codes, and not for their mailboxes: it is about us
_IN_A_ROW = 10

_VERDICTS = {Meaning.ALL_FOR_NOW: Verdict.TRY_LATER, Meaning.ACCOUNT: Verdict.NOT_AUTHORISED}


class Tally:
    """Grows message by message. `stopped` once nothing more is to be begun."""

    def __init__(self, stoppers: set[int] | None = None) -> None:
        """`stoppers`: deliveries that were found to stop the server before, while it went on with others."""
        self._stoppers = stoppers if stoppers is not None else set()
        #: the last ones at whom it stopped, with their domains, while nobody else was answered
        self.suspects: dict[int, str] = {}
        self._taken: set[int] = set()
        self._blamed: dict[int, str] = {}
        self._bounced: set[int] = set()
        self._deferred: dict[int, str] = {}
        self._doubtful: dict[int, str] = {}
        self._stop: tuple[Verdict, str] | None = None
        #: codes of the last refusals, while they are alike, and whose they were
        self._row: tuple[str, list[int]] = ("", [])

    @property
    def stopped(self) -> bool:
        return self._stop is not None

    def take(self, n: int) -> None:
        self._taken.add(n)
        self._row = ("", [])
        self._acquit()

    def doubt(self, n: int, why: str) -> None:
        self._doubtful[n] = why

    def blame(self, n: int, why: str) -> None:
        self._blamed[n] = why

    def refuse(self, mail: Mail, no: No) -> None:
        """The server's no to one message."""
        words = f"the mail server says {no.reply.says(mail.recipient)}"
        meant = meaning(no.phase, no.reply)
        if meant is Meaning.ALL_FOR_NOW and no.phase is not Phase.MAIL:
            self.suspect(mail, words)
        elif meant in _VERDICTS:
            self.stop(meant, words)
        elif meant is Meaning.READER:
            self._acquit()
            self._blamed[mail.n] = words
            self._bounced |= {mail.n} if no.reply.enhanced in HARD else set()
            self._in_a_row(mail, no, self._blamed, Meaning.ACCOUNT, words)
        else:
            self._acquit()
            self._deferred[mail.n] = words
            self._in_a_row(mail, no, self._deferred, Meaning.ALL_FOR_NOW, words)

    def suspect(self, mail: Mail, words: str) -> None:
        """The server took no more at this reader: for the reader's sake, or for its own? The next one tells.

        Else a server that stops at one reader each time would hold up the whole mailing for ever.
        """
        self._deferred[mail.n] = words
        if mail.n in self._stoppers:
            return
        self.suspects[mail.n] = mail.recipient.rpartition("@")[2].lower()
        if len(set(self.suspects.values())) > 1 or len(self.suspects) >= _STOPPED_AT:
            self.stop(Meaning.ALL_FOR_NOW, words)

    def _acquit(self) -> None:
        """Somebody else was answered: the server is well."""
        self._stoppers.update(self.suspects)
        self.suspects.clear()

    def stop(self, meant: Meaning, words: str) -> None:
        self.end(_VERDICTS[meant], words)

    def end(self, verdict: Verdict, words: str) -> None:
        """Nothing more is begun; the verdict is that of all that have none of their own, suspects included."""
        self._stop = self._stop or (verdict, words)
        for n in self.suspects:
            del self._deferred[n]
        self.suspects.clear()

    def answer(self) -> Answer:
        verdict, detail = self._stop or self._gone_through()
        return Answer(
            verdict=verdict,
            detail=detail,
            taken=frozenset(self._taken) if self._stop else frozenset(),
            blamed=self._blamed,
            bounced=frozenset(self._bounced.intersection(self._blamed)),
            deferred=self._deferred,
            doubtful=self._doubtful,
        )

    def _gone_through(self) -> tuple[Verdict, str]:
        """Everybody has an outcome. Where nobody was taken the verdict does not sound as if somebody was."""
        if self._taken:
            return Verdict.ACCEPTED, ""
        for verdict, named in (
            (Verdict.UNCERTAIN, self._doubtful),
            (Verdict.TRY_LATER, self._deferred),
            (Verdict.REFUSED, self._blamed),
        ):
            if named:
                return verdict, next(iter(named.values()))
        return Verdict.ACCEPTED, ""

    def _in_a_row(self, mail: Mail, no: No, named: dict[int, str], meant: Meaning, words: str) -> None:
        """A server that says no to everybody with the same codes (a blocked address of ours, a limit) means us."""
        codes, row = self._row
        if is_about_the_mailbox(no.reply):
            self._row = ("", [])
            return
        if codes != no.reply.codes:
            row = []
        row.append(mail.n)
        self._row = (no.reply.codes, row)
        if len(row) >= _IN_A_ROW:
            for n in row:
                del named[n]
            self.stop(meant, f"{len(row)} readers in a row were refused alike: {words}")
