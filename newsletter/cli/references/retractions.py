"""`newsletter references retractions`: how old the table of retractions is, and what became of papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.model.identifier import Register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.model.identifier import Identifier
    from newsletter.model.notice import Notice, NoticeKind
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.references.retractions.table import Retractions

_NO_TABLE = (
    "No table of retractions: name the file of Retraction Watch as references.retraction_watch in newsletter.toml."
)


@dataclass(frozen=True, kw_only=True)
class _Paper:
    """One that was asked for: what it was called, and the notices about it by their kind."""

    asked: str
    notices: Mapping[NoticeKind, Notice]


@click.command("retractions")
@click.argument("papers", nargs=-1, metavar="[DOI|PMID|KEY]...")
@json_option
def retractions(papers: tuple[str, ...], json_: bool) -> int:
    """Tell how old the table of retractions is, and of papers.

    Papers are named by DOI or PubMed number, in all the ways that `newsletter references add` understands, or by their
    keys in the library; of these their own records are looked at, too. The table is the file of Retraction Watch that
    `references.retraction_watch` names in newsletter.toml. Exit code 1 when it cannot be used, or when one of these
    papers was retracted; 2 when it is not clear which paper is meant.

    \b
    Example:
      newsletter references retractions 10.1177/0363546511434564
      newsletter references retractions smith2014 "PMID 31674240"
    """
    from newsletter.model.notice import NoticeKind
    from newsletter.pipeline.knowledge import day_of, retractions_of

    place = workspace()
    table, problems = retractions_of(place)
    found = list(_found(papers, table)) if table else []
    if json_:
        show.as_json(_as_json(table, _days(table, day_of(place, now())) if table else None, found, problems))
    else:
        for line in show.problem_lines(problems):
            click.echo(line)
        if table:
            days, rows = _days(table, day_of(place, now())), table.facts.rows
            age = f"{days:,} {show.plural(days, 'day')} old"
            click.echo(f"{table.described()}: {rows:,} {show.plural(rows, 'row')}, {age}.")
        elif not problems:
            click.echo(_NO_TABLE)
        for one in found:
            click.echo(f"  {show.clean(one.asked)}: {_words(one.notices)}")
    retracted = any(NoticeKind.RETRACTION in one.notices for one in found)
    return 1 if retracted or not table else 0


def _days(table: Retractions, today: Any) -> int:  # noqa: ANN401 - a date
    from newsletter.check.sources.retraction_table import age_in_days

    return age_in_days(table, today)


def _found(papers: Sequence[str], table: Retractions) -> Iterator[_Paper]:
    """What became of each paper.

    Raises:
        UsageError: one is neither a key nor a number that the table could know.
    """
    from newsletter.check.knowledge import Knowledge
    from newsletter.check.sources.notices import became_of
    from newsletter.pipeline.references import library_of

    library = library_of(workspace()) if papers else {}
    knowledge = Knowledge(retractions=table)
    asked = [(paper, *_meant(paper, library)) for paper in dict.fromkeys(papers)]
    for paper, known, number in asked:
        notices = dict(became_of(known, knowledge)) if known else {}
        for notice in _by_number(number, table) if number else ():
            notices.setdefault(notice.kind, notice)
        if known and not notices and not _has_number(known, number):
            words = "has neither a DOI nor a PubMed number, so the table cannot know it: name the paper by one of them."
            raise click.UsageError(f"`{known.key}` {words}")
        yield _Paper(asked=paper, notices=notices)


def _has_number(known: Reference, number: Identifier | None) -> bool:
    """Whether the table could know it."""
    asked = number is not None and number.register is not Register.PMCID
    return asked or bool(known.csl.get("DOI") or known.csl.get("PMID"))


def _meant(paper: str, library: Mapping[str, Reference]) -> tuple[Reference | None, Identifier | None]:
    """The reference of the library, and the number, that somebody wrote."""
    from newsletter.pipeline.references import with_number
    from newsletter.references.library.asked import identifier_of

    number = identifier_of(paper)
    known = library.get(paper) or library.get(paper.removeprefix("[").removesuffix("]").removeprefix("@"))
    known = known or (with_number(library, number) if number else None)
    if known is None and number is None:
        raise click.UsageError(_unclear(paper, library))
    if known is None and number and number.register is Register.PMCID:
        words = f"{number} is not in the library, and the table has no PMC numbers: name the paper by DOI or PMID."
        raise click.UsageError(words)
    return known, number


def _unclear(paper: str, library: Mapping[str, Reference]) -> str:
    from newsletter.validate import nearest

    near = nearest(paper[:100], library)
    guess = f" Did you mean {near}?" if near else ""
    return (
        f"`{show.clean(paper[:100])}` is no DOI, no PubMed number and no key of the library, so nothing was looked up."
        f"{guess} Write it such as 10.1177/0363546511434564, PMID 31674240 or smith2014."
    )


def _by_number(number: Identifier, table: Retractions) -> Iterator[Notice]:
    """What the table says; also of a DOI that was copied with the end of a page's address."""
    from newsletter.references.library.asked import without_tail

    if number.register is Register.PMID:
        found = [table.notice("", number.value)]
    else:
        found = [table.notice(doi, "") for doi in dict.fromkeys((number.value, without_tail(number.value)))]
    yield from (notice for notice in found if notice)


def _as_json(
    table: Retractions | None, days: int | None, found: Sequence[_Paper], problems: Sequence[Problem]
) -> dict[str, Any]:
    return {
        "table": table.described() if table else None,
        "days": days,
        "rows": table.facts.rows if table else 0,
        "papers": {one.asked: _facts(one.notices) for one in found},
        "problems": [problem.as_json() for problem in problems],
    }


def _gravest(notices: Mapping[NoticeKind, Notice]) -> Notice | None:
    from newsletter.model.notice import NoticeKind

    return next((notices[kind] for kind in NoticeKind if kind in notices), None)


def _facts(notices: Mapping[NoticeKind, Notice]) -> dict[str, str | None] | None:
    notice = _gravest(notices)
    if notice is None:
        return None
    day = notice.date.isoformat() if notice.date else None
    return {"kind": notice.kind.value, "date": day, "text": notice.text, "source": notice.source}


def _words(notices: Mapping[NoticeKind, Notice]) -> str:
    notice = _gravest(notices)
    if notice is None:
        return "nothing known"
    since = f" of {notice.date.isoformat()}" if notice.date else ""
    said = f": {notice.text}" if notice.text else ""
    return show.clean(f"{notice.kind.value}{since} ({notice.source}){said}")
