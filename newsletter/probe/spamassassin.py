"""A whole mail -> what SpamAssassin of this machine says: by `spamc` where a spamd answers, else by `spamassassin --local`.

Nothing is looked up in the network (a spamd does what its keeper set), nothing is learnt or kept, and no shell is involved.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field

from newsletter.model.spam_verdict import SpamReason, SpamVerdict

_log = logging.getLogger(__name__)

SECONDS = 20
#: what `spamc` passes on by itself; larger mails take long and are hardly spam
_MOST_BYTES = 500_000
_SPAMC = ("spamc", "-R", "-x", "--connect-retries=1", f"--timeout={SECONDS}", f"--max-size={_MOST_BYTES}")
_ALONE = ("spamassassin", "--test-mode", "--local", "--nocreate-prefs", "--cf=use_bayes 0", "--cf=report_safe 0")

_NUMBER = r"-?\d{1,6}(?:\.\d{1,4})?"
#: the first line of `spamc -R`
_SUM = re.compile(rf"({_NUMBER})/({_NUMBER})\s*$", re.MULTILINE)
#: in the header, its lines unfolded
_STATUS = re.compile(
    rf"^X-Spam-Status:[^\n]{{0,200}}?\bscore=({_NUMBER}) required=({_NUMBER})", re.IGNORECASE | re.MULTILINE
)
#: what the report draws above its table
_TABLE_HEAD = re.compile(r"^ *-{3,5} -{10,40} -{20,80} *$", re.MULTILINE)
_ROW = re.compile(rf"^ {{0,4}}({_NUMBER}) ([A-Z][A-Z0-9_]{{1,100}}) +(\S[^\n]*)$")
_CONTINUED = re.compile(r"^ {20,}(\S[^\n]*)$")


@dataclass(frozen=True, kw_only=True)
class SpamAssassin:
    """`seconds` is the time limit for each of the two programs; `path` is where they are looked for, else as everywhere."""

    seconds: float = SECONDS
    path: str | None = field(default=None)

    def judge(self, mail: bytes) -> SpamVerdict | None:
        """None where it is not installed, too slow, or fails; the log says why, without a word of the mail."""
        if len(mail) > _MOST_BYTES:
            _log.info("SpamAssassin was not asked: the mail has %d bytes", len(mail))
            return None
        for command, read in ((_SPAMC, read_spamc), (_ALONE, read_message)):
            if (answer := self._run(command, mail)) and (verdict := read(answer)):
                return verdict
        return None

    def _run(self, command: tuple[str, ...], mail: bytes) -> str:
        """What the program prints, "" where it does not work. It gets a home of its own, so that it keeps nothing."""
        program = shutil.which(command[0], path=self.path)
        if not program:
            _log.info("%s is not installed", command[0])
            return ""
        with tempfile.TemporaryDirectory() as home:
            try:
                done = subprocess.run(  # noqa: S603 - a fixed command; the mail is its input
                    [program, *command[1:]],
                    input=mail,
                    capture_output=True,
                    timeout=self.seconds,
                    check=True,
                    env=_environment(home),
                )
            except subprocess.CalledProcessError as why:
                _log.info("%s ended with code %d", command[0], why.returncode)
            except (OSError, subprocess.TimeoutExpired) as why:
                _log.info("%s did not answer: %s", command[0], type(why).__name__)
            else:
                return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
        return ""


def _environment(home: str) -> dict[str, str]:
    """No language, so that reports are English, and none of our settings and secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "LC_ALL": "C"}


def read_spamc(answer: str) -> SpamVerdict | None:
    """The answer of `spamc -R`: a line `1.3/5.0`, and a report. None where it is no answer (`0/0`)."""
    return _verdict(_SUM.match(answer), answer)


def read_message(answer: str) -> SpamVerdict | None:
    """The answer of `spamassassin --test-mode`: the message with its verdict in the header and a report below."""
    head = re.sub(r"\n[ \t]+", " ", answer.partition("\n\n")[0])
    return _verdict(_STATUS.search(head), answer)


def _verdict(found: re.Match[str] | None, answer: str) -> SpamVerdict | None:
    if not found or float(found[2]) <= 0:
        return None
    return SpamVerdict(score=float(found[1]), threshold=float(found[2]), reasons=_reasons(answer))


def _reasons(answer: str) -> tuple[SpamReason, ...]:
    """The rows of the last table: the report stands below the mail, which may quote another one."""
    heads = list(_TABLE_HEAD.finditer(answer))
    rows: list[tuple[float, str, list[str]]] = []
    for line in answer[heads[-1].end() :].lstrip("\n").split("\n") if heads else ():
        if row := _ROW.match(line):
            rows.append((float(row[1]), row[2], [row[3].strip()]))
        elif rows and (more := _CONTINUED.match(line)):
            rows[-1][2].append(more[1].strip())
        else:
            break
    return tuple(SpamReason(points=points, name=name, words=" ".join(words)) for points, name, words in rows)
