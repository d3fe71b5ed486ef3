"""What SpamAssassin prints becomes a verdict; what does not work becomes none. With the real program where it is installed."""

from __future__ import annotations

import logging
import shutil
import stat
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.check.finished.spam_score import mail_passes_the_spam_filter
from newsletter.check.rulebook import Judged
from newsletter.model.issue import Issue
from newsletter.model.problem import Level, Place
from newsletter.model.spam_verdict import SpamReason, SpamVerdict
from newsletter.probe.spamassassin import SpamAssassin, read_message, read_spamc

if TYPE_CHECKING:
    from newsletter.model.problem import Problem

REPORT = """\
Spam detection software, running on the system "mail.example.org",
has NOT identified this incoming email as spam.

Content preview:  Dear reader, we have moved.

Content analysis details:   (3.4 points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
-0.0 NO_RELAYS              Informational: message was not relayed via SMTP
 0.7 HTML_FONT_LOW_CONTRAST BODY: HTML font color similar or identical to
                            background
 2.7 SUBJ_ALL_CAPS          Subject is all capitals
 0.0 HTML_MESSAGE           BODY: HTML included in message

"""
HEADER = """\
X-Spam-Checker-Version: SpamAssassin 4.0.1 (2024-03-25) on mail.example.org
X-Spam-Level: ***
X-Spam-Status: No, score=3.4 required=5.0 tests=HTML_FONT_LOW_CONTRAST,
\tHTML_MESSAGE,NO_RELAYS,SUBJ_ALL_CAPS autolearn=no version=4.0.1
From: Clinic <letters@example.org>
Subject: MOVED

"""
REASONS = (
    SpamReason(points=-0.0, name="NO_RELAYS", words="Informational: message was not relayed via SMTP"),
    SpamReason(
        points=0.7, name="HTML_FONT_LOW_CONTRAST", words="BODY: HTML font color similar or identical to background"
    ),
    SpamReason(points=2.7, name="SUBJ_ALL_CAPS", words="Subject is all capitals"),
    SpamReason(points=0.0, name="HTML_MESSAGE", words="BODY: HTML included in message"),
)
VERDICT = SpamVerdict(score=3.4, threshold=5.0, reasons=REASONS)


def test_both_programs_answers_become_the_same_verdict() -> None:
    assert read_spamc("3.4/5.0\n" + REPORT) == VERDICT
    assert read_message(HEADER + "Dear reader, we have moved.\n" + REPORT) == VERDICT


def test_the_last_report_counts_and_what_a_mail_quotes_does_not() -> None:
    quoted = REPORT.replace("SUBJ_ALL_CAPS", "MADE_UP_RULE").replace("2.7", "9.9")
    forged = "X-Spam-Status: Yes, score=99.0 required=5.0\n"
    assert read_message(HEADER + forged + quoted + REPORT) == VERDICT


@pytest.mark.parametrize("answer", ["", "0/0\n", "From: a@example.org\n\nWords.\n", "no answer\n3.4/5.0\n"])
def test_what_is_no_answer_is_no_verdict(answer: str) -> None:
    assert read_spamc(answer) is None
    assert read_message(answer) is None


def test_negative_points_and_a_report_without_table() -> None:
    assert read_spamc("-1.2/5.0\nnothing\n") == SpamVerdict(score=-1.2, threshold=5.0)


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{script}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_spamc_is_asked_first_and_gets_the_mail_on_its_input(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    saves = (
        f"import sys, os\nopen({str(seen)!r}, 'w').write(sys.stdin.read() + str(sys.argv[1:]) + os.environ['LC_ALL'])\n"
    )
    program(tmp_path, "spamc", saves + f"print({'3.4/5.0' + chr(10) + REPORT!r})")
    assert SpamAssassin(path=str(tmp_path)).judge(b"Subject: A\n\nWords.\n") == VERDICT
    assert seen.read_text().startswith("Subject: A\n\nWords.\n['-R'")
    assert seen.read_text().endswith("C")


def test_where_no_spamd_answers_the_program_itself_is_asked(tmp_path: Path) -> None:
    program(tmp_path, "spamc", "print('0/0'); raise SystemExit(69)")
    program(tmp_path, "spamassassin", f"import sys; assert '--local' in sys.argv; print({HEADER + REPORT!r})")
    assert SpamAssassin(path=str(tmp_path)).judge(b"Subject: A\n\nWords.\n") == VERDICT


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("import time; time.sleep(30)", "TimeoutExpired"),
        ("raise SystemExit(3)", "ended with code 3"),
        (None, "is not installed"),
    ],
)
def test_what_does_not_work_is_no_verdict_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, script: str | None, why: str
) -> None:
    caplog.set_level(logging.INFO)
    if script:
        program(tmp_path, "spamassassin", script)
    assert SpamAssassin(path=str(tmp_path), seconds=0.3).judge(b"Subject: secret words\n\n.\n") is None
    assert why in caplog.text
    assert "secret" not in caplog.text


def test_a_huge_mail_is_not_judged(tmp_path: Path) -> None:
    program(tmp_path, "spamc", "raise SystemExit('asked')")
    assert SpamAssassin(path=str(tmp_path)).judge(b"x" * 6_000_000) is None


def findings(verdict: SpamVerdict) -> list[Problem]:
    issue = Issue(
        slug="s",
        path=Path("issue.md"),
        title="Hips",
        subject=("Hips",),
        preheader=(),
        language="en",
        template="article",
        citation_style="x",
        body=(),
        places={"title": Place(file="issue.md", line=2, column=1)},
    )
    return list(mail_passes_the_spam_filter(Judged(issue=issue, verdict=verdict)))


LEVELS = (
    (-2.0, None),
    (2.9, None),
    (3.0, Level.INFORMATION),
    (4.9, Level.INFORMATION),
    (5.0, Level.WARNING),
    (20.0, Level.WARNING),
)


@pytest.mark.parametrize(("score", "level"), LEVELS)
def test_the_level_depends_on_how_near_the_threshold_is(score: float, level: Level | None) -> None:
    found = findings(SpamVerdict(score=score, threshold=5.0))
    assert [(one.code, one.level, one.place.line) for one in found] == ([("spam-score", level, 2)] if level else [])


def test_the_heaviest_reasons_come_first_and_those_of_no_weight_are_left_out() -> None:
    (one,) = findings(VERDICT)
    assert one.message == (
        "SpamAssassin comes close to taking this mail for spam: 3.4 of 5.0 points: 2.7 SUBJ_ALL_CAPS (Subject is all capitals); "
        "0.7 HTML_FONT_LOW_CONTRAST (BODY: HTML font color similar or identical to background)"
    )


def test_the_real_program_judges_a_plain_mail(tmp_path: Path) -> None:
    if not shutil.which("spamassassin"):
        pytest.skip("SpamAssassin is not installed: apt-get install spamassassin")
    (tmp_path / "spamassassin").symlink_to(shutil.which("spamassassin") or "")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "a@example.org", "About knees"
    mail.set_content("Dear reader,\n\nwe have moved.\n")
    verdict = SpamAssassin(path=str(tmp_path)).judge(mail.as_bytes())
    assert verdict is not None
    assert verdict.threshold == 5.0
    assert {reason.name for reason in verdict.reasons} >= {"NO_RELAYS"}
