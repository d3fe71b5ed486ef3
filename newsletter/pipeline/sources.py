"""What the bytes of an issue were made from: label -> text. Where one of these changes, an approval is void.

What only other issues or the pages need is not among it: a further paper in the library changes nothing here.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from newsletter.pipeline.claims import lock_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.reference import Reference
    from newsletter.settings import Workspace

#: the settings that show in a mail
_SECTIONS = ("newsletter", "sender", "theme", "segments", "attributes")
#: folders of the workspace that mails are made with; of the disclaimers only those inside count
_FOLDERS = ("templates/email", "templates/translations", "styles")
IMAGE = "image "


def sources_of(
    workspace: Workspace,
    issue: Issue,
    source: str,
    cited: Sequence[Reference],
    disclaimers: Sequence[Disclaimer],
) -> dict[str, str]:
    """Label -> text, of everything but images."""
    return {
        _label(workspace, issue.path): source,
        **{f"reference {one.key}": _json(dict(one.csl)) for one in cited},
        **{f"disclaimer {one.id} ({one.language})": _disclaimer(one) for one in disclaimers},
        **dict(_settings(workspace)),
        **dict(_files(workspace, _made_with(workspace, issue.path))),
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
        yield f"newsletter.toml [{section}]", _json(told[section])
    yield "newsletter.toml references.marks", workspace.settings.references.marks.value


def _disclaimer(one: Disclaimer) -> str:
    return f"{one.title}\n{one.version}\n{one.effective_from} {one.effective_until}\n{one.body}"


def _made_with(workspace: Workspace, path: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        yield from sorted(one for one in (workspace.folder / name).rglob("*") if one.is_file())
    if (lock := lock_of(path)).is_file():
        yield lock


def _files(workspace: Workspace, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """A file that is no text counts by its bytes."""
    for path in paths:
        content = path.read_bytes()
        try:
            yield _label(workspace, path), content.decode("utf-8")
        except UnicodeDecodeError:
            yield _label(workspace, path), f"sha256:{hashlib.sha256(content).hexdigest()}"


def _label(workspace: Workspace, path: Path) -> str:
    """The path within the workspace, the same on every machine."""
    full = path.absolute()
    return full.relative_to(workspace.folder).as_posix() if full.is_relative_to(workspace.folder) else path.name


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=str)
