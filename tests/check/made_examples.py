"""Examples that cannot stand in a page: what is wrong with them is their size or their bytes. Each gives the codes that are told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.check.page_of_rule import ISSUE
from newsletter.errors import BadSettings
from newsletter.pipeline import prepare
from newsletter.pipeline.notices_made import mistakes
from newsletter.settings import load
from tests.check.examples import FRONT_MATTER, NOW, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Made = Callable[[Path], set[str]]

RULE = ".h1{color:#000000 !important}\n"
WORDS = "Walk a little every day, and rest when it hurts.\n\n"


def told(folder: Path) -> set[str]:
    prepared = prepare(load(folder, {}), folder / "issues" / "example" / ISSUE, NOW)
    return {problem.code for problem in prepared.problems}


def notice_of(name: str, text: str = "") -> Made:
    """A text of the workspace's own for mails to single people."""

    def make(folder: Path) -> set[str]:
        write({f"templates/notices/{name}": f"---\nsubject: Yes?\nwhy: You asked.\n---\n{text}"}, folder)
        return {problem.code for problem in mistakes(load(folder, {}))}

    return make


def issue_of(content: bytes) -> Made:
    """An issue file of these bytes."""

    def make(folder: Path) -> set[str]:
        write({}, folder)
        (folder / "issues" / "example" / ISSUE).write_bytes(content)
        return told(folder)

    return make


def body_of(text: str) -> Made:
    return issue_of(f"{FRONT_MATTER}{text}".encode())


def styles_of(css: str) -> Made:
    """A template of the workspace's own with these rules for phones."""

    def make(folder: Path) -> set[str]:
        write({"templates/email/narrow.css.j2": f"@media (max-width:600px){{{css}}}"}, folder)
        return told(folder)

    return make


def picture_of(name: str, size: tuple[int, int], times: int = 1) -> Made:
    """Pictures of noise, which no format makes small."""

    def make(folder: Path) -> set[str]:
        shown = [f"{number}-{name}" for number in range(times)]
        write({ISSUE: "\n\n".join(f"![A field of dots]({one})" for one in shown)}, folder)
        for number, one in enumerate(shown):
            noise(size, number).save(folder / "issues" / "example" / one)
        return told(folder)

    return make


def noise(size: tuple[int, int], seed: int) -> Image.Image:
    return Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))


def animation(folder: Path) -> set[str]:
    write({ISSUE: "![A field of dots](dots.gif)"}, folder)
    first, *others = [noise((600, 400), number).quantize(255) for number in range(8)]
    first.save(folder / "issues" / "example" / "dots.gif", save_all=True, append_images=others)
    return told(folder)


def damaged_picture(folder: Path) -> set[str]:
    """Its second half is missing."""
    write({ISSUE: "![A runner climbs the stairs](photo.jpg)"}, folder)
    path = folder / "issues" / "example" / "photo.jpg"
    noise((300, 200), 1).save(path)
    path.write_bytes(path.read_bytes()[:9_000])
    return told(folder)


def huge_picture(folder: Path) -> set[str]:
    """Few bytes, and more pixels than anybody can work on."""
    write({ISSUE: "![A runner climbs the stairs](huge.png)"}, folder)
    Image.new("1", (9_000, 9_000)).save(folder / "issues" / "example" / "huge.png")
    return told(folder)


def picture_elsewhere(folder: Path) -> set[str]:
    """A link of the file system that leads out of the issue's folder."""
    write({ISSUE: "![A runner climbs the stairs](other.png)"}, folder)
    noise((300, 200), 1).save(folder / "other.png")
    (folder / "issues" / "example" / "other.png").symlink_to(folder / "other.png")
    return told(folder)


def references_of(content: bytes) -> Made:
    """A reference file of these bytes."""

    def make(folder: Path) -> set[str]:
        body = "---\ntitle: Walking\nreferences: own.json\n---\n\nWalking helps [@one].\n"
        write({ISSUE: body}, folder)
        (folder / "issues" / "example" / "own.json").write_bytes(content)
        return told(folder)

    return make


def references_that_nobody_may_read(folder: Path) -> set[str]:
    """Refused by the system; not by its mode, which does not bind an administrator."""
    own = folder / "issues" / "example" / "own.json"
    make = references_of(b"[]")

    def refuse(path: Path, *, real: Callable[[Path], bytes] = Path.read_bytes) -> bytes:
        if path == own:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        return make(folder)


def rendering_that_loses(folder: Path) -> set[str]:
    """A template whose HTML no parser keeps whole."""
    own = '{% extends "email/base.html.j2" %}{% block content %}' + "<div>" * 300 + "{{ body }}{% endblock %}"
    write({"templates/email/article.html.j2": own}, folder)
    return told(folder)


def settings_in_the_environment(folder: Path) -> set[str]:
    write({}, folder)
    with pytest.raises(BadSettings) as refused:
        load(folder, {"NEWSLETTER_ESP_NAMES": "outbox"})
    return {problem.code for problem in refused.value.problems}


MADE: Mapping[str, Made] = {
    "notice-empty": notice_of("confirmation.en.md"),
    "notice-name": notice_of("confirm.en.md", "Yes?"),
    "notice-without-link": notice_of("confirmation.en.md", "Yes?"),
    "file-empty": issue_of(b""),
    "file-encoding": issue_of(FRONT_MATTER.encode() + "Gehen Sie täglich.".encode("utf-16")),
    "file-too-large": issue_of(FRONT_MATTER.encode() + WORDS.encode() * 60_000),
    "front-matter-too-large": issue_of(b"---\ntitle: Walking\n" + b"# a note to myself\n" * 20_000 + b"---\n"),
    "control-character": body_of("Walk a little every\u202e day."),
    "private-use-character": body_of("Walk a little \ue001 every day."),
    "gmail-clip": body_of(WORDS * 1_500),
    "mail-heavy": body_of(WORDS * 550),
    "styles-long": styles_of(RULE * 600),
    "image-heavy": picture_of("noise.png", (700, 500)),
    "images-heavy": picture_of("noise.png", (600, 270), times=4),
    "image-animation-heavy": animation,
    "body-too-complex": body_of("[" * 60_000),
    "image-unreadable": damaged_picture,
    "image-too-large": huge_picture,
    "image-outside": picture_elsewhere,
    "reference-file-encoding": references_of("Schöne Aussicht".encode("utf-16")),
    "reference-file-unreadable": references_that_nobody_may_read,
    "reference-file-too-large": references_of(b"[" + b" " * 6_000_000 + b"]"),
    "rendering-damaged": rendering_that_loses,
    "settings-unknown-variable": settings_in_the_environment,
}
