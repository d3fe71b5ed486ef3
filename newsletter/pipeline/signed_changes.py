"""Two versions of an issue -> what changed between them, in words for those who sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.waiver import WaiverKind
from newsletter.pipeline.hunks import hunks
from newsletter.pipeline.sources import DISCLAIMER, IMAGE, REFERENCE, SETTINGS
from newsletter.read.find import ISSUE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.engine import Connection

    from newsletter.model.version import Version

_WORDS = "templates/translations/"
_KINDS = {
    "templates/email/": "the template",
    _WORDS: "the fixed words in",
    "styles/": "the citation style",
}


@dataclass(frozen=True, kw_only=True)
class Changed:
    """`words` are a sentence without its full stop; `lines` begin with "-" (gone), "+" (new), a space, or "@@"."""

    #: such as "issues/walking/issue.md"
    label: str
    words: str
    lines: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {"source": self.label, "words": self.words, "lines": list(self.lines)}


def changes_between(
    connection: Connection, old: Version, new: Version, texts: Mapping[str, str] | None = None
) -> list[Changed]:
    """What of the sources, and of what was let stand, is new, gone or different.

    `texts` (hash -> text) are those of a version that is not stored.
    """
    return [
        *_sources(connection, old, new, texts or {}),
        *_overrides(old, new),
        *_only_bytes(old, new),
    ]


def _sources(connection: Connection, old: Version, new: Version, texts: Mapping[str, str]) -> Iterator[Changed]:
    from newsletter.store.versions import text_of

    def text(hash_: str | None) -> str:
        if hash_ is None:
            return ""
        return texts[hash_] if hash_ in texts else text_of(connection, hash_) or ""

    labels = sorted({*old.sources, *new.sources}, key=lambda label: (not _is_issue(label), label))
    for label in labels:
        before, after = old.sources.get(label), new.sources.get(label)
        if before == after:
            continue
        was = "were" if label.startswith(_WORDS) else "was"
        found = hunks(text(before).splitlines(), text(after).splitlines())
        lines = tuple(line for hunk in found for line in (hunk.words, *hunk.lines))
        how = "added" if before is None else "removed" if after is None else "changed"
        yield Changed(label=label, words=f"{named(label)} {was} {how}", lines=lines)


def named(label: str) -> str:
    """A source as staff call it."""
    if label.startswith(IMAGE):
        return f"a picture ({label.removeprefix(IMAGE)})"  # named by the hash of its file: another file, another name
    if label.startswith((DISCLAIMER, REFERENCE)):
        return f"the {label}"
    if label.startswith(SETTINGS):
        name = label.removeprefix(SETTINGS)
        return f"the {'section' if name.startswith('[') else 'setting'} {name} of newsletter.toml"
    if label.endswith("claims.lock"):
        return f"the review of claims ({label})"
    for folder, words in _KINDS.items():
        if label.startswith(folder):
            return f"{words} {label}"
    return "the issue itself" if _is_issue(label) else label


def _is_issue(label: str) -> bool:
    return label.endswith(f"/{ISSUE_FILE}") or (label.startswith("issues/") and label.endswith(".md"))


def _overrides(old: Version, new: Version) -> Iterator[Changed]:
    before, after = overrides_of(old), overrides_of(new)
    for code in sorted({*before, *after}):
        if before.get(code) != after.get(code):
            how = (
                f"is overridden now: {after[code]}"
                if code not in before
                else "is not overridden any more"
                if code not in after
                else f"is overridden for another reason: {after[code]}"
            )
            yield Changed(label=f"--override {code}", words=f"the check {code} {how}")


def overrides_of(version: Version) -> dict[str, str]:
    """Code -> reason, of the errors that somebody let stand."""
    return {one.code: one.reason for one in version.waivers if one.kind is WaiverKind.OVERRIDDEN}


def _only_bytes(old: Version, new: Version) -> Iterator[Changed]:
    """After an upgrade of the program the same sources may make another mail."""
    if old.sources_digest == new.sources_digest and dict(old.variants) != dict(new.variants):
        words = "nothing of yours changed, but this version of the program makes another mail of it"
        yield Changed(label="program", words=words)
