"""Who accepted which sentence, on which references, why and when: the text of a claims.lock <-> Ledger.

A file of TOML, one table for each sentence, so that git shows and merges them one by one. The hash of an entry is made of its
sentence, its rule and its references. Where one of them changes, the hash in force is another, and the sentence is open again.
It guards against slips, not against forgery: who changed the file is for git to tell.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from newsletter.check.claims.words import normalised
from newsletter.check.cover import COVER
from newsletter.model.problem import Place, error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference

BROKEN = "claims-lock-broken"
HEADER = """\
# Sentences that a person accepted in the claims pre-screen of this issue. It does not make them lawful or true.
# Made by `newsletter claims review`; keep it in git beside the issue. Entries are in the order of their hashes.
"""
_TABLE = "[[accepted]]"
#: a sentence may be long, but an entry of this size was never written by us
_LONGEST_ENTRY = 50_000
#: what stands outside quotation marks; dotted keys and nested brackets take the reader of TOML their square
_LONGEST_BARE = 5_000
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")
_TEXTS = ("hash", "rule", "sentence", "reviewer", "why")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One accepted sentence."""

    hash: str
    #: the rule's id, and the fingerprint that it had, as `id@fingerprint`
    rule: str
    sentence: str
    #: `key@fingerprint` of each reference that it cited
    references: tuple[str, ...]
    reviewer: str
    why: str
    date: date
    at: Place = field(default=Place(file=""), compare=False)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    entries: tuple[Entry, ...] = ()
    #: parts of the file could not be read: then nothing is written, so that nothing is lost
    broken: bool = False

    @cached_property
    def by_hash(self) -> Mapping[str, Entry]:
        return {entry.hash: entry for entry in self.entries}

    @cached_property
    def by_sentence(self) -> Mapping[tuple[str, str], Entry]:
        """By the rule's id and the sentence, whatever became of rule and references."""
        return {(entry.rule.partition("@")[0], entry.sentence): entry for entry in self.entries}

    def with_entry(self, new: Entry) -> Ledger:
        """An entry for the same sentence and rule is replaced."""
        same = (new.rule.partition("@")[0], new.sentence)
        kept = (old for old in self.entries if (old.rule.partition("@")[0], old.sentence) != same)
        return Ledger(entries=(*kept, new), broken=self.broken)

    def without(self, hashes: Iterable[str]) -> Ledger:
        gone = set(hashes)
        return Ledger(entries=tuple(entry for entry in self.entries if entry.hash not in gone), broken=self.broken)


def hash_of(rule: str, sentence: str, references: Iterable[str]) -> str:
    facts = json.dumps([rule, sentence, sorted(references)], ensure_ascii=False)
    return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def cited(keys: Iterable[str], library: Mapping[str, Reference]) -> tuple[str, ...]:
    """`key@fingerprint` of each, sorted; a reference that is not there has no fingerprint."""
    return tuple(sorted(f"{key}@{_fingerprint(library.get(key))}" for key in set(keys)))


def _fingerprint(reference: Reference | None) -> str:
    if reference is None:
        return "missing"
    text = json.dumps(reference.csl, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write(ledger: Ledger) -> str:
    """The text of the file; the same for the same entries, in whatever order they were added."""
    entries = sorted(ledger.entries, key=lambda entry: (entry.hash, entry.rule))
    return HEADER + "".join(_table(entry) for entry in entries)


def _table(entry: Entry) -> str:
    lines = [f"{name} = {_text(getattr(entry, name))}" for name in ("hash", "rule", "sentence")]
    lines.append(f"references = [{', '.join(_text(one) for one in entry.references)}]")
    lines += [f"{name} = {_text(getattr(entry, name))}" for name in ("reviewer", "why")]
    return "\n".join(["", _TABLE, *lines, f"date = {entry.date.isoformat()}", ""])


def _text(text: str) -> str:
    """A basic string of TOML: JSON's rules, and DEL escaped too (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def read(text: str, file: str) -> tuple[Ledger, list[Problem]]:
    """The entries that can be read, and a Problem for each that cannot. One broken entry costs only itself."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for line, piece in _pieces(text):
        at = Place(file=file, line=line, column=1)
        found = _entry(piece, at)
        if isinstance(found, Entry):
            entries.setdefault(found.hash, found)
        elif found:
            problems.append(found)
    return Ledger(entries=tuple(entries.values()), broken=bool(problems)), problems


def _pieces(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the first line and the lines of what stands above the first table, and of each table."""
    begin = 0
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    for number, line in enumerate(lines):
        if line.strip() == _TABLE:
            yield begin + 1, lines[begin:number]
            begin = number
    yield begin + 1, lines[begin:]


def _entry(lines: list[str], at: Place) -> Entry | Problem | None:
    marks = next((number for number, line in enumerate(lines) if _CONFLICT.match(line)), None)
    if marks is not None:
        fix = "Remove the three lines of marks that git put in, and keep both entries; each stands for itself."
        return _problem(at, marks, "two versions of this file were merged, and git left its marks here", fix)
    text = "\n".join(lines)
    if len(text) > _LONGEST_ENTRY or _bare(text) > _LONGEST_BARE:
        return _problem(at, 0, "this entry is far too long", "Remove it, and have the sentence reviewed again.")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as why:
        line = re.search(r"at line (\d+)", str(why))
        offset = min(int(line[1]), len(lines)) - 1 if line else 0
        fix = "Restore the entry from git, or remove it and run `newsletter claims review` again."
        return _problem(at, offset, "this line cannot be read", fix)
    tables = values.pop("accepted", [])
    if values or len(tables) > 1:
        return _problem(at, 0, f"`{next(iter(values), 'accepted')}` does not belong here", "Remove it.")
    return _checked(tables[0], at, lines) if tables else None


def _bare(text: str) -> int:
    """How many characters stand outside quotation marks."""
    return sum(map(len, text.replace("\\\\", "").replace('\\"', "").split('"')[::2]))


def _checked(table: object, at: Place, lines: list[str]) -> Entry | Problem:
    """An entry whose parts have the right types and whose hash is theirs."""
    values: dict[str, Any] = table if isinstance(table, dict) else {}
    wrong = [name for name in _TEXTS if not isinstance(values.get(name), str) or not values[name].strip()]
    references = values.get("references")
    if not isinstance(references, list) or not all(isinstance(one, str) for one in references):
        wrong.append("references")
    if type(values.get("date")) is not date:
        wrong.append("date")
    wrong += [name for name in values if name not in {*_TEXTS, "references", "date"}]
    fix = "Restore the entry from git, or remove it and run `newsletter claims review` again."
    if wrong:
        return _problem(at, _line_of(wrong[0], lines), f"`{wrong[0]}` of this entry is missing or wrong", fix)
    entry = Entry(
        **{name: values[name] for name in _TEXTS}, references=tuple(references or ()), date=values["date"], at=at
    )
    if entry.hash != hash_of(entry.rule, entry.sentence, entry.references):
        what = "this entry was changed by hand: its hash does not belong to its sentence, rule and references"
        return _problem(at, _line_of("hash", lines), what, fix)
    return entry


def _line_of(name: str, lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.lstrip().startswith(f"{name} ")), 0)


def _problem(at: Place, offset: int, what: str, fix: str) -> Problem:
    return error(BROKEN, Place(file=at.file, line=at.line + offset, column=1), what, fix)


def sentence_of(text: str) -> str:
    """As the ledger keeps it."""
    return normalised(text.replace(COVER, "…"))
