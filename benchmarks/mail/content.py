"""The issue that every maker renders: read once from the workspace beside this file, with the words that go around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter import policy, references
from newsletter.compose.links import delivery_links
from newsletter.model.document import cited_keys
from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL
from newsletter.pipeline import prepare
from newsletter.read import find_issue, load_disclaimers, read_issue
from newsletter.render.numbers import Numbers
from newsletter.render.theme import looks
from newsletter.render.translations import translations
from newsletter.settings import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.reference import Entry
    from newsletter.pipeline import Prepared
    from newsletter.render.translations import Translations
    from newsletter.settings import Settings, Workspace

FOLDER = Path(__file__).parent / "workspace"
SLUG = "walking-with-a-new-knee"
NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an author and the settings say, whoever makes HTML of it."""

    issue: Issue
    entries: Sequence[Entry]
    disclaimers: Sequence[Disclaimer]
    settings: Settings
    words: Translations
    #: the file's image and where the mail finds it
    picture: bytes
    picture_url: str

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.entries)

    @cached_property
    def looks(self) -> dict[str, Any]:
        """The colours and fonts of the theme, the same for everybody."""
        return looks(self.settings.theme)

    @property
    def links(self) -> Mapping[str, str]:
        return {name: self.all_links[slot] for name, slot in _LINKS.items()}

    @property
    def all_links(self) -> Mapping[str, str]:
        """Slot -> one reader's own link."""
        return delivery_links(self.settings.newsletter.base_url, "AQAAAAcAAAABdGhpcyBpcyBubyBwZXJzb24")


_LINKS = {"unsubscribe": UNSUBSCRIBE_URL, "preferences": PREFERENCES_URL, "view": VIEW_URL}


def workspace() -> Workspace:
    return load(FOLDER, {})


def prepared(place: Workspace) -> Prepared:
    """What `newsletter check` and `render` do with the issue."""
    return prepare(place, find_issue(place.folder, SLUG), NOW)


def content(place: Workspace) -> Content:
    """The same issue, taken apart for the other makers."""
    settings = place.settings
    reading = read_issue(find_issue(place.folder, SLUG), settings, references.load)
    issue = reading.issue
    if issue is None:
        raise SystemExit("\n".join(problem.message for problem in reading.problems))
    cited = [reading.references[key] for key in cited_keys(issue.body)]
    catalogue, _ = load_disclaimers((place.templates,), settings)
    chosen, _ = policy.select(issue, cited, settings.policy, catalogue, NOW.date())
    words, _ = translations(issue.language, issue.place("language"), ())
    (image,) = prepared(place).images
    return Content(
        issue=issue,
        entries=references.format_entries(cited, issue.citation_style, issue.language, ()),
        disclaimers=chosen,
        settings=settings,
        words=words,
        picture=image.content,
        picture_url=f"{settings.newsletter.base_url}/i/{image.name}",
    )
