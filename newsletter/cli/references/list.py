"""`newsletter references list`: the library as a table, or what is found in it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.cli.references.marks import columns, cut, gravest, marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.notice import NoticeKind
    from newsletter.model.reference import Reference

#: fields that `list WORDS` looks into
_SEARCHED = ("title", "container-title", "container-title-short", "publisher", "DOI", "PMID", "PMCID", "keyword")
_LONGEST_KEY, _LONGEST_AUTHOR, _SHORTEST_TITLE = 24, 20, 20


@click.command("list")
@click.argument("words", nargs=-1)
@json_option
def list_(words: tuple[str, ...], json_: bool) -> None:
    """Show the references of the library.

    With WORDS only those in which all of these words stand: in title, names, journal, year or number. What was retracted
    is marked. Lines are as long as the terminal is wide; elsewhere as COLUMNS says, or 80.

    \b
    Example:
      newsletter references list hip resurfacing 2012
    """
    from newsletter.pipeline.references import became, library_of

    place = workspace()
    library = library_of(place)
    wanted = [_folded(word) for text in words for word in text.split()]
    found = [one for key in sorted(library, key=str.casefold) if _has(one := library[key], wanted)]
    known = became(place)
    notices = [gravest(known(one)) for one in found]
    if library.lost:
        click.echo("Some of the library cannot be read: newsletter references check", err=True)
    if json_:
        rows = [_row(one) | {"notice": kind and kind.value} for one, kind in zip(found, notices, strict=True)]
        show.as_json({"references": rows})
        return
    for line in _table(found, notices):
        click.echo(line)
    if not library:
        click.echo(
            "The library is empty. Add to it: newsletter references add DOI, or newsletter references import FILE"
        )
    elif not found:
        click.echo(f"None of {len(library):,} {show.plural(len(library), 'reference')} has all of these words.")


def _has(reference: Reference, words: Sequence[str]) -> bool:
    text = _searched(reference) if words else ""
    return all(word in text for word in words)


def _row(reference: Reference) -> dict[str, Any]:
    from newsletter.references.dates import year_of
    from newsletter.references.text import plain

    return {
        "key": reference.key,
        "year": year_of(reference.csl),
        "author": _first_author(reference),
        "title": plain(reference.csl.get("title", "")),
    }


def _first_author(reference: Reference) -> str:
    from newsletter.references.names import family_of

    people = reference.csl.get("author") or reference.csl.get("editor") or []
    return family_of(people[0]) + (" et al" if len(people) > 1 else "") if people else ""


def _searched(reference: Reference) -> str:
    row = _row(reference)
    people = [*reference.csl.get("author", ()), *reference.csl.get("editor", ())]
    names = [str(part) for person in people for part in person.values()]
    texts = [str(reference.csl.get(name, "")) for name in _SEARCHED]
    return _folded(" ".join([row["key"], str(row["year"] or ""), row["title"], *texts, *names]))


def _folded(text: str) -> str:
    """Without case and accents: nobody should have to type them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _table(found: Sequence[Reference], notices: Sequence[NoticeKind | None]) -> Iterator[str]:
    """One line each, no longer than the terminal is wide; a key that is too long for its column has a line of its own."""
    rows = [_row(one) for one in found]
    keys = min(max((len(row["key"]) for row in rows), default=0), _LONGEST_KEY)
    authors = min(max((show.display_width(row["author"]) for row in rows), default=0), _LONGEST_AUTHOR)
    width = columns()
    for row, notice in zip(rows, notices, strict=True):
        # a key is never cut: it is there to be copied
        key = show.clean(row["key"])
        if show.display_width(key) > keys:
            yield key
            key = ""
        key += " " * (keys - show.display_width(key))
        start = f"{key}  {row['year'] or '':<4}  {_cell(row['author'], authors)}  "
        title = marked(show.clean(row["title"]), notice)
        yield start + cut(title, max(width - show.display_width(start), _SHORTEST_TITLE))


def _cell(text: str, width: int) -> str:
    text = cut(show.clean(text), width)
    return text + " " * (width - show.display_width(text))
