"""The terms of the rule book: what a rule is, what it looks at, what it finds. docs/adding-a-check.md shows how to write one.

A rule is a function with a decorator of this module. Its docstring is its page in docs/checks: the first line says what is
wrong, then why it matters and what to do, then a bad and a good example, which the tests run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from newsletter.check.knowledge import NOTHING_KNOWN
from newsletter.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.mail import Mail
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Level, Place
    from newsletter.model.reference import Reference
    from newsletter.model.spam_verdict import SpamVerdict
    from newsletter.model.visit import Visit
    from newsletter.settings import Settings


class Scope(StrEnum):
    """What a rule looks at, and so when it runs."""

    #: the issue as its author wrote it
    ISSUE = "issue"
    #: the issue as each variant has it
    FORM = "form"
    #: each rendered variant
    MAIL = "mail"
    #: what the links of the mails answered
    ONLINE = "online"
    #: what a spam filter of this machine says
    SPAM = "spam"
    #: nothing: it is told while files are read and rendered
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found: where, what is wrong and what to do. `level` is only given to differ from the rule's own."""

    at: Place
    message: str
    fix: str
    level: Level | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """An issue before it is rendered. `source` is the text of its file, with \\n at the ends of lines; its line 1 is the file's."""

    #: as the rule's scope has it: the whole of it, or as one variant has it
    issue: Issue
    whole: Issue
    #: the cited ones
    references: tuple[Reference, ...]
    settings: Settings
    source: str
    #: what rules may know beyond the issue
    knowledge: Knowledge = NOTHING_KNOWN


@dataclass(frozen=True, kw_only=True)
class Online:
    """All mails of an issue, and what each address that they link to answered."""

    mails: tuple[Mail, ...]
    visits: Mapping[str, Visit]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An issue and what a spam filter says about its mail."""

    issue: Issue
    verdict: SpamVerdict


S = TypeVar("S")
Find: TypeAlias = "Callable[[S], Iterable[Finding]]"


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[S]):
    """One code with its usual level. `must` rules guard what law or safety demands: no setting lowers and nobody overrides them."""

    code: str
    level: Level
    scope: Scope
    #: the docstring: title, explanation, examples (newsletter/check/page_of_rule.py reads it)
    page: str
    find: Callable[[S], Iterable[Finding]]
    must: bool = False

    def __call__(self, subject: S) -> Iterator[Problem]:
        for found in self.find(subject):
            level = found.level or self.level
            yield Problem(code=self.code, level=level, place=found.at, message=found.message, fix=found.fix)


def issue_rule(code: str, level: Level, *, must: bool = False) -> Callable[[Find[Content]], Rule[Content]]:
    """A rule about the issue as its author wrote it, run once."""
    return _maker(Scope.ISSUE, code, level, must=must)


def form_rule(code: str, level: Level, *, must: bool = False) -> Callable[[Find[Content]], Rule[Content]]:
    """A rule about the issue as readers of some segments get it, run for each variant before it is rendered."""
    return _maker(Scope.FORM, code, level, must=must)


def mail_rule(code: str, level: Level, *, must: bool = False) -> Callable[[Find[Mail]], Rule[Mail]]:
    """A rule about a rendered mail, run for each variant."""
    return _maker(Scope.MAIL, code, level, must=must)


def online_rule(code: str, level: Level) -> Callable[[Find[Online]], Rule[Online]]:
    """A rule about what links answered, run once and only when links were looked at."""
    return _maker(Scope.ONLINE, code, level, must=False)


def judged_rule(code: str, level: Level) -> Callable[[Find[Judged]], Rule[Judged]]:
    """A rule about a spam filter's verdict, run only where there is one."""
    return _maker(Scope.SPAM, code, level, must=False)


def told(code: str, level: Level, page: str, *, must: bool = False) -> Rule[None]:
    """A code that is told while files are read and rendered: no function of the book finds it, but it has its page here."""
    return Rule(code=code, level=level, scope=Scope.TOLD, page=page, find=_nothing, must=must)


def _nothing(_: None) -> Iterable[Finding]:
    return ()


def _maker(scope: Scope, code: str, level: Level, *, must: bool) -> Callable[[Find[S]], Rule[S]]:
    def make(find: Find[S]) -> Rule[S]:
        return Rule(code=code, level=level, scope=scope, page=find.__doc__ or "", find=find, must=must)

    return make
