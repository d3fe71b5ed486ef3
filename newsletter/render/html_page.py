"""The whole HTML before inlining: what a layout (templates/email/<name>.html.j2) is poured from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from markupsafe import Markup, escape

from newsletter.model.document import Heading
from newsletter.model.problem import Place
from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL, Context
from newsletter.model.telephone import dialled
from newsletter.render.block_values import has_contents, without_citations
from newsletter.render.dark import media_query, outlook_rules
from newsletter.render.html_blocks import html_blocks
from newsletter.render.html_inlines import html_inlines
from newsletter.render.links import ascii_url, words_with_marks
from newsletter.render.scope import Surroundings
from newsletter.render.theme import looks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.reference import Entry, Run
    from newsletter.render.scope import Scope

#: an inbox shows about this much; what the preheader leaves is filled, so that no other text of the mail shows
_PREVIEW = 140
_PADDING = "\u034f\u200c\u00a0"
_SETTINGS_FILE = "newsletter.toml"
#: headings of a disclaimer stand below its title, which has level 3
_SMALL_PRINT_SHIFT = 2


def html_page(template: str, scope: Scope, disclaimers: Sequence[Disclaimer]) -> str:
    """The layout with everything in it; slots and origins are still marks."""
    values = (
        _head(scope)
        | _letter(scope)
        | {"references": [_reference(entry, scope) for entry in scope.numbers.entries.values()]}
        | {"disclaimers": [_disclaimer(disclaimer, scope) for disclaimer in disclaimers]}
        | common(scope, Context.URL)
    )
    values |= looks(scope.settings.theme)
    values["logo"] = scope.logo
    rules = scope.templates.get_template("email/dark.css.j2").render(values)
    values["dark_rules"] = Markup(media_query(rules))  # noqa: S704 - styles, from a template
    values["outlook_dark_rules"] = Markup(outlook_rules(rules))  # noqa: S704 - styles, from a template
    return str(scope.html(template, values))


def common(scope: Scope, url: Context) -> dict[str, Any]:
    """What both parts say: names, date, sender and the links that differ per reader."""
    issue, sender = scope.issue, scope.settings.sender
    marks = scope.marks
    return {
        "title": issue.title,
        "authors": scope.translations.listed(issue.authors),
        "date": scope.translations.day(issue.date) if issue.date else "",
        "newsletter": scope.settings.newsletter.name,
        "variables": issue.variables,
        "sender": sender,
        "organisation": sender.organisation or sender.name,
        "phones": [(phone, dialled(phone)) for phone in sender.phone],
        "reply_to": sender.reply_to or sender.address,
        "unsubscribe_url": marks.mark(UNSUBSCRIBE_URL, url),
        "preferences_url": marks.mark(PREFERENCES_URL, url),
        "view_url": marks.mark(VIEW_URL, url),
    }


def _head(scope: Scope) -> dict[str, Any]:
    rtl = scope.translations.right_to_left
    preheader = words_with_marks(scope.issue.preheader, scope.marks, Context.HTML)
    missing = max(0, _PREVIEW - len(preheader)) if preheader else 0
    return {
        "language": scope.issue.language,
        "direction": scope.translations.direction,
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "preheader": preheader,
        "preheader_padding": _PADDING * (missing // 2),
    }


def _letter(scope: Scope) -> dict[str, Any]:
    body = scope.issue.body
    content = html_blocks(body, scope, Surroundings(column=scope.column))
    headings = [] if has_contents(body) else [one for one in body if isinstance(one, Heading) and one.level == 2]
    contents = [
        (f"#{one.anchor}", html_inlines(without_citations(one.content), scope, linked=False)) for one in headings
    ]
    return {"body": content, "contents": contents, "origin": _origins(scope)}


def _origins(scope: Scope) -> dict[str, Markup]:
    """Marks for what is no block: the keys of the front matter, and what the settings say."""
    keys = ("title", "preheader", "references", "disclaimers")
    places = {key: scope.issue.place(key) for key in keys} | {"settings": Place(file=_SETTINGS_FILE)}
    return {name: scope.origins.attribute(place) for name, place in places.items()}


def _reference(entry: Entry, scope: Scope) -> dict[str, Any]:
    number = scope.numbers.number(entry.key)
    url = ascii_url(entry.url) if entry.url else ""
    label = link_label(url)
    return {
        "number": number,
        "content": Markup("").join(_run(run) for run in _without_label(entry.runs, label)),
        "url": url,
        "label": label,
        "cited": number in scope.anchored,
    }


def link_label(url: str) -> str:
    """Where a reference's link goes, in a few letters: the DOI itself, `PubMed`, or the host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host in {"doi.org", "dx.doi.org"}:
        return f"doi:{unquote(parts.path.lstrip('/'))}"
    return {"pubmed.ncbi.nlm.nih.gov": "PubMed", "pmc.ncbi.nlm.nih.gov": "PubMed Central"}.get(host, host)


def _without_label(runs: tuple[Run, ...], label: str) -> tuple[Run, ...]:
    """Most styles end with the DOI, which is what the link after it says."""
    if not (runs and label):
        return runs
    *others, last = runs
    text = last.text.rstrip(" .")
    if not text.lower().endswith(label.lower()):
        return runs
    return *others, replace(last, text=text[: -len(label)].rstrip())


def _run(run: Run) -> Markup:
    html = escape(run.text)
    tags = (("em", run.italic), ("strong", run.bold), ("sup", run.superscript), ("sub", run.subscript))
    for tag in (tag for tag, wanted in tags if wanted):
        html = Markup("<{0}>{1}</{0}>").format(tag, html)
    return html


def _disclaimer(disclaimer: Disclaimer, scope: Scope) -> dict[str, Any]:
    around = Surroundings(tone="small", column=scope.column, shift=_SMALL_PRINT_SHIFT)
    return {
        "title": disclaimer.title,
        "body": html_blocks(disclaimer.body, scope, around),
        "origin": scope.origins.attribute(Place(file=disclaimer.file, line=1, column=1)),
    }
