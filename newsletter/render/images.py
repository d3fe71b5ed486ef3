"""An issue's images and the logo: found, made into what is published, told as problems; https images stay where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.compose.links import pictures_url
from newsletter.model.document import MergeTag, plain_words
from newsletter.model.problem import error
from newsletter.model.rendered import ImageFile
from newsletter.render.links import ascii_url
from newsletter.render.picture_files import Fit, made
from newsletter.render.picture_kinds import Fault, Unusable
from newsletter.render.picture_lookup import read_picture

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.document import Words
    from newsletter.model.problem import Place, Problem

#: pixels of the file for one of the mail: what sharp screens show
SHARP = 2


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image as the mail shows it; `natural` is the source's own size, None for an image elsewhere."""

    url: str
    natural: tuple[int, int] | None

    def fitted(self, widest: int) -> tuple[int, int] | None:
        """Width and height within a column; never larger than natural."""
        if self.natural is None:
            return None
        width = min(self.natural[0], widest)
        return width, max(1, round(self.natural[1] * width / self.natural[0]))


class Images:
    """Collects the images of one owner, an issue or the newsletter, and the problems with them.

    `files` holds each published file by its name: one for each size in which an image is shown.
    """

    def __init__(self, folder: Path, base_url: str, owner: str = "issue") -> None:
        self._folder = folder
        self._owner = owner
        self._base_url = base_url
        self._known: dict[tuple[str, Fit], Picture | Fault] = {}
        self._told: set[str] = set()
        self.files: dict[str, ImageFile] = {}
        self.problems: list[Problem] = []

    def picture(self, source: Words, at: Place, widest: int, *, cover: bool = False) -> Picture | None:
        """The image for a place of that width, or None and a problem, told once per image.

        `cover`: the place is a square that the image fills. Reading has told a source that is none and has left it empty.
        """
        name = plain_words(source)
        if not name:
            return None
        key = name, Fit(pixels=SHARP * widest, cover=cover)
        if key not in self._known:
            self._known[key] = self._found(source, *key)
        found = self._known[key]
        if isinstance(found, Picture):
            return found
        if name not in self._told:
            self._told.add(name)
            self.problems.append(error(found.code, at, f"the image `{name[:80]}` {found.what}", found.fix))
        return None

    def adopt(self, others: Images) -> None:
        """Files and problems of another owner, to be published and told together."""
        self.files |= others.files
        self.problems += others.problems

    def _found(self, source: Words, name: str, fit: Fit) -> Picture | Fault:
        if any(isinstance(word, MergeTag) for word in source):
            what = "has a field of the reader in it"
            return Fault("image-source", what, "Use the same image for everybody.")
        if name.lower().startswith(("https://", "http://")):
            return Picture(url=ascii_url(name), natural=None)
        try:
            result = made(read_picture(self._folder, name, self._owner), fit)
        except Unusable as why:
            return why.fault
        if isinstance(result, Fault):
            return result
        self.files.setdefault(
            result.name,
            ImageFile(name=result.name, media_type=result.media_type, content=result.content, source=name),
        )
        return Picture(url=pictures_url(self._base_url) + result.name, natural=result.natural)
