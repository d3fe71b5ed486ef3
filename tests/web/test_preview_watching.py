"""Which issues a saved file touches, and that saves are heard of."""

from __future__ import annotations

import asyncio
import os
from itertools import count
from pathlib import Path

import pytest

from newsletter.web.preview.watching import Watched, watch


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    (tmp_path / "issues" / "walking").mkdir(parents=True)
    return Watched(folder=tmp_path, others={"elsewhere": Path("/somewhere/elsewhere")})


@pytest.mark.parametrize(
    ("path", "slugs"),
    [
        ("issues/walking/issue.md", {"walking"}),
        ("issues/walking/pictures/knee.png", {"walking"}),
        ("issues/single.md", {"single"}),
        ("/somewhere/elsewhere/refs.json", {"elsewhere"}),
        ("issues/shared.json", None),
        ("issues/gone", None),
        ("issues", None),
        ("templates/email/article.html.j2", None),
        ("styles/own.csl", None),
        ("newsletter.toml", None),
    ],
)
def test_a_saved_file_touches_its_own_issue_or_all(watched: Watched, path: str, slugs: set[str] | None) -> None:
    assert watched.slugs_of([watched.folder / path]) == slugs


def test_one_shared_file_among_many_touches_all(watched: Watched) -> None:
    paths = [watched.folder / "issues" / "walking" / "issue.md", watched.folder / "templates" / "x"]
    assert watched.slugs_of(paths) is None
    assert watched.slugs_of([paths[0], watched.folder / "issues" / "b.md"]) == {"walking", "b"}


_TIMES = count(2_000_000_000)


def later(path: Path) -> None:
    """Polling tells times apart by whole seconds."""
    os.utime(path, (at := next(_TIMES), at))


@pytest.mark.parametrize("polling", [False, True])
def test_saves_of_every_kind_are_heard(tmp_path: Path, polling: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if polling:
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
        monkeypatch.setenv("WATCHFILES_POLL_DELAY_MS", "30")
    issue = tmp_path / "issues" / "walking" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text("one", encoding="utf-8")

    async def hear() -> None:
        heard: asyncio.Queue[set[str] | None] = asyncio.Queue()
        watching = asyncio.create_task(watch(Watched(folder=tmp_path, others={}), heard.put_nowait))

        async def until(wanted: set[str] | None) -> None:
            async with asyncio.timeout(20):
                while await heard.get() != wanted:
                    pass

        await asyncio.sleep(0.3)
        issue.write_text("another one", encoding="utf-8")
        later(issue)
        await until({"walking"})
        beside = issue.with_name("issue.md.new")  # as many editors save
        beside.write_text("a third, longer one", encoding="utf-8")
        later(beside)
        beside.replace(issue)
        await until({"walking"})
        (tmp_path / "newsletter.toml").write_text("", encoding="utf-8")
        await until(None)
        (tmp_path / "templates" / "email").mkdir(parents=True)  # a folder that was not there when it began
        await until(None)
        await asyncio.sleep(0.3)
        (tmp_path / "templates" / "email" / "own.html.j2").write_text("", encoding="utf-8")
        await until(None)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(hear())
