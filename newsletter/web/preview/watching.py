"""Saved files -> which issues to render anew.

The workspace's own folder is watched without what lies in it, the folders of issues, templates, styles and references with all that
lies in them: an outbox or a virtual environment may hold hundreds of thousands of files.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import DefaultFilter, awatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from watchfiles import Change

_log = logging.getLogger("newsletter.web.preview")

#: milliseconds without a further change before changes are told, and the longest they are held back
_STEP, _DEBOUNCE = 20, 100
#: between two looks where the system tells no changes
_POLL = 300
_INNER = ("issues", "templates", "styles", "references")
_SETTINGS = ("newsletter.toml", ".env")
#: logos, rules, the glossary, rules about claims
_KINDS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".py", ".txt", ".yaml", ".yml"})


@dataclass(frozen=True, kw_only=True)
class Watched:
    """`folder` is the workspace; `others` are folders of issues that lie elsewhere, by slug."""

    folder: Path
    others: dict[str, Path]

    def folders(self) -> tuple[Path, ...]:
        """Those that are there now."""
        wanted = [*(self.folder / name for name in _INNER), *self.others.values()]
        return tuple(path for path in dict.fromkeys(wanted) if path.is_dir())

    def slugs_of(self, paths: Iterable[Path]) -> set[str] | None:
        """The issues that changes of these files touch; None for all of them."""
        found: set[str] = set()
        for path in paths:
            touched = self._slugs_of(path)
            if touched is None:
                return None
            found |= touched
        return found

    def _slugs_of(self, path: Path) -> set[str] | None:
        outside = {slug for slug, folder in self.others.items() if path.is_relative_to(folder)}
        issues = self.folder / "issues"
        if path == issues or not path.is_relative_to(issues):
            return outside or None
        first = path.relative_to(issues).parts[0]
        if path.parent != issues or path.is_dir():
            return {first} | outside
        if path.suffix == ".md":
            return {path.stem} | outside
        # beside issues that are single files: any of them may cite it. A folder that was deleted counts as one, too
        return None


class _Saved(DefaultFilter):
    """Not the files that editors keep beside the one they save."""

    def __init__(self) -> None:
        patterns = (*DefaultFilter.ignore_entity_patterns, r"\.tmp$", r"^4913$")
        super().__init__(ignore_dirs=(), ignore_entity_patterns=patterns)


class _InFolder(_Saved):
    """Of the workspace's own folder, only what belongs to a newsletter."""

    def __call__(self, _change: Change, path: str) -> bool:
        return Path(path).name in {*_INNER, *_SETTINGS} or Path(path).suffix in _KINDS


async def watch(watched: Watched, changed: Callable[[set[str] | None], None]) -> None:
    """Tell of changes until cancelled."""
    again = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(_watch_top(watched, changed, again))
        group.create_task(_watch_inner(watched, changed, again))


async def _watch_top(watched: Watched, changed: Callable[[set[str] | None], None], again: asyncio.Event) -> None:
    async for _paths in _changes((watched.folder,), _InFolder(), recursive=False):
        again.set()
        changed(None)


async def _watch_inner(watched: Watched, changed: Callable[[set[str] | None], None], again: asyncio.Event) -> None:
    """Begun anew when folders came or went, since only those that are there can be watched."""
    while True:
        folders = watched.folders()
        stop = asyncio.Event()
        task = asyncio.create_task(_tell(watched, folders, stop, changed))
        try:
            while watched.folders() == folders and not task.done():
                again.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(again.wait(), 1)
        finally:
            stop.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _tell(
    watched: Watched, folders: tuple[Path, ...], stop: asyncio.Event, changed: Callable[[set[str] | None], None]
) -> None:
    if not folders:
        await stop.wait()
        return
    async for paths in _changes(folders, _Saved(), recursive=True, stop=stop):
        changed(watched.slugs_of(paths))


async def _changes(
    folders: tuple[Path, ...], only: DefaultFilter, *, recursive: bool, stop: asyncio.Event | None = None
) -> AsyncIterator[set[Path]]:
    """By polling where the system has no watches left to give."""
    polling: bool | None = None
    while True:
        try:
            async for changes in awatch(
                *folders,
                watch_filter=only,
                debounce=_DEBOUNCE,
                step=_STEP,
                stop_event=stop,
                recursive=recursive,
                force_polling=polling,
                poll_delay_ms=_POLL,
                ignore_permission_denied=True,
            ):
                yield {Path(path) for _, path in changes}
            return
        except OSError as why:
            if polling:
                _log.warning("files cannot be watched (%s); reload the page after saving", why.strerror or why)
                return
            polling = True
