"""README.txt: for people who open this years later, and have never heard of this program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.evidence.wording import folded, moment
from newsletter.signoff.evidence.layout import BESIDE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from newsletter.model.mailing import Mailing

#: file or folder -> what it is
_FILES = (
    ("summary.txt", "The facts in plain words. Begin here."),
    (
        "mail/",
        (
            "The mail as readers got it; a folder for each variant of it, `everybody` for the usual one. "
            "mail.html opens in any browser, without the internet. mail.txt is the text part, mail.eml the whole message "
            "for a mail program. Where each reader had something of their own, such as a name, there is a mark like "
            "[first_name]. rendered.json is the form that was stored and signed off: its SHA-256 is its fingerprint. "
            "references.txt and disclaimers.txt are what this mail cites, and the notes that it carries, in their words "
            "and with their versions (disclaimers.json: the same for programs)."
        ),
    ),
    ("images/", "The images of the mail."),
    ("version.json", "What a sign-off was bound to: its SHA-256 is the fingerprint that stands in approvals.json."),
    (
        "sources/, sources.json",
        (
            "What the mail was made from, exactly as it stood: the issue as it was written, references, "
            "disclaimers, templates, settings; and the hash of each."
        ),
    ),
    ("references.json", "The cited references as records (CSL-JSON, which reference managers read)."),
    ("checks.json", "What the automatic checks found, and what somebody let stand, with the reason."),
    ("approvals.json", "Who signed the issue off, in which role, when, and which version; withdrawn ones too."),
    ("mailing.json", "All numbers and times of this mailing."),
    (
        "ledger.csv",
        (
            "Every single delivery by its number: what became of it. Names and addresses are left out on purpose: "
            "whoever sent the mailing can tell, from their database, whom a number means."
        ),
    ),
    ("attempts.csv", "Every time that mails were handed to the mail provider, and its answer."),
    ("corrections.json", "Notes that were put above the issue after it was sent."),
    (
        "audit-log.json",
        (
            "Who did what, and when, from the audit log: the entries about this mailing and its issue, each with "
            "its hash, and the newest entry of the whole log. A hash is the SHA-256 of the JSON list [number, at, "
            "actor, action, subject, facts, previous], written without spaces."
        ),
    ),
    ("settings.json", "Settings that show in the mail or rule over it. No passwords."),
    ("program.json", "The versions of the programs that made this file."),
    ("manifest.json", "The SHA-256 and the size of every other file."),
    ("manifest.sha256", "The same for the program sha256sum."),
    ("seal.json", "A mark that only whoever made this file can make and check."),
)


def readme(mailing: Mailing, newsletter: str, inside: Collection[str], now: datetime) -> str:
    parts = [
        f"EVIDENCE OF MAILING {mailing.number}",
        f"of the newsletter {newsletter}, issue {mailing.issue}",
        f"made {moment(now)}",
        "",
        folded(
            "This folder says what was mailed, who signed it off, what was found by checks before, to how many readers it "
            "went, and what became of every single mail. It can be read with any text editor and any browser; no other "
            "program is needed. It holds no address and no name of a reader. All times are in UTC."
        ),
        "",
        "WHAT IS IN IT",
        "",
        *(_entry(name, words) for name, words in _FILES if _is_inside(name, inside)),
        "HOW TO CHECK IT",
        "",
        *_how_to_check(),
    ]
    return "\n".join(parts) + "\n"


def _how_to_check() -> Iterator[str]:
    yield folded(
        "Every file has a fingerprint (SHA-256): a number that is another one as soon as one character of the file changes. "
        "On Linux or macOS, open a terminal in this folder and type:"
    )
    yield "\n    sha256sum -c manifest.sha256\n"
    yield folded(
        "Each line must end with OK (on macOS the command may be called `shasum -a 256 -c`). On Windows type "
        "`certutil -hashfile FILE SHA256` and compare with the line in manifest.sha256."
    )
    yield ""
    yield folded(
        "That shows that the files belong together. To know that nobody has made all of them anew, ask those who sent the "
        "mailing: their audit log holds the SHA-256 of manifest.json, and with their key they can check the seal. There, type:"
    )
    yield "\n    newsletter evidence verify FILE.zip\n"
    yield folded(
        "To see that the mail is the one that was signed off: the SHA-256 of version.json is the fingerprint in "
        "approvals.json, and version.json names the SHA-256 of each mail/*/rendered.json."
    )


def _entry(name: str, words: str) -> str:
    return f"{name}\n{folded(words, '    ', '    ')}\n"


def _is_inside(name: str, inside: Collection[str]) -> bool:
    """Whether such a file, or one in such a folder, is in this zip; those beside the manifest always are."""
    first = name.partition(",")[0]
    return first in BESIDE or any(one == first or one.startswith(first) for one in inside)
