"""What the bytes of an issue were made from: label -> text. Where one of these changes, an approval is void.

What only other issues or the pages need is not among it: a further paper in the library changes nothing here.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.pipeline.claims import lock_of
from newsletter.read.source import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.reference import Reference
    from newsletter.settings import Workspace

#: the settings that show in a mail
_SECTIONS = ("newsletter", "sender", "theme", "segments", "attributes")
#: folders of the workspace that mails are made with; of the disclaimers only those inside count
_FOLDERS = ("templates/email", "templates/translations", "styles")
IMAGE, DISCLAIMER, REFERENCE, SETTINGS = "image ", "disclaimer ", "reference ", "newsletter.toml "


def sources_of(
    workspace: Workspace,
    issue: Issue,
    source: str,
    cited: Sequence[Reference],
    disclaimers: Sequence[Disclaimer],
) -> dict[str, str]:
    """Label -> text, of everything but images."""
    path = _at_home(workspace, issue.path)
    return {
        _label(workspace, path): source,
        **{f"{REFERENCE}{one.key}": _json(dict(one.csl)) for one in cited},
        **{disclaimer_label(one): disclaimer_text(one) for one in disclaimers},
        **dict(_settings(workspace)),
        **dict(_files(workspace, _made_with(workspace, path))),
    }


def hashes_of(texts: Mapping[str, str], images: Iterable[str]) -> dict[str, str]:
    """Label -> SHA-256; an image's name holds the hash of its file."""
    hashed = {label: hash_of(text) for label, text in texts.items()}
    return hashed | {IMAGE + name: hash_of(name) for name in images}


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _settings(workspace: Workspace) -> Iterator[tuple[str, str]]:
    told = workspace.settings.model_dump(mode="json", include={*_SECTIONS})
    for section in _SECTIONS:
        yield f"{SETTINGS}[{section}]", _json(told[section])
    yield f"{SETTINGS}references.marks", workspace.settings.references.marks.value


def disclaimer_label(one: Disclaimer) -> str:
    return f"{DISCLAIMER}{one.id} ({one.language})"


def disclaimer_text(one: Disclaimer) -> str:
    """Its file as it is read. What `{{ sender.phone }}` and the like stand for is in the settings."""
    file = Path(one.file)
    return decode(file.read_bytes(), one.file)[0] or ""


def _made_with(workspace: Workspace, path: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        yield from sorted(one for one in _within(workspace.folder / name) if one.is_file() and not _is_litter(one))
    if (lock := lock_of(path)).is_file():
        yield lock


def _within(folder: Path) -> Iterator[Path]:
    """Also what a link leads to, as templates are found; each folder once, whatever leads back to it."""
    seen: set[str] = set()
    for name, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(name)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(name, file) for file in files)


def _is_litter(path: Path) -> bool:
    """What editors, desktops and Python leave behind."""
    return path.name.startswith(".") or path.name.endswith(("~", ".pyc", ".bak", ".swp")) or path.name == "Thumbs.db"


def _files(workspace: Workspace, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """A file that is no text counts by its bytes; of a text the line ends and a byte-order mark do not count.

    Git writes other line ends on other machines, and readers get the same mail.
    """
    for path in paths:
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            text = "\0"
        # no database keeps a NUL within a text
        yield _label(workspace, path), text if "\0" not in text else f"sha256:{hashlib.sha256(content).hexdigest()}"


def _label(workspace: Workspace, path: Path) -> str:
    """The path within the workspace, the same on every machine."""
    full = path.absolute()
    return full.relative_to(workspace.folder).as_posix() if full.is_relative_to(workspace.folder) else path.name


def _at_home(workspace: Workspace, path: Path) -> Path:
    """However the way there was typed: by `..`, or by a link."""
    full = path.parent.resolve() / path.name
    return full if full.is_relative_to(workspace.folder) else path


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=str)
