"""What both sides know of a file of evidence: the one that makes it, and the one that checks it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST, SEAL, SUMS = "manifest.json", "seal.json", "manifest.sha256"
#: these cannot stand in the manifest, which is made before them
BESIDE = (MANIFEST, SEAL, SUMS)
FORMAT = "newsletter evidence 1"
#: the comment at the end of the zip: SHA-256 over every byte before it, so that no byte of the packing changes unseen
COMMENT = re.compile(rb"sha256 of all before this: ([0-9a-f]{64})")
COMMENT_LENGTH = len(b"sha256 of all before this: ") + 64
#: bytes that are read or written at once
AT_ONCE = 1 << 20

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A file inside, as the manifest tells it."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`facts` say what the evidence is about; `files` are all files inside but three (BESIDE)."""

    facts: Mapping[str, Any]
    files: Mapping[str, Held]

    def to_json(self) -> bytes:
        files = {name: {"sha256": one.sha256, "size": one.size} for name, one in sorted(self.files.items())}
        told = {"format": FORMAT, **self.facts, "files": files}
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Raises ValueError where that is no manifest of ours."""
        try:
            told = json.loads(content)
        except RecursionError:
            told = None
        files = told.pop("files", None) if isinstance(told, dict) else None
        if not isinstance(files, dict) or told.pop("format", None) != FORMAT:
            msg = "no manifest"
            raise ValueError(msg)
        made = cls(facts=told, files={name: _held(one) for name, one in files.items()})
        if made.to_json() != content:  # a name twice, halves of letters, another order: ours has none of these
            msg = "no manifest as we write it"
            raise ValueError(msg)
        return made


def _held(told: object) -> Held:
    if isinstance(told, dict) and set(told) == {"sha256", "size"}:
        hash_, size = told["sha256"], told["size"]
        if isinstance(hash_, str) and _HASH.fullmatch(hash_) and type(size) is int and size >= 0:
            return Held(sha256=hash_, size=size)
    msg = "no entry of a manifest"
    raise ValueError(msg)


def sums(manifest: Manifest, manifest_json: bytes, seal: bytes) -> bytes:
    """The lines that `sha256sum -c` reads: every file inside but this one."""
    hashes = {name: one.sha256 for name, one in manifest.files.items()}
    hashes |= {MANIFEST: sha256(manifest_json), SEAL: sha256(seal)}
    return "".join(f"{hash_}  {name}\n" for name, hash_ in sorted(hashes.items())).encode()


def seal_json(value: str) -> bytes:
    told = {"algorithm": "HMAC-SHA256", "of": f"the SHA-256 of {MANIFEST}, in hex", "value": value}
    return (json.dumps(told, indent=1) + "\n").encode()


def seal_value(content: bytes) -> str:
    """The seal in such a file; empty where there is none."""
    try:
        value = json.loads(content)["value"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return value if isinstance(value, str) and _HASH.fullmatch(value) else ""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
