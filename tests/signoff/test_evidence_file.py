"""A zip of evidence: written the same each time, and whatever happens to it is found. Anybody may have made one."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.signoff.evidence import packing, reading
from newsletter.signoff.evidence.layout import BESIDE, COMMENT_LENGTH, MANIFEST, SEAL, SUMS, sha256
from newsletter.signoff.evidence.packing import Packing
from newsletter.signoff.evidence.reading import look
from newsletter.signoff.evidence.writing import EvidenceZip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from newsletter.signoff.evidence.reading import Looked

FILES = {
    "README.txt": b"read me\n",
    "ledger.csv": b"delivery,outcome\r\n1,accepted\r\n" * 40,
    "mail/mail.txt": b"Dear [name]",
}


def seal(digest: str) -> str:
    return sha256(f"a secret and {digest}".encode())


@cache
def made() -> bytes:
    stream = io.BytesIO()
    zipped = EvidenceZip(stream)
    for name, content in FILES.items():

        def produce(target: BinaryIO, content: bytes = content) -> None:
            target.write(content)

        if name == "ledger.csv":
            zipped.pour(name, produce)
        else:
            zipped.add(name, content)
    zipped.finish({"mailing": 3}, seal)
    return stream.getvalue()


def looked(content: bytes) -> Looked:
    return look(io.BytesIO(content))


def found(content: bytes) -> dict[str, str]:
    return {one.name: one.what for one in looked(content).findings}


def inside() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made())) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: Mapping[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """As any other program would pack it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as opened:
        for name, content in files.items() if not isinstance(files, list) else files:
            opened.writestr(name, content)
    return stream.getvalue()


def test_what_was_made_is_whole_and_its_manifest_tells_every_file() -> None:
    seen = looked(made())
    assert (seen.findings, seen.packing) == ((), Packing.AS_MADE)
    assert seen.manifest is not None
    assert {name: (one.sha256, one.size) for name, one in seen.manifest.files.items()} == {
        name: (sha256(content), len(content)) for name, content in FILES.items()
    }
    assert (seen.manifest.facts["mailing"], seen.seal) == (3, seal(seen.manifest_sha256))


def test_the_same_files_are_the_same_bytes_and_say_nothing_of_the_machine() -> None:
    first = made()
    made.cache_clear()
    assert made() == first
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in opened.infolist()} == {0o100600}
        assert opened.testzip() is None


def test_the_sums_are_what_sha256sum_reads() -> None:
    files = inside()
    lines = files[SUMS].decode().splitlines()
    assert lines == [f"{sha256(content)}  {name}" for name, content in sorted(files.items()) if name != SUMS]


@given(at=st.integers(0, len(made()) - 1), mask=st.integers(1, 255))
def test_any_changed_byte_is_found(at: int, mask: int) -> None:
    changed = bytearray(made())
    changed[at] ^= mask
    assert looked(bytes(changed)).findings


@given(length=st.integers(0, len(made()) - 1))
def test_a_file_that_ends_early_is_found(length: int) -> None:
    assert looked(made()[:length]).findings


@given(more=st.binary(min_size=1, max_size=200))
def test_bytes_before_and_behind_are_found(more: bytes) -> None:
    assert looked(made() + more).findings
    assert looked(more + made()).findings


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_who_packs_it_again_leaves_it_whole(method: int) -> None:
    seen = looked(packed({"mail/": b"", **inside()}, method))
    assert (seen.findings, seen.packing) == ((), Packing.AGAIN)


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_named(name: str) -> None:
    assert found(packed(inside() | {name: FILES[name][:-1] + b"!"})) == {name: reading.CHANGED}
    assert found(packed(inside() | {name: FILES[name] + b"!"})) == {name: reading.CHANGED}


@pytest.mark.parametrize("name", [*FILES, *BESIDE])
def test_a_missing_file_is_named(name: str) -> None:
    without = inside()
    del without[name]
    assert found(packed(without))[name] == reading.MISSING


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_the_manifest_is_held_to_it(name: str) -> None:
    assert found(packed(inside() | {name: inside()[name].replace(b"a", b"b")})).keys() & {name, SUMS}
    assert found(packed(inside() | {name: b""}))


def test_an_added_file_is_named_also_where_the_manifest_was_written_for_it() -> None:
    assert found(packed(inside() | {"more.txt": b"x"})) == {"more.txt": reading.ADDED}
    told = json.loads(inside()[MANIFEST])
    told["files"]["more.txt"] = {"sha256": sha256(b"x"), "size": 1}
    assert SUMS in found(packed(inside() | {"more.txt": b"x", MANIFEST: json.dumps(told, indent=1).encode() + b"\n"}))


def test_who_makes_all_of_it_anew_cannot_make_the_seal() -> None:
    stream = io.BytesIO()
    zipped = EvidenceZip(stream)
    for name, content in FILES.items():
        zipped.add(name, content.replace(b"accepted", b"refused"))
    digest = zipped.finish({"mailing": 3}, lambda _digest: "0" * 64)
    seen = looked(stream.getvalue())
    assert (seen.findings, seen.manifest_sha256) == ((), digest)
    assert seen.seal != seal(digest)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "a/../../evil",
        "C:evil",
        "a\\b",
        "a//b",
        "./a",
        "a\nb",
        "x" * 1001,
        "mail/\u202etxt.exe",
    ],
)
def test_names_that_would_land_elsewhere_are_refused(name: str) -> None:
    [finding] = looked(packed([*inside().items(), (name, b"x")])).findings
    assert finding.what == "must not be in such a file"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["README.txt", "readme.TXT", MANIFEST])
def test_a_name_that_is_there_twice_is_found(name: str) -> None:
    assert found(packed([*inside().items(), (name, b"another")]))[name] == "is in it twice"


def test_a_bomb_is_not_unpacked() -> None:
    bomb = b"\0" * 20_000_000
    assert found(packed(inside() | {"bomb": bomb})) == {"bomb": reading.ADDED}
    assert found(packed(inside() | {"README.txt": bomb})) == {"README.txt": reading.CHANGED}
    assert found(packed(inside() | {MANIFEST: bomb}))[MANIFEST] == reading.CHANGED


def test_a_bomb_that_the_manifest_knows_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_ALWAYS", 0)
    monkeypatch.setattr(reading, "_MOST_RATIO", 0)
    assert found(made()) == {"": "holds more than it can honestly hold"}


def test_a_zip_that_tells_of_too_many_files_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_FILES", 5)
    assert looked(made()).packing is Packing.UNREADABLE


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"[" * 100_000, b"PK\5\6" + b"\0" * 18, packed({}), packed({"x": b""}), b"\0" * 100],
)
def test_what_is_no_evidence_is_said_to_be_none(content: bytes) -> None:
    assert looked(content).findings


@pytest.mark.parametrize(
    "manifest",
    [
        *(b"", b"{}", b"[]", b"null", b"[" * 90_000, b'{"format": "newsletter evidence 1", "files": []}'),
        b'{"format": "newsletter evidence 1", "files": {"a": {"sha256": 1, "size": 1}}}',
        b'{"format": "newsletter evidence 1", "files": {"\\ud800": {"sha256": "' + b"0" * 64 + b'", "size": 1}}}',
        b'{"format": "newsletter evidence 1", "files": {"a": {"sha256": "'
        + b"0" * 64
        + b'", "size": '
        + b"9" * 9000
        + b"}}}",
    ],
)
def test_a_manifest_that_is_none_of_ours_is_damage(manifest: bytes) -> None:
    assert found(packed(inside() | {MANIFEST: manifest}))[MANIFEST] == reading.CHANGED


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(content: bytes) -> None:
    assert looked(content).findings
    assert looked(content + made()[-300:]).findings


@given(at=st.integers(0, len(packed(FILES)) - 1), value=st.integers(0, 255))
def test_no_zip_brings_it_down(at: int, value: int) -> None:
    changed = bytearray(packed({**FILES, MANIFEST: inside()[MANIFEST], SEAL: b"{}"}))
    changed[at] = value
    assert looked(bytes(changed)).findings


def test_bytes_beside_the_files_are_found_whoever_packed_it() -> None:
    again, lie = packed(inside()), packed({**inside(), "summary.txt": b"a lie"})
    for before in (b"#!/bin/sh\n", lie, lie[:-22]):  # what reads without the list would show the lie
        assert found(before + again)[""] == reading.MORE


def test_a_forged_hash_of_the_packing_hides_no_bytes() -> None:
    whole = b"more" + made()[:-COMMENT_LENGTH]
    assert found(whole + f"sha256 of all before this: {sha256(whole)}".encode())[""] == reading.MORE


def test_a_link_is_no_file_of_evidence() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in inside().items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (0o120777 if name == MANIFEST else 0o100600) << 16
            opened.writestr(info, content)
    assert "must not be" in reading.look(stream).findings[0].what


def test_a_second_name_that_only_some_programs_take_is_found() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in inside().items():
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HHBL", 0x7075, 8, 1, zlib.crc32(name.encode())) + b"lie"
            opened.writestr(info, content)
    assert reading.look(stream).findings


def test_a_folder_that_would_land_elsewhere_is_refused() -> None:
    assert found(packed({**inside(), "../elsewhere/": b""}))["../elsewhere/"] == "must not be in such a file"
