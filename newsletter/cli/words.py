"""The one table that turns what stopped a run into advice and an exit code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter import errors
from newsletter.cli.lists.words import is_name
from newsletter.cli.show import clean, folded, problem_lines
from newsletter.model.mailing import MailingState
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.model.refusal import Refusal

#: a file, a key or a host at the beginning of a sentence keeps its spelling
_NAMES_A_THING = re.compile(r"\S*[./_:]\S")
_BEGINS_WITH = re.compile(r"\{(\w+)\}")
#: fields with which a message begins, and which are words of ours
_TEXTS = {"why", "what"}
_MOST_FINDINGS = 40
#: exception -> (exit code, what to do next)
_ADVICE: Mapping[type[errors.NewsletterError], tuple[int, str]] = {
    errors.WorkspaceNotFound: (
        5,
        "Go to your newsletter's folder, name it with -C DIR, or make one: newsletter init DIR",
    ),
    errors.BadSettings: (5, "Correct the settings and run the command again."),
    errors.SecretMissing: (5, "Set {variable} in the environment or in the workspace's .env file."),
    errors.SecretChanged: (
        5,
        "Restore the secret that was used first (.env). If it was rotated, put the old one into NEWSLETTER_OLD_SECRETS.",
    ),
    errors.ServiceMissing: (5, "Put this right and run the command again; nothing was changed."),
    errors.ProviderFailed: (5, "{next_step}"),
    errors.IssueNotFound: (2, "Name an issue by its folder in issues/, or begin one: newsletter new TITLE"),
    errors.IssueNotSent: (
        2,
        "See `newsletter mailings list` for the names of sent issues. What was not sent is corrected in its own file.",
    ),
    errors.CorrectionNotFound: (2, "See `newsletter corrections list`."),
    errors.ListNotFound: (2, "See `newsletter lists list`, or add it: newsletter lists add {name}"),
    errors.AudienceNotFound: (
        4,
        "Correct the block in the issue, add [segments.{name}] to newsletter.toml, or add a list: newsletter lists add {name}",
    ),
    errors.SegmentUnusable: (
        5,
        "Correct [segments.{name}] in newsletter.toml, or add the list: newsletter lists add {list}",
    ),
    errors.AudienceUnclear: (2, "{next_step}"),
    errors.AudienceChanged: (
        4,
        "The segments in newsletter.toml changed after it was rendered: plan the mailing anew.",
    ),
    errors.MailingNotFound: (2, "See `newsletter mailings list`."),
    errors.NothingToReport: (2, "See `newsletter mailings list` and `newsletter lists list`."),
    errors.SubscriberNotFound: (2, "See `newsletter subscribers list`, and check the spelling."),
    errors.NoticeNotFound: (2, "See `newsletter notices list`."),
    errors.SuppressionNotFound: (2, "See `newsletter suppressions list`, and check the spelling."),
    errors.ApiKeyNotFound: (2, "See `newsletter api-keys list`: the prefix is the first word of a line."),
    errors.ReferenceNotFound: (2, "See `newsletter references list`, or add it: newsletter references add DOI"),
    errors.SourceUnknown: (1, "Look for a typing mistake: compare it with the page of the article."),
    errors.LookupFailed: (
        5,
        "Try again later; or save the reference as RIS or BibTeX from the article's page: newsletter references import FILE",
    ),
    errors.LookupUnusable: (1, "{advice}"),
    errors.LibraryDamaged: (1, "Correct the file and run the command again."),
    errors.FileUnreadable: (1, "Correct the file and run the command again."),
    errors.ColumnUnclear: (1, "Say it with --map and run the command again; nothing was changed."),
    errors.OptionUnusable: (2, "Correct it and run the command again; nothing was changed."),
    errors.NotInGit: (5, "Keep the workspace in git: git init, git add ., git commit. Then compare with that state."),
    errors.GitRefuses: (5, 'If you trust what lies there: git config --global --add safe.directory "{folder}"'),
    errors.RevisionNotFound: (2, "{next_step}"),
    errors.ProblemsFound: (1, "Correct these and run the command again."),
    errors.NotSendable: (
        4,
        "Correct the errors, then: newsletter check {issue}.",
    ),
    errors.NotApproved: (4, "{next_step}"),
    errors.PersonNotFound: (2, "See `newsletter people list`, or add them: newsletter people add NAME --email ADDRESS"),
    errors.PassphraseWrong: (
        4,
        'Nothing was signed or changed; try again. If it is forgotten: newsletter people passphrase "{name}" --forgotten WHY',
    ),
    errors.PassphraseLocked: (
        4,
        "Wait, and try again. If these tries were not yours, tell who looks after the machine: newsletter log",
    ),
    errors.TimeUnclear: (2, "{next_step}"),
    errors.RecurrenceNotFound: (2, "See `newsletter calendar`."),
    errors.LogDamaged: (1, "Compare it with a backup: see docs/audit.md, When the log is damaged."),
    errors.EvidenceDamaged: (1, "Make it again: newsletter evidence MAILING; and ask who had the file meanwhile."),
    errors.SendingRefused: (4, "{next_step}"),
    errors.NotReadyForReaders: (4, "Put this right and run the same command again."),
    errors.AudienceDiffers: (
        4,
        "Look who they are: newsletter audience show. If that is meant, send again with --audience-may-differ.",
    ),
    errors.ConsentRefused: (4, "{next_step}"),
    errors.DatabaseReplaced: (
        4,
        "If it comes from a backup, say so: newsletter db restore --here. If not, put the right file back.",
    ),
    errors.DatabaseGone: (
        5,
        "Put the file back, or restore a backup: newsletter db restore FILE. To begin anew instead, delete {witness} beside it.",
    ),
    errors.DatabaseTooNew: (5, "Install that version again: pip install --upgrade newsletter-pipeline"),
    errors.DatabaseInUse: (
        4,
        "Stop `newsletter serve`, cron and whatever else uses it; then run the command again. Nothing was changed.",
    ),
    errors.LeaseHeld: (4, "Wait until it is through, or watch it: newsletter mailings watch {mailing}"),
    errors.LeaseLost: (3, "Look at `newsletter mailings show {mailing}`; the other process goes on with it."),
    errors.PauseStands: (4, "When that is settled: newsletter mailings resume {mailing}"),
    errors.StateForbids: (4, "See how it stands: newsletter mailings show {mailing}."),
    errors.IllegalMove: (3, "Look at `newsletter mailings list`; please report this with the text above."),
}

#: the same, where what was typed can be no name of a list: its title, as a rule
_NO_NAME: Mapping[type[errors.NewsletterError], str] = {
    errors.ListNotFound: "See `newsletter lists list`: a list is called by its name, the first word of its line.",
    errors.AudienceNotFound: "Correct the block in the issue: it says the name of a list or segment, not its title.",
    errors.SegmentUnusable: "Correct [segments.{name}] in newsletter.toml: a list is called by its name, not its title.",
}


def exit_code(why: errors.NewsletterError) -> int:
    return _ADVICE[type(why)][0]


def explain(why: errors.NewsletterError) -> str:
    """What happened, and the next step."""
    lines = [_message(why)]
    lines += problem_lines(getattr(why, "problems", ()))
    lines += refusal_lines(getattr(why, "refusals", ()))
    lines += finding_lines(getattr(why, "findings", ()))
    nearest = getattr(why, "nearest", None)
    if nearest:
        lines.append(f"Did you mean {nearest}?")
    lines.append(_next_step(why))
    return "\n".join(lines)


def finding_lines(findings: Sequence[str]) -> list[str]:
    """What is wrong with a file of evidence; not all of it, where somebody meant to fill the screen."""
    lines = [folded(f"  - {clean(one)}", " " * 4) for one in findings[:_MOST_FINDINGS]]
    more = len(findings) - len(lines)
    return [*lines, f"  and {more} more; --json tells all"] if more else lines


def refusal_lines(refusals: Iterable[Refusal]) -> list[str]:
    """Why real mail must not leave, one after the other, each with what to do."""
    lines = ((f"  - {_ended(clean(one.why))}", f"    {clean(one.next_step)}") for one in refusals)
    return [folded(line, " " * 4) for both in lines for line in both]


def _message(why: errors.NewsletterError) -> str:
    """What begins with something's name keeps its spelling."""
    text = str(why)
    named = _BEGINS_WITH.match(type(why).__doc__ or "")
    return _ended(text) if named and named[1] not in _TEXTS else _sentence(text)


def _next_step(why: errors.NewsletterError) -> str:
    words, named = _ADVICE[type(why)][1], getattr(why, "list", None) or getattr(why, "name", None)
    if named and not is_name(named):
        words = _NO_NAME.get(type(why), words)
    if isinstance(why, errors.StateForbids) and why.state == MailingState.SCHEDULED:
        words = "It has not begun. To take it off: newsletter unschedule {mailing} --reason WHY; to see all: newsletter calendar"
    advice = words.format(**vars(why))
    return f"{advice}{_for_errors(why)}" if isinstance(why, errors.NotSendable) else advice


def _for_errors(why: errors.NotSendable) -> str:
    """What else helps with these errors: overriding only where there is one that can be overridden."""
    from newsletter.check.book import by_code

    book = by_code()
    codes = {problem.code for problem in why.problems if problem.level is Level.ERROR}
    claims = ""
    if not codes.isdisjoint({"claim-review-open", "claim-refused", "claim-block-missing"}):
        claims = f" For the claims: newsletter claims review {why.issue}."
    can_stand = any(code not in book or not book[code].must for code in codes)
    return claims + (" If one has to stand: --override CODE REASON (docs/checks.md)." if can_stand else "")


def as_json(why: errors.NewsletterError) -> dict[str, Any]:
    """The same for programs."""
    said: dict[str, Any] = {
        "error": type(why).__name__,
        "message": _message(why),
        "next_step": _next_step(why),
        "problems": [problem.as_json() for problem in getattr(why, "problems", ())],
    }
    if isinstance(why, errors.EvidenceDamaged):
        said["findings"] = list(why.findings)
    if isinstance(why, errors.NotReadyForReaders):
        said["refusals"] = [{"why": one.why, "next_step": one.next_step} for one in why.refusals]
    if isinstance(why, errors.LogDamaged):
        said["entry"] = why.entry
    return said


def explain_fault(why: Exception) -> tuple[str, int]:
    """Words and exit code for what no class of ours stands for: the machine's troubles, and our own faults."""
    if isinstance(why, OSError):
        what = f"{why.filename}: {why.strerror}" if why.filename else str(why)
        return f"{_sentence(what)}\nFree space or mend the permissions, and run the same command again.", 5
    if type(why).__module__.startswith("sqlalchemy."):
        what = str(getattr(why, "orig", why)).splitlines()[0]
        return (
            f"The database failed: {what}.\nPut this right and run the same command again; it goes on where it was.",
            5,
        )
    return (
        f"This is a fault of ours: {type(why).__name__}. Please report it, with the output of the same command under "
        "NEWSLETTER_DEBUG=1.\nIf you were sending, look at `newsletter mailings list` first."
    ), 3


def _sentence(text: str) -> str:
    begins = text if _NAMES_A_THING.match(text) else text[:1].upper() + text[1:]
    return _ended(begins)


def _ended(text: str) -> str:
    return text + ("" if text.endswith((".", "!", "?", ":")) else ".")
