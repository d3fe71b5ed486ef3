"""`newsletter references format`, `export`: references as readers see them, and for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.errors import FileUnreadable, ProblemsFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.reference import Entry, Reference, Run
    from newsletter.settings import Workspace

#: so many take long enough for a bar
_BAR_FROM = 50
_TAGS = (("italic", "i"), ("bold", "b"), ("superscript", "sup"), ("subscript", "sub"))


def printed(place: Workspace, references: Sequence[Reference], style: str | None = None) -> list[Entry]:
    """The references as readers see them, in the style of issues that name none.

    Raises:
        ProblemsFound: the style cannot be used.
        UsageError: there is none of this name.
    """
    from newsletter.pipeline.references import printable
    from newsletter.references import DEFAULT_STYLE, format_entries

    language, folders = place.settings.newsletter.language, (place.folder / "styles",)
    try:
        return list(format_entries(printable(place, references), style or DEFAULT_STYLE, language, folders))
    except ProblemsFound as why:
        unknown = next((one for one in why.problems if one.code == "reference-style-unknown"), None)
        if unknown is None:
            raise
        raise click.UsageError(
            f"--style: there is no citation style `{show.clean(style or '')[:80]}`. {unknown.fix}"
        ) from None


@click.command("format")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--style", metavar="NAME", help="The citation style (default: that of issues which name none).")
@click.option("--text/--html", "as_text", default=True, help="As plain text (default) or as HTML.")
@json_option
def format_(keys: tuple[str, ...], style: str | None, as_text: bool, json_: bool) -> None:
    """Print references as readers see them.

    Without KEY all of them, by their keys; else those with these keys, in this order. What the workspace knows beyond
    the record is filled in: the abbreviation of the journal, and that a source was retracted.

    \b
    Example:
      newsletter references format smith2014 who2020
      newsletter references format --style nlm --html
    """
    from newsletter.pipeline.references import library_of, named

    place = workspace()
    entries = _with_bar(place, named(library_of(place), keys), style, quiet=json_)
    if json_:
        rows = [
            {"key": one.key, "number": one.number, "text": one.text, "html": _html(one), "url": one.url}
            for one in entries
        ]
        show.as_json({"references": rows})
    elif as_text:
        for one in entries:
            click.echo(f"{one.number}. {show.clean(one.text)}" + (f"\n   {one.url}" if one.url else ""))
    elif entries:
        click.echo("<ol>")
        for one in entries:
            click.echo(f"<li>{_html(one)}</li>")
        click.echo("</ol>")


def _with_bar(place: Workspace, references: Sequence[Reference], style: str | None, *, quiet: bool) -> list[Entry]:
    """A style is opened anew for each piece, so the pieces are not small."""
    from dataclasses import replace

    pieces = [references[at : at + _BAR_FROM] for at in range(0, len(references), _BAR_FROM)]
    entries: list[Entry] = []
    with show.progress(pieces, "Formatting", quiet=quiet or len(pieces) < 2) as going:
        for piece in going:
            entries += printed(place, piece, style)
    return [replace(one, number=number) for number, one in enumerate(entries, 1)]


def _html(entry: Entry) -> str:
    """One reference; only the DOI at its end, or else its whole text, is a link."""
    from markupsafe import Markup, escape

    *runs, last = entry.runs
    if entry.url and last.text.startswith("doi:"):
        return str(Markup("").join(_run(run) for run in runs) + _link(entry.url, _run(last)))
    text = Markup("").join(_run(run) for run in entry.runs)
    return str(text + " " + _link(entry.url, escape(entry.url)) if entry.url else text)


def _link(url: str, text: str) -> str:
    from markupsafe import Markup

    return Markup('<a href="{}">{}</a>').format(url, text)


def _run(run: Run) -> str:
    from markupsafe import Markup, escape

    text = escape(run.text)
    for name, tag in _TAGS:
        if getattr(run, name):
            text = Markup("<{0}>{1}</{0}>").format(Markup(tag), text)  # noqa: S704 - one of four of ours
    return text


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--to", "form", required=True, type=click.Choice(["csl-json", "bibtex", "ris"]), help="The format.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file (default: standard output).")
@json_option
def export(keys: tuple[str, ...], form: str, out: Path | None, json_: bool) -> None:
    """Write references for other programs.

    Without KEY all of them, by their keys; else those with these keys, in this order.

    \b
    Example:
      newsletter references export --to ris --out references.ris
    """
    from newsletter.pipeline.references import library_folder, library_of, named
    from newsletter.references.formats.exports import export as exported
    from newsletter.references.formats.exports import left_out

    place = workspace()
    found = named(library_of(place), keys)
    text = exported(found, form)
    if lost := left_out(found, form):
        click.echo(show.clean(lost), err=True)
    if out is not None:
        if out.resolve().is_relative_to(library_folder(place).resolve()):
            raise click.UsageError("--out: an export does not go into the library itself; name a file elsewhere.")
        try:
            out.write_text(text, encoding="utf-8", newline="\n")
        except OSError as why:
            raise FileUnreadable(out, why.strerror or str(why)) from None
    if json_:
        file = {"file": str(out)} if out else {"text": text}
        show.as_json({"format": form, "references": [one.key for one in found], **file})
    elif out is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        click.echo(f"Wrote {len(found):,} {show.plural(len(found), 'reference')} to {out}")
