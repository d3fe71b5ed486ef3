"""An issue's images and the logo: found in their folder, checked, named by the hash of their bytes; https images stay where they are."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.model.document import MergeTag, plain_words
from newsletter.model.problem import error
from newsletter.model.rendered import ImageFile
from newsletter.render.links import ascii_url

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.document import Words
    from newsletter.model.problem import Place, Problem

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
#: Pillow's name of a format that every mail client shows -> media type, ending
_FORMATS = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}
_ORIENTATION = 274


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image as the mail shows it; the size is its natural one, None for an image elsewhere."""

    url: str
    size: tuple[int, int] | None

    def fitted(self, widest: int) -> tuple[int, int] | None:
        """Width and height within a column; never larger than natural."""
        if self.size is None:
            return None
        width = min(self.size[0], widest)
        return width, max(1, round(self.size[1] * width / self.size[0]))


@dataclass(eq=False)
class _Unusable(Exception):
    code: str
    what: str
    fix: str


class Images:
    """Collects the images of one owner, an issue or the newsletter, and the problems with them; each is read once."""

    def __init__(self, folder: Path, base_url: str, owner: str = "issue") -> None:
        self._folder = folder
        self._owner = owner
        self._base_url = base_url
        self._known: dict[str, Picture | None] = {}
        self.files: dict[str, ImageFile] = {}
        self.problems: list[Problem] = []

    def picture(self, source: Words, at: Place) -> Picture | None:
        """The image, or None and a problem. Reading has told a source that is none and has left it empty."""
        name = plain_words(source)
        if not name:
            return None
        if name not in self._known:
            try:
                self._known[name] = self._find(source, name)
            except _Unusable as why:
                self._known[name] = None
                self.problems.append(error(why.code, at, f"the image `{name}` {why.what}", why.fix))
        return self._known[name]

    def adopt(self, others: Images) -> None:
        """Files and problems of another owner, to be published and told together."""
        self.files |= others.files
        self.problems += others.problems

    def _find(self, source: Words, name: str) -> Picture:
        if any(isinstance(word, MergeTag) for word in source):
            raise _Unusable("image-personal", "has a field of the reader in it", "Use the same image for everybody.")
        if name.lower().startswith(("https://", "http://")):
            return Picture(url=ascii_url(name), size=None)
        content = self._read(name)
        form, size = _examine(content)
        media_type, ending = _FORMATS[form]
        file = f"{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
        self.files[file] = ImageFile(name=file, media_type=media_type, content=content)
        return Picture(url=f"{self._base_url}/i/{file}", size=size)

    def _read(self, name: str) -> bytes:
        where = f"the {self._owner}'s folder"
        missing = _Unusable("image-missing", "is not there", f"Put the file into {where}, or correct the name.")
        for spelling in dict.fromkeys((name, unquote(name))):
            try:
                path = (self._folder / spelling).resolve()
                if not path.is_relative_to(self._folder.resolve()):
                    raise _Unusable("image-outside", f"is not in {where}", "Copy it there.")
                if path.is_file():
                    return _content(path)
            except (OSError, ValueError):  # a name too long, with a NUL, or a file that may not be read
                continue
        raise missing


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_BYTES:
        what = f"has {size / 1e6:.1f} MB; {MOST_BYTES / 1e6:.0f} MB are allowed"
        raise _Unusable("image-too-large", what, "Make it smaller: 1200 pixels wide is enough.")
    return path.read_bytes()


def _examine(content: bytes) -> tuple[str, tuple[int, int]]:
    """Format and size of an image that can be shown, after decoding it once."""
    from PIL import Image, UnidentifiedImageError

    fix = "Save it as PNG, JPEG or GIF; other formats are not shown by every mail program."
    too_many = _Unusable("image-too-large", "has more than 40 million pixels", "Make it 1200 pixels wide.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # we have our own limit
        try:
            with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise too_many
                image.load()
                turned = image.getexif().get(_ORIENTATION, 1) >= 5
                size = (image.height, image.width) if turned else (image.width, image.height)
                return str(image.format), size
        except Image.DecompressionBombError:
            raise too_many from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            raise _Unusable("image-unreadable", "cannot be shown", fix) from None
