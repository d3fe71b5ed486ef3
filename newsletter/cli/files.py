"""The files that `newsletter render` writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from newsletter.compose.slots import fill
from newsletter.pipeline.specimen import nobodys_links, specimen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.model.rendered import Rendered
    from newsletter.pipeline import Prepared
    from newsletter.settings import Workspace


def write_rendered(place: Workspace, prepared: Prepared, out: Path, now: datetime) -> list[Path]:
    """Write `<slug>.html`, `.txt`, `.eml`, `.json` of every variant and the images; slots show their fallbacks."""
    contents: dict[str, bytes] = {}
    for rendered in prepared.variants:
        # a further variant adds its name
        stem = ".".join(part for part in (prepared.slug, rendered.variant) if part)
        contents |= {f"{stem}.{ending}": content for ending, content in _forms(place, prepared, rendered, now)}
    contents |= {image.name: image.content for image in prepared.images}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (out / name).write_bytes(content)
    return [out / name for name in contents]


def _forms(place: Workspace, prepared: Prepared, rendered: Rendered, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The ending of each file, and what stands in it."""
    settings = place.settings
    links = nobodys_links(settings)
    yield "html", _for_a_browser(place, prepared, fill(rendered.html, links)).encode()
    yield "txt", fill(rendered.text, links).encode()
    yield "eml", specimen(rendered, prepared.images, settings, _date(prepared, now))
    yield "json", json.dumps(_facts(rendered, prepared), ensure_ascii=False, indent=2).encode()


def _for_a_browser(place: Workspace, prepared: Prepared, html: str) -> str:
    """Images come from the files beside the page: those on the web appear only when the mailing begins."""
    for image in prepared.images:
        html = html.replace(f"{place.settings.newsletter.base_url}/i/{image.name}", image.name)
    return html


def _date(prepared: Prepared, now: datetime) -> datetime:
    """The issue's own date where it has one, so that the same issue gives the same file."""
    day = prepared.issue.date if prepared.issue else None
    return datetime.combine(day, time(), UTC) if day else now


def _facts(rendered: Rendered, prepared: Prepared) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(rendered.to_json())
    return {"slug": prepared.slug, "fingerprint": rendered.fingerprint, **stored}
