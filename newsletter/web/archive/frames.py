"""What is put around a sent mail: the bar and the head of its page in the archive, and corrections wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.render.theme import dark_colours, palette
from newsletter.web.archive.framing import Frame
from newsletter.web.archive.reading import addresses_of, day_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.store.corrections import Correction
    from newsletter.web.archive.reading import Entry
    from newsletter.web.site import Site


def frame_of(site: Site, entry: Entry, *, picture: str, index: str, subscribe: str) -> Frame:
    """Of an issue's page in the archive; empty addresses are left out."""
    language = entry.language
    head = _part(site, "head", language, entry=entry, picture=picture, feed=addresses_of(site.settings).feed())
    bar = _part(site, "bar", language, index=index, subscribe=subscribe)
    notes = _notes(site, entry.corrections, language)
    return Frame(head=f"{head}{_style(site)}", above=f"{bar}<main>{notes}", below="</main>")


def frame_of_mail(site: Site, corrections: Sequence[Correction], language: str) -> Frame:
    """Of a reader's own mail in the browser: nothing unless there are corrections."""
    if not corrections:
        return Frame()
    return Frame(head=_style(site), above=_notes(site, corrections, language))


def _notes(site: Site, corrections: Sequence[Correction], language: str) -> str:
    words = site.pages.words(language)
    noted = [(words.day(day_of(site.settings, one.at)), one.paragraphs) for one in corrections]
    return _part(site, "corrections", language, noted=noted) if noted else ""


def _style(site: Site) -> str:
    theme = site.settings.theme
    return _part(site, "style", "", light=palette(theme), dark=palette(dark_colours(theme)), width=theme.width)


def _part(site: Site, name: str, language: str, **values: Any) -> str:  # noqa: ANN401 - whatever its template shows
    """templates/web/archive_<name>.html.j2, which is no whole page."""
    return bytes(site.pages.show(f"archive_{name}", language, **values).body).decode().strip()
