"""What the pages of a preview work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.errors import IssueNotFound
from newsletter.read.find import find_issue, slugs
from newsletter.web.preview.board import Board
from newsletter.web.preview.events import Events
from newsletter.web.preview.making import Maker
from newsletter.web.preview.overview import Row, Titles, in_order
from newsletter.web.preview.pages import Pages
from newsletter.web.preview.readers import Readers
from newsletter.web.preview.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.web.preview.board import Shown


@dataclass(kw_only=True)
class Desk:
    """`load` reads the settings as they are now. `others` are issues outside the workspace's folder of issues, by slug."""

    folder: Path
    load: Callable[[], Workspace]
    open_store: Callable[[Workspace], Store]
    clock: Callable[[], datetime]
    others: Mapping[str, Path] = field(default_factory=dict)
    #: the issue that is asked for first; it is rendered before the browser has opened
    first: str = ""

    def __post_init__(self) -> None:
        self.maker = Maker(load=self.load, find=self.find, clock=self.clock)
        self.events = Events()
        self.worker = Worker()
        self.board = Board(self.maker.make, self.worker, self.events)
        self.readers = Readers(self.open_store)
        self.pages = Pages()
        self._titles = Titles()

    def find(self, slug: str) -> Path:
        """The issue's file.

        Raises:
            IssueNotFound: it is not there, or not any more.
        """
        path = self.issues().get(slug)
        if path is None or not path.is_file():
            raise IssueNotFound(slug)
        return path

    def issues(self) -> dict[str, Path]:
        """Slug -> file of every issue there is now."""
        found = {slug: find_issue(self.folder, slug) for slug in slugs(self.folder)}
        return found | dict(self.others)

    def has(self, slug: str) -> bool:
        """Also an issue whose file has gone while it is shown."""
        return slug in self.issues() or self.board.has_shown(slug)

    def rows(self, states: Mapping[str, Shown]) -> Sequence[Row]:
        """The list of all issues, in order."""
        paths = {slug: path for slug, path in self.issues().items() if slug in states}
        titles = in_order([self._titles.of(slug, path) for slug, path in paths.items()])
        return [Row(title=title, shown=states[title.slug]) for title in titles]

    def name(self) -> str:
        """The newsletter's; where its settings cannot be read, the folder's."""
        try:
            return self.load().settings.newsletter.name
        except Exception:  # noqa: BLE001 - the page of each issue tells what is wrong
            return self.folder.name
