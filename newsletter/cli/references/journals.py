"""`newsletter references journals`: the names and abbreviations of journals that checks and formatting know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show as looks
from newsletter.cli.context import json_option, workspace

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.journal import Journal
    from newsletter.references.journals.nlm import BrokenRecord
    from newsletter.references.journals.table import Journals
    from newsletter.settings import Workspace

#: where the National Library of Medicine publishes its list
ADDRESS = "https://ftp.ncbi.nlm.nih.gov/pubmed/J_Medline.txt"
#: broken records that are named one by one
_NAMED = 20
#: journals that are offered where none has the name
_MOST_NEAR = 8
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")


@click.group()
def journals() -> None:
    """Look up journals, and import PubMed's list.

    \b
    Example:
      newsletter references journals show "am j sports med"
      newsletter references journals import J_Medline.txt
    """


@journals.command("import")
@click.argument("source", metavar="FILE|URL")
@json_option
@click.pass_context
def import_(ctx: click.Context, source: str, json_: bool) -> None:
    """Import the list of all journals that PubMed knows.

    The National Library of Medicine (NLM) keeps it; it has some 38,000 journals. It is a text file, J_Medline.txt or
    J_Entrez.txt; give the file, or its https address: https://ftp.ncbi.nlm.nih.gov/pubmed/J_Medline.txt. The list becomes
    journals.tsv in the folder of the references, which belongs into git. A list that was imported before is replaced.

    \b
    Example:
      newsletter references journals import J_Medline.txt
    """
    from newsletter.cli.references.journals_source import content_of
    from newsletter.errors import FileUnreadable
    from newsletter.references.journals.nlm import read_nlm, table_text

    target = _folder(workspace()) / "journals.tsv"
    found, broken = read_nlm(content_of(source))
    if not found:
        why = f"{broken[0]}" if broken else "it has no records"
        raise FileUnreadable(source, f"it is no list of journals as the NLM publishes it ({why})")
    _write(target, table_text(found))
    if json_:
        told = [{"line": one.line, "why": one.why} for one in broken]
        looks.as_json({"file": str(target), "journals": len(found), "broken": told})
    else:
        click.echo(
            f"Wrote {looks.short(str(target))}: {looks.number(len(found))} {looks.plural(len(found), 'journal')}."
        )
        _tell(source, broken)
    if broken:
        ctx.exit(1)


def _tell(source: str, broken: list[BrokenRecord]) -> None:
    if not broken:
        return
    many = len(broken)
    click.echo(f"{looks.number(many)} broken {looks.plural(many, 'record')} left out of {source}:", err=True)
    for one in broken[:_NAMED]:
        click.echo(f"  {looks.clean(str(one))}", err=True)
    if many > _NAMED:
        click.echo(f"  and {looks.number(many - _NAMED)} more", err=True)


@journals.command()
@click.argument("name")
@json_option
@click.pass_context
def show(ctx: click.Context, name: str, json_: bool) -> None:
    """Show a journal by any of its names, or its ISSN.

    Its title, its abbreviation, its ISSNs and the abbreviations that it had before. Where no journal has this name, those
    are named that have all of its words.

    \b
    Example:
      newsletter references journals show JBJS
      newsletter references journals show "bone and joint journal" --json
      newsletter references journals show 0363-5465
    """
    from newsletter.references.journals.table import Journals

    known = Journals(_folder(workspace()))
    journal = known.with_issn(name) if _ISSN.fullmatch(name.strip()) else known.named(name)
    if json_:
        looks.as_json(_facts(journal))
    elif journal:
        click.echo("\n".join(_lines(journal)))
    else:
        click.echo(_advice(known, name), err=True)
    if not journal:
        ctx.exit(1)


def _lines(journal: Journal) -> list[str]:
    lines = [journal.title, f"  abbreviation: {journal.abbreviation}"]
    lines += [f"  ISSN:         {', '.join(journal.issns)}"] if journal.issns else []
    lines += [f"  formerly:     {', '.join(journal.formerly)}"] if journal.formerly else []
    return [looks.clean(line) for line in lines]


def _facts(journal: Journal | None) -> dict[str, Any]:
    if journal is None:
        return {"journal": None}
    facts = {
        "title": journal.title,
        "abbreviation": journal.abbreviation,
        "issns": list(journal.issns),
        "formerly": list(journal.formerly),
    }
    return {"journal": facts}


def _advice(known: Journals, name: str) -> str:
    what = "with this ISSN" if _ISSN.fullmatch(name.strip()) else "of this name"
    lines = [f"No journal {what} among {looks.number(len(known))}: {looks.clean(name)[:100]}.{_guess(known, name)}"]
    return "\n".join([*lines, f"All that PubMed knows: newsletter references journals import {ADDRESS}"])


def _guess(known: Journals, name: str) -> str:
    """The journal that is meant where there is a slip, or those that have all words of the name."""
    if meant := known.nearly(name):
        return f" Did you mean {looks.clean(meant.title)}?"
    near = known.with_words(name, _MOST_NEAR)
    return " Did you mean one of these?" + "".join(f"\n  {looks.clean(one.title)}" for one in near) if near else ""


def _folder(place: Workspace) -> Path:
    return place.folder / place.settings.references.folder


def _write(target: Path, text: str) -> None:
    """All of it or nothing: whoever reads meanwhile finds the old list or the new one."""
    from newsletter.errors import FileUnreadable
    from newsletter.files import write_whole

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, text)
    except OSError as why:
        raise FileUnreadable(target, why.strerror or str(why)) from None
