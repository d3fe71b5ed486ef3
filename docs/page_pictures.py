"""The pictures of docs/pages.md and docs/first-issue.md: readers' pages of a made-up newsletter, as the web application answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import insert

from newsletter.keys import DeliveryToken, Keys
from newsletter.model.segment import Audience, Sorting
from newsletter.model.subscriber import Archive
from newsletter.pipeline import prepare
from newsletter.probe.browser import Scheme, View, WebPage
from newsletter.settings import Workspace
from newsletter.store import mailings, rendered
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.people import lists
from newsletter.web import joining, leaving, preferences
from newsletter.web.archive import index
from newsletter.web.pages import Pages
from newsletter.web.site import Site
from newsletter.web.visit import Visit

if TYPE_CHECKING:
    from starlette.responses import Response

    from newsletter.settings import Settings

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LISTS = (
    ("friends", "Friends of the clinic", "News of the house, four times a year."),
    ("runners", "Running again", "Back to sport after an operation, once a month."),
)
ISSUES = (
    ("Stairs after a knee operation", "When, how, and what a study saw"),
    ("How much pain is normal?", "What to expect in the first six weeks"),
    ("Running after hip resurfacing", "Who ran again, and how far"),
    ("A walk through the new wing", "Open house on the first Saturday of September"),
)
#: name of the picture -> (page, how it is looked at)
DESK, PHONE = View(width=760), View(width=375, scheme=Scheme.DARK)
SHOTS = {
    "subscribe": ("subscribe", DESK),
    "preferences": ("preferences", DESK),
    "archive": ("archive", DESK),
    "subscribe-phone": ("subscribe", PHONE),
    "leaving": ("leaving", View(width=560)),
}


def pages(settings: Settings) -> dict[str, tuple[WebPage, View]]:
    """Name of a picture -> the page and its view."""
    with TemporaryDirectory() as made:
        shown = _answers(settings, Path(made))
    return {name: (WebPage(html=bytes(shown[page].body).decode()), view) for name, (page, view) in SHOTS.items()}


def _answers(settings: Settings, folder: Path) -> dict[str, Response]:
    store, keys = Store(f"sqlite:///{folder / 'newsletter.db'}"), Keys(["only for pictures"])
    site = Site(store=store, keys=keys, settings=settings, pages=Pages(settings, ()), clock=lambda: NOW)
    workspace = Workspace(folder=folder, settings=settings, secrets={})
    try:
        numbers = _lists_and_a_reader(store, keys)
        for age, (title, preheader) in enumerate(ISSUES):
            _send(store, workspace, title, preheader, numbers, NOW - timedelta(days=30 * age))
        token = keys.token(DeliveryToken(mailing=1, n=1))
        return {
            "subscribe": joining.show(site, Visit(query={"list": "runners"})),
            "preferences": preferences.show(site, Visit(key=token)),
            "archive": index.show(site, Visit()),
            "leaving": leaving.show(site, Visit(key=token)),
        }
    finally:
        store.close()


def _lists_and_a_reader(store: Store, keys: Keys) -> tuple[int, ...]:
    with store.write() as connection:
        numbers = tuple(
            lists.add(connection, name, title, NOW, description=description, public=True, archive=Archive.PUBLIC).number
            for name, title, description in LISTS
        )
        who = {"public_id": "ada", "identity_hash": keys.identity_hash("ada@example.org"), "address": "ada@example.org"}
        connection.execute(insert(t.subscribers).values(**who, created_at=NOW))
        for number in numbers:
            row = {"subscriber": 1, "list": number, "status": "subscribed", "changed_at": NOW}
            connection.execute(insert(t.subscriptions).values(row))
    return numbers


def _send(
    store: Store, workspace: Workspace, title: str, preheader: str, numbers: tuple[int, ...], at: datetime
) -> None:
    slug = title.lower().replace(" ", "-").strip("?")
    file = workspace.folder / f"{slug}.md"
    file.write_text(f"---\ntitle: {title}\npreheader: {preheader}\n---\nText.\n", "utf-8")
    letter = prepare(workspace, file, at).rendered
    if letter is None:
        raise SystemExit(f"page_pictures.py: {title} cannot be rendered")
    audience = Audience(lists=numbers)
    with store.write() as connection:
        rendered.keep(connection, slug, [letter], (), "digest", at)
        number = mailings.add(
            connection,
            link_number=(NOW - at).days // 30 + 1,
            issue=slug,
            variants={"": letter.fingerprint},
            audience=audience,
            sender="outbox",
            again="",
            now=at,
        )
        mailings.start(connection, number, audience, Sorting(), lambda first, last: [(first, last)], at)
