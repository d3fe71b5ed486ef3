"""Report -> one HTML page that needs nothing but itself, made for the screen and for paper.

Its templates are the tool's own: names that do not end in .j2 are neither listed nor copied by `newsletter templates`, since
what a reviewer signs must not be at the mercy of a workspace. The page speaks English; what it shows keeps its language.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from newsletter.compose.escaping import one_line, safe_url
from newsletter.model.problem import Level
from newsletter.pipeline.report.counts import counts
from newsletter.pipeline.report.facts import Finding, PieceKind, SignOff
from newsletter.render.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.model.reference import Entry, Run
    from newsletter.pipeline.report.facts import CitedReference, Piece, Report

#: letters of one text; an honest list of authors is shorter
_LONGEST = 6_000
_CLASSES = {PieceKind.ADDED: "ins", PieceKind.LEFT_OUT: "del"}
_TAGS = (("italic", "em"), ("bold", "strong"), ("superscript", "sup"), ("subscript", "sub"))
_FOUND = {
    Finding.SAME: "word for word",
    Finding.DIFFERS: "differs",
    Finding.NOT_FOUND: "not in the stored abstract",
    Finding.NOT_COMPARED: "could not be compared",
    Finding.SPOKEN: "words of a named person",
    Finding.NO_SOURCE: "no source",
}
_STATES = {
    SignOff.REFUSED: "refused by the rules",
    SignOff.OPEN: "open: nobody has signed it",
    SignOff.ACCEPTED: "accepted",
    SignOff.TOLD: "for your information",
}


def report_html(report: Report) -> str:
    templates = environment(())
    templates.filters |= {"shown": _shown, "coded": _coded, "pieces": _pieces, "entry": _entry}
    values = {
        "report": report,
        "counts": tuple(counts(report)),
        "found": _FOUND,
        "states": _STATES,
        "by_number": {reference.number: reference for reference in report.references},
        "worst": _worst,
    }
    return templates.get_template("web/report/page.html").render(values)


def _worst(reference: CitedReference) -> str:
    """The gravest level of what is told about a reference, where it is more than information."""
    levels = {problem.level for problem in reference.problems}
    return next((level.value for level in (Level.ERROR, Level.WARNING) if level in levels), "")


def _shown(text: str) -> str:
    """Without control characters and direction overrides, spaces at the ends kept; cut where no text of people is so long."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]} … ({len(text):,} characters)"
    if text.isprintable():
        return text
    kept = "".join(" " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in text)
    left, right = kept[: len(kept) - len(kept.lstrip())], kept[len(kept.rstrip()) :] if kept.strip() else ""
    return f"{left}{one_line(kept)}{right}"


def _coded(text: str) -> Markup:
    """What stands between backticks in the words of a problem, as code."""
    pieces = _shown(text).split("`")
    if len(pieces) % 2 == 0:
        return escape("`".join(pieces))
    return Markup("").join(
        Markup("<code><bdi>{}</bdi></code>").format(one) if n % 2 else escape(one) for n, one in enumerate(pieces)
    )


def _pieces(pieces: Iterable[Piece], raised: bool = True) -> Markup:
    return Markup("").join(_piece(piece, raised=raised) for piece in pieces)


def _piece(piece: Piece, *, raised: bool) -> Markup:
    text = escape(_shown(piece.text))
    match piece.kind:
        case PieceKind.ADDED | PieceKind.LEFT_OUT:
            return Markup("<{0}>{1}</{0}>").format(Markup(_CLASSES[piece.kind]), text)  # noqa: S704 - one of two of ours
        case PieceKind.NUMBER:
            link = Markup('<a href="#ref-{}">{}</a>').format(piece.number, text) if piece.number else text
            return Markup("<sup>{}</sup>").format(link) if raised else link
        case PieceKind.MARK:
            return Markup("<sup>{}</sup>").format(text) if raised else text
        case _:
            return text


def _entry(entry: Entry) -> Markup:
    """As the mail has it; the DOI at its end is the link, else its address is printed behind it."""
    *runs, last = entry.runs
    url = safe_url(one_line(entry.url)) if entry.url else "#"
    if url == "#":
        return Markup("").join(_run(run) for run in entry.runs)
    if last.text.startswith("doi:"):
        return Markup("").join(_run(run) for run in runs) + _link(url, last.text)
    return Markup("").join(_run(run) for run in entry.runs) + " " + _link(url, url)


def _link(url: str, text: str) -> Markup:
    return Markup('<a class="address" dir="ltr" href="{}" rel="noreferrer">{}</a>').format(url, _shown(text))


def _run(run: Run) -> Markup:
    text = escape(_shown(run.text))
    for name, tag in _TAGS:
        if getattr(run, name):
            text = Markup("<{0}>{1}</{0}>").format(Markup(tag), text)  # noqa: S704 - one of four of ours
    return text
