"""`newsletter references journals`: the names and abbreviations of journals that checks and formatting know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show as looks
from newsletter.cli.context import json_option, workspace

if TYPE_CHECKING:
    from newsletter.model.journal import Journal
    from newsletter.references.journals import Journals
    from newsletter.references.journals_nlm import BrokenRecord
    from newsletter.settings import Workspace

#: where the National Library of Medicine publishes its list
ADDRESS = "https://ftp.ncbi.nlm.nih.gov/pubmed/J_Medline.txt"
MOST_BYTES = 40_000_000
SECONDS = 120
#: broken records that are named one by one
_NAMED = 20


@click.group()
def journals() -> None:
    """Look up journals, and import the list of the National Library of Medicine (NLM).

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
    """Import the NLM's list of journals: all that PubMed knows, some 38,000.

    It is a text file, J_Medline.txt or J_Entrez.txt; give the file, or its https address:
    https://ftp.ncbi.nlm.nih.gov/pubmed/J_Medline.txt. The list becomes journals.tsv in the folder of the references, which
    belongs into git. A list that was imported before is replaced.

    \b
    Example:
      newsletter references journals import J_Medline.txt
    """
    from newsletter.errors import FileUnreadable
    from newsletter.references.journals_nlm import read_nlm, table_text

    target = _folder(workspace()) / "journals.tsv"
    found, broken = read_nlm(_content(source))
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
    """Show the title and the abbreviation of a journal, by any of its names.

    \b
    Example:
      newsletter references journals show JBJS
      newsletter references journals show "bone and joint journal" --json
    """
    from newsletter.references.journals import Journals

    known = Journals(_folder(workspace()))
    journal = known.named(name)
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
    meant = known.nearly(name)
    guess = f" Did you mean {meant.title}?" if meant else ""
    return (
        f"No journal of this name among {looks.number(len(known))}: {looks.clean(name)[:100]}.{guess}\n"
        f"All that PubMed knows: newsletter references journals import {ADDRESS}"
    )


def _folder(place: Workspace) -> Path:
    return place.folder / place.settings.references.folder


def _content(source: str) -> str:
    if "://" in source:
        from newsletter.probe.download import download

        content = download(source, most=MOST_BYTES, seconds=SECONDS)
    else:
        content = _read(Path(source))
    return content.decode("utf-8-sig", errors="replace")


def _read(path: Path) -> bytes:
    from newsletter.errors import FileUnreadable

    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None
    if len(content) > MOST_BYTES:
        raise FileUnreadable(path, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    return content


def _write(target: Path, text: str) -> None:
    """All of it or nothing: whoever reads meanwhile finds the old list or the new one."""
    from newsletter.errors import FileUnreadable

    beside = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(target)
    except OSError as why:
        beside.unlink(missing_ok=True)
        raise FileUnreadable(target, why.strerror or str(why)) from None
