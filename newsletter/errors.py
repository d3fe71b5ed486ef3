"""What stops a run. An author's mistake is a Problem (model/problem.py), never one of these.

    NewsletterError
    |-- WorkspaceNotFound      no newsletter.toml here or above
    |-- BadSettings            newsletter.toml or the environment has mistakes (carries Problems)
    |-- SecretMissing          the workspace's secret is not in the environment
    |-- SecretChanged          the secret is not the one this database was made with
    |-- ServiceMissing         a service or an optional package is not there
    |-- ProviderFailed         a provider does not answer, or does not do what it is asked
    |-- IssueNotFound          no such issue
    |-- IssueNotSent           an issue that nobody has got yet
    |-- CorrectionNotFound     no such correction
    |-- ListNotFound           no such list
    |-- AudienceNotFound       an issue names a segment or list that is not there
    |-- SegmentUnusable        a segment names a list that is not there
    |-- AudienceUnclear        it cannot be said whom the names of an audience mean
    |-- AudienceChanged        a reader is in segments for which the issue has no variant
    |-- MailingNotFound        no such mailing
    |-- NothingToReport        a report of what is neither a mailing, an issue that was sent, nor a list
    |-- SubscriberNotFound     no such subscriber
    |-- NoticeNotFound         no such notice
    |-- SuppressionNotFound    this address is not suppressed
    |-- ApiKeyNotFound         no such key of the API
    |-- ReferenceNotFound      the library has no such reference
    |-- SourceUnknown          no register knows this DOI or PubMed number
    |-- LookupFailed           a register could not be asked, or does not answer
    |-- LookupUnusable         a register answers with what is no record of the source
    |-- LibraryDamaged         the library's file is broken, so nothing is added to it (carries Problems)
    |-- FileUnreadable         a file cannot be read or written as it stands
    |   `-- ColumnUnclear      only a person can say what a column of it holds
    |-- OptionUnusable         an option of a command names what is not there
    |-- NotInGit               a comparison needs a git repository, and there is none
    |-- GitRefuses             git does not work in a repository that belongs to somebody else
    |-- RevisionNotFound       git has no such revision here
    |-- ProblemsFound          the issue could not be rendered (carries Problems)
    |-- NotSendable            an issue with errors is not sent (carries Problems)
    |-- NotApproved            policy asks for sign-offs that are not there (carries what is missing)
    |-- PersonNotFound         no such person who signs off
    |-- PassphraseWrong        the passphrase is not theirs
    |-- PassphraseLocked       too many wrong ones in a row: there is a wait
    |-- TimeUnclear            a clock time is shown twice, never, or has passed (carries the choices)
    |-- RecurrenceNotFound     no such recurring schedule
    |-- LogDamaged             the audit log is not as it was written
    |-- EvidenceDamaged        a file of evidence is not as it was written
    |-- SendingRefused         refused for safety
    |-- NotReadyForReaders     real mail must not leave yet (carries Refusals)
    |-- AudienceDiffers        an audience is much larger or smaller than the last one of its kind
    |-- ConsentRefused         somebody said no, and this would mail them all the same
    |-- DatabaseReplaced       the database is not the one that was used last: a copy was put in its place
    |-- DatabaseGone           the file of the database that was used last is not there any more
    |-- DatabaseTooNew         the database was upgraded by a newer version of the program
    |-- DatabaseInUse          another program has the database open, and we need it for ourselves
    |-- LeaseHeld              another process is sending this mailing
    |-- LeaseLost              another process took the mailing over
    |-- PauseStands            a person, or the alarm, paused this mailing: only a person lifts that
    |-- StateForbids           a mailing stands so that it cannot be what somebody asks for
    `-- IllegalMove            a state change that the tables do not allow: our fault

Each class holds facts; only the edges (cli/words.py, web/) make them into advice, exit codes and HTTP statuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.model.refusal import Refusal


class NewsletterError(Exception):
    """the run was stopped"""

    def __str__(self) -> str:
        return (self.__doc__ or "").format(**vars(self))


@dataclass(eq=False)
class WorkspaceNotFound(NewsletterError):
    """no newsletter.toml in {folder} or in a folder above it"""

    folder: Path


@dataclass(eq=False)
class BadSettings(NewsletterError):
    """the settings have mistakes"""

    problems: Sequence[Problem]


@dataclass(eq=False)
class SecretMissing(NewsletterError):
    """{variable} is not set"""

    variable: str


@dataclass(eq=False)
class SecretChanged(NewsletterError):
    """NEWSLETTER_SECRET is not the one that this database was made with"""


@dataclass(eq=False)
class ServiceMissing(NewsletterError):
    """{what}: {why}"""

    what: str
    why: str


@dataclass(eq=False)
class ProviderFailed(NewsletterError):
    """{provider}: {why}"""

    provider: str
    why: str
    next_step: str
    #: that nothing of what was asked has been done
    certain: bool = False


@dataclass(eq=False)
class IssueNotFound(NewsletterError):
    """there is no issue {name}"""

    name: str
    nearest: str | None = None


@dataclass(eq=False)
class IssueNotSent(NewsletterError):
    """the issue {issue} was not sent yet"""

    issue: str
    nearest: str | None = None


@dataclass(eq=False)
class CorrectionNotFound(NewsletterError):
    """there is no correction {number}"""

    number: int


@dataclass(eq=False)
class ListNotFound(NewsletterError):
    """there is no list {name}"""

    name: str
    nearest: str | None = None


@dataclass(eq=False)
class AudienceNotFound(NewsletterError):
    """the issue has a part for {name}, which is neither a segment nor a list"""

    name: str
    nearest: str | None = None


@dataclass(eq=False)
class SegmentUnusable(NewsletterError):
    """the segment {name} asks for the list {list}, which is not there"""

    name: str
    list: str
    nearest: str | None = None


@dataclass(eq=False)
class AudienceUnclear(NewsletterError):
    """{why}"""

    why: str
    next_step: str
    nearest: str | None = None


@dataclass(eq=False)
class AudienceChanged(NewsletterError):
    """some readers are in segments together for which {issue} has no variant"""

    issue: str


@dataclass(eq=False)
class MailingNotFound(NewsletterError):
    """there is no mailing {number}"""

    number: int


@dataclass(eq=False)
class NothingToReport(NewsletterError):
    """{name} is neither the number of a mailing, nor an issue that was sent, nor a list"""

    name: str
    nearest: str | None = None


@dataclass(eq=False)
class SubscriberNotFound(NewsletterError):
    """there is no such subscriber"""


@dataclass(eq=False)
class NoticeNotFound(NewsletterError):
    """there is no notice {number}"""

    number: int


@dataclass(eq=False)
class SuppressionNotFound(NewsletterError):
    """this address is not suppressed; nothing was changed"""


@dataclass(eq=False)
class ApiKeyNotFound(NewsletterError):
    """there is no key of the API that begins with {prefix}"""

    prefix: str


@dataclass(eq=False)
class ReferenceNotFound(NewsletterError):
    """the library has no reference {key}"""

    key: str
    nearest: str | None = None


@dataclass(eq=False)
class SourceUnknown(NewsletterError):
    """{where} does not know {identifier}"""

    identifier: str
    where: str


@dataclass(eq=False)
class LookupFailed(NewsletterError):
    """{identifier} could not be looked up at {where}: {why}"""

    identifier: str
    where: str
    why: str


@dataclass(eq=False)
class LookupUnusable(NewsletterError):
    """{where} has no usable record of {identifier}: {why}"""

    identifier: str
    where: str
    why: str
    advice: str = "Save the reference as RIS or BibTeX from the article's page: newsletter references import FILE"


@dataclass(eq=False)
class LibraryDamaged(NewsletterError):
    """{path} cannot be read as it stands, so nothing was added to it"""

    path: Path
    problems: Sequence[Problem]


@dataclass(eq=False)
class FileUnreadable(NewsletterError):
    """{path}: {why}"""

    path: Path | str
    why: str


@dataclass(eq=False)
class ColumnUnclear(FileUnreadable):
    """{path}: {why}"""


@dataclass(eq=False)
class OptionUnusable(NewsletterError):
    """{option}: {why}"""

    option: str
    why: str
    nearest: str | None = None


@dataclass(eq=False)
class NotInGit(NewsletterError):
    """{folder} is not in a git repository, so there is no earlier state of it"""

    folder: Path


@dataclass(eq=False)
class GitRefuses(NewsletterError):
    """git does not work in {folder}, because it belongs to another user"""

    folder: Path


@dataclass(eq=False)
class RevisionNotFound(NewsletterError):
    """git knows no revision {revision} here"""

    revision: str
    next_step: str
    nearest: str | None = None


@dataclass(eq=False)
class ProblemsFound(NewsletterError):
    """the issue cannot be rendered"""

    problems: Sequence[Problem]


@dataclass(eq=False)
class NotSendable(NewsletterError):
    """the issue {issue} has errors and was not sent"""

    issue: str
    problems: Sequence[Problem]


@dataclass(eq=False)
class NotApproved(NewsletterError):
    """{issue} is not signed off: {why}"""

    issue: str
    why: str
    next_step: str


@dataclass(eq=False)
class PersonNotFound(NewsletterError):
    """there is no person {name}"""

    name: str
    nearest: str | None = None


@dataclass(eq=False)
class PassphraseWrong(NewsletterError):
    """that is not the passphrase of {name}"""

    name: str


@dataclass(eq=False)
class PassphraseLocked(NewsletterError):
    """{failed} wrong passphrases of {name} in a row: none is looked at for {wait}"""

    name: str
    failed: int
    wait: str


@dataclass(eq=False)
class TimeUnclear(NewsletterError):
    """{why}"""

    why: str
    next_step: str


@dataclass(eq=False)
class RecurrenceNotFound(NewsletterError):
    """there is no recurring schedule {number}"""

    number: int


@dataclass(eq=False)
class LogDamaged(NewsletterError):
    """the audit log is not as it was written: {why}"""

    why: str
    #: number of the first entry that is wrong
    entry: int = 0


@dataclass(eq=False)
class EvidenceDamaged(NewsletterError):
    """{path} is not as it was made: {why}"""

    path: Path | str
    why: str
    #: what is wrong with which file inside, a line each
    findings: Sequence[str] = ()


@dataclass(eq=False)
class SendingRefused(NewsletterError):
    """{why}"""

    why: str
    next_step: str


@dataclass(eq=False)
class NotReadyForReaders(NewsletterError):
    """real mail must not leave yet, so nothing was sent"""

    refusals: Sequence[Refusal]


@dataclass(eq=False)
class AudienceDiffers(NewsletterError):
    """the audience has {readers} readers, the last mailing of this kind (mailing {mailing}) had {before}"""

    readers: int
    mailing: int
    before: int


@dataclass(eq=False)
class ConsentRefused(NewsletterError):
    """{why}"""

    why: str
    next_step: str


@dataclass(eq=False)
class DatabaseReplaced(NewsletterError):
    """{label} is not the database that was used last: a copy was put in its place"""

    label: str


@dataclass(eq=False)
class DatabaseGone(NewsletterError):
    """{label} is not there any more, and it was in use"""

    label: str
    #: the file beside it that knows
    witness: str


@dataclass(eq=False)
class DatabaseTooNew(NewsletterError):
    """{label} was upgraded by a newer version of this program (its schema is {revision})"""

    label: str
    revision: str


@dataclass(eq=False)
class DatabaseInUse(NewsletterError):
    """{label} is in use by another program"""

    label: str


@dataclass(eq=False)
class LeaseHeld(NewsletterError):
    """mailing {mailing} is being sent by another process ({owner})"""

    mailing: int
    owner: str


@dataclass(eq=False)
class LeaseLost(NewsletterError):
    """mailing {mailing} was taken over by another process"""

    mailing: int


@dataclass(eq=False)
class PauseStands(NewsletterError):
    """mailing {mailing} was paused ({reason})"""

    mailing: int
    reason: str


@dataclass(eq=False)
class StateForbids(NewsletterError):
    """mailing {mailing} is {state}, so it cannot be {wish}"""

    mailing: int
    state: str
    wish: str


@dataclass(eq=False)
class IllegalMove(NewsletterError):
    """{what} cannot go from {before} to {after}"""

    what: str
    before: str
    after: str
