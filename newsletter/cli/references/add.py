"""`newsletter references add`: sources looked up by their numbers, into the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.errors import LookupFailed, LookupUnusable, SourceUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.errors import NewsletterError
    from newsletter.model.identifier import Identifier
    from newsletter.model.problem import Problem
    from newsletter.references.library.intake import Taken
    from newsletter.settings import Workspace

_EXAMPLES = "such as 10.1177/0363546511434564, PMID 31674240 or PMC6824412"


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="DOI|PMID...")
@click.option("--key", metavar="KEY", help="The key to cite it by (default: family name and year).")
@click.option("--fresh", is_flag=True, help="Ask again, also for what was looked up within the last month.")
@json_option
def add(numbers: tuple[str, ...], key: str | None, fresh: bool, json_: bool) -> int:
    """Look sources up and add them to the library.

    They are looked up by DOI, PubMed (PMID) or PubMed Central number (PMC...), which may be written as the address of a
    page: of doi.org, PubMed, PubMed Central, or of a journal whose addresses hold the DOI. What is in the library already
    stays as it is. You are warned of a source that was retracted or is in doubt.

    \b
    Example:
      newsletter references add 10.1177/0363546511434564
      newsletter references add 31674240 PMC6824412
      newsletter references add 10.1177/0363546511434564 --key leduff2012
    """
    place = workspace()
    asked = [_identifier(number) for number in numbers]
    if key is not None:
        _refuse_key(place, key, asked)
    answers: list[_Answer] = []
    for one in _each(place, asked, key or "", fresh=fresh):
        answers.append(one)
        if not json_:
            _tell(place, one, alone=len(asked) == 1)
    if json_ and not (len(asked) == 1 and answers[0].error):
        show.as_json(_facts(place, answers))
    return _code(answers, alone=len(asked) == 1)


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What became of one number."""

    asked: Identifier
    taken: Taken | None = None
    problems: Sequence[Problem] = ()
    error: NewsletterError | None = None


def _identifier(text: str) -> Identifier:
    from newsletter.references.library.asked import identifier_of

    found = identifier_of(text)
    if found is None:
        raise click.UsageError(f"`{show.clean(text[:100])}` is neither a DOI nor a PubMed number, {_EXAMPLES}.")
    return found


def _refuse_key(place: Workspace, key: str, asked: Sequence[Identifier]) -> None:
    from newsletter.pipeline.references import library_of, with_number
    from newsletter.references.library.keys import Keys, memorable

    if len(asked) > 1:
        raise click.UsageError("--key is for one source; add them one by one, or leave it out.")
    if not memorable(key):
        raise click.UsageError(
            f"--key: `{show.clean(key)}` is no good key; use a letter and then letters and digits, such as smith2014."
        )
    library = library_of(place)
    if key in Keys(library) and with_number(library, asked[0]) is None:
        raise click.UsageError(f"--key: `{key}` is taken by another source: newsletter references show {key}")


def _each(place: Workspace, asked: Sequence[Identifier], key: str, *, fresh: bool) -> Iterator[_Answer]:
    """One after the other. A register that did not answer is not asked again."""
    from newsletter import wiring
    from newsletter.pipeline.references import add as add_record
    from newsletter.pipeline.references import library_of, warnings_of, with_number
    from newsletter.references.library.intake import Taken

    registers = wiring.bibliography(place)
    failed: dict[object, LookupFailed] = {}
    for one in dict.fromkeys(asked):
        if there := with_number(library_of(place), one):
            known = Taken(reference=there, new=False)
            yield _Answer(asked=one, taken=known, problems=warnings_of(place, [known]))
            continue
        if one.register in failed:
            before = failed[one.register]
            yield _Answer(asked=one, error=LookupFailed(str(one), before.where, "it was not asked again"))
            continue
        try:
            record = registers.record(one, fresh=fresh)
        except (SourceUnknown, LookupUnusable) as why:
            yield _Answer(asked=one, error=why)
        except LookupFailed as why:
            failed[one.register] = why
            yield _Answer(asked=one, error=why)
        else:
            taken, problems = add_record(place, record, key, str(one))
            later = warnings_of(place, [taken] if taken else [])
            yield _Answer(asked=one, taken=taken, problems=[*problems, *later])


def _tell(place: Workspace, answer: _Answer, *, alone: bool) -> None:
    from newsletter.cli.references.print import printed
    from newsletter.cli.words import explain
    from newsletter.references.library.intake import cite_as

    if answer.error:
        if not alone:
            click.echo(explain(answer.error), err=True)
        return
    if answer.taken is None:
        return
    reference = answer.taken.reference
    (entry,) = printed(place, [reference])
    click.echo(show.clean(entry.text))
    for line in show.problem_lines(answer.problems):
        click.echo(line)
    if answer.taken.new:
        click.echo(f"Added. Cite it as {cite_as(reference.key)}")
    else:
        click.echo(f"It is in the library already. Cite it as {cite_as(reference.key)}")


def _code(answers: Sequence[_Answer], *, alone: bool) -> int:
    """The error of a single number is told by the command's own edge."""
    from newsletter.cli.words import exit_code

    errors = [one.error for one in answers if one.error]
    if alone and errors:
        raise errors[0]
    return max((exit_code(error) for error in errors), default=0)


def _facts(place: Workspace, answers: Sequence[_Answer]) -> dict[str, Any]:
    from newsletter.cli.references.print import printed
    from newsletter.cli.words import as_json
    from newsletter.references.library.intake import cite_as

    rows = []
    for one in answers:
        if one.taken:
            reference = one.taken.reference
            (entry,) = printed(place, [reference])
            row: dict[str, Any] = {"asked": str(one.asked), "key": reference.key, "cite": cite_as(reference.key)}
            row |= {"added": one.taken.new, "text": entry.text, "url": entry.url, "csl": dict(reference.csl)}
            rows.append(row | {"problems": [problem.as_json() for problem in one.problems]})
    errors = [{"asked": str(one.asked), **as_json(one.error)} for one in answers if one.error]
    return {"references": rows, "errors": errors}
