"""The language of a page that belongs to no reader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.web.forms import Form
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit


def language_of(site: Site, visit: Visit, form: Form | None = None) -> str:
    """That of the form that was filled in, where it says so; else that of the visit."""
    if form and (said := form.all("lang")):
        visit = replace(visit, query={**visit.query, "lang": said[-1]})
    return site.language(visit)
