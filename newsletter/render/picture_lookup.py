"""The name of an image as an author writes it -> the bytes of the file beside the issue, or why it cannot be had.

A name is right when it is spelled as on the disk, letter case included: what a Mac forgives, a server does not.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.render.picture_files import MOST_BYTES
from newsletter.render.picture_kinds import Fault, Unusable
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: how deep and how long other files are searched for one that may be meant
_DEEPEST, _MOST_FILES = 3, 2000
_ENDINGS = (".png", ".jpg", ".jpeg", ".gif")


def read_picture(folder: Path, name: str, owner: str) -> bytes:
    """The content of a file in the folder; `name` may be percent-encoded, `owner` is whose folder it is.

    Raises:
        Unusable: there is no such file, it lies elsewhere, is spelled otherwise, is too large or may not be read.
    """
    for spelling in dict.fromkeys((name, unquote(name))):
        parts = [part for part in spelling.split("/") if part not in {"", "."}]
        if spelling.startswith("/") or ".." in parts:
            raise Unusable(_outside(owner))
        try:
            if path := _spelled_alike(folder, parts):
                _judge(path, folder, "/".join(parts), owner)
                return _content(path)
        except (OSError, RuntimeError) as why:  # RuntimeError: symbolic links in a circle, before Python 3.13
            raise Unusable(_unreadable(why)) from None
    raise Unusable(_missing(folder, unquote(name), owner))


def _spelled_alike(folder: Path, parts: Sequence[str]) -> Path | None:
    """The path of that name, or one that is the same but for letter case, as the disk spells it."""
    path = folder
    for part in parts:
        found = _entry(path, part)
        if found is None:
            return None
        path /= found
    return path if parts else None


def _entry(folder: Path, part: str) -> str | None:
    """The entry of this name; one whose letters are only put together otherwise (Unicode) is as good."""
    try:
        entries = sorted(entry.name for entry in os.scandir(folder))
    except (NotADirectoryError, FileNotFoundError):
        return None
    for alike in (str, _composed, lambda text: _composed(text).casefold()):
        if found := next((entry for entry in entries if alike(entry) == alike(part)), None):
            return found
    return None


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _judge(path: Path, folder: Path, written: str, owner: str) -> None:
    """An ordinary file within the folder, by its exact name, or Unusable."""
    spelled = path.relative_to(folder).as_posix()
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Unusable(_outside(owner))
    if _composed(spelled) != _composed(written):
        what = f"is called `{spelled}` on the disk; most servers tell capital and small letters apart"
        raise Unusable(Fault("image-name-case", what, f"Write `{spelled}`."))
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        inside = next(_pictures_below(path), "")
        fix = f"Name the file in it, such as `{spelled}/{inside}`." if inside else "Name a file."
        raise Unusable(Fault("image-missing", "is a folder, not a file", fix))
    if not stat.S_ISREG(mode):
        raise Unusable(Fault("image-missing", "is no ordinary file", "Name a PNG, JPEG or GIF."))


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        what = f"has {path.stat().st_size / 1e6:.1f} MB; {MOST_BYTES / 1e6:.0f} MB are allowed"
        raise Unusable(Fault("image-too-large", what, "Make it smaller: 1200 pixels wide is enough."))
    return content


def _outside(owner: str) -> Fault:
    return Fault("image-outside", f"is not in the {owner}'s folder", "Copy it there.")


def _unreadable(why: OSError | RuntimeError) -> Fault:
    words = (isinstance(why, OSError) and why.strerror) or str(why)
    return Fault("image-unreadable", f"cannot be read: {words}", "Correct its permissions, or copy it anew.")


def _missing(folder: Path, name: str, owner: str) -> Fault:
    """With the file that may have been meant: the same name in another folder, else one spelled nearly so."""
    known = list(_pictures_below(folder))
    last = _composed(name.rpartition("/")[2]).casefold()
    same = next((path for path in known if _composed(path.rpartition("/")[2]).casefold() == last), None)
    by_stem = {path.rpartition("/")[2]: path for path in reversed(known)}
    guess = same or nearest(name, known) or by_stem.get(nearest(last, by_stem) or "")
    fix = f"Did you mean `{guess}`?" if guess else f"Put the file into the {owner}'s folder, or correct the name."
    return Fault("image-missing", "is not there", fix)


def _pictures_below(folder: Path) -> Iterator[str]:
    """Files that look like images by their names, nearest first, as paths within the folder."""
    level, seen = [folder], 0
    for _ in range(_DEEPEST):
        below: list[Path] = []
        for one in level:
            for entry in _entries(one):
                seen += 1
                if seen > _MOST_FILES:
                    return
                if entry.is_dir(follow_symlinks=False):
                    below.append(one / entry.name)
                elif entry.name.lower().endswith(_ENDINGS):
                    yield (one / entry.name).relative_to(folder).as_posix()
        level = below


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []
