"""Signatures that do not count any more: what changed since, and which of them was for the old wording of which sentence."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from newsletter.check.claims.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.claims.ledger import Entry
    from newsletter.check.claims.screening import Claim

#: two wordings of one sentence have more in common than this; less will do where a rule has only one of each left
_ALIKE, _ALIKE_WHERE_ALONE = 0.6, 0.35
#: of a longer sentence its beginning is compared
_MOST_WORDS = 120
#: of one rule, more are not compared with each other
_MOST = 30


def changes(entry: Entry, rule: str, sentence: str, references: Sequence[str]) -> tuple[str, ...]:
    """What is otherwise now than when it was signed, each as a clause: `the reference smith2020 was added`."""
    found = []
    if entry.sentence != sentence:
        found.append("the sentence changed")
    if entry.rule != rule:
        found.append("the rule changed")
    return (*found, *_of_references(_by_key(entry.references), _by_key(references)))


def _of_references(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for key in sorted({*then, *now}):
        if key not in then:
            yield f"the reference {key} was added"
        elif key not in now:
            yield f"the reference {key} was removed"
        elif then[key] != now[key]:
            yield f"the record of the reference {key} changed"


def _by_key(references: Sequence[str]) -> dict[str, str]:
    """`key@fingerprint` of each -> fingerprints by key; a key may have an @ in it."""
    parts = (one.rpartition("@") for one in references)
    return {key: fingerprint for key, _, fingerprint in parts}


def reworded(claims: Sequence[Claim], entries: Sequence[Entry]) -> dict[int, Entry]:
    """The number of an open claim -> the signature for its old wording. Each belongs to one, those most alike first."""
    alike: list[tuple[float, int, int]] = []
    for rule in {claim.flag.rule.id for claim in claims}:
        mine = [number for number, claim in enumerate(claims) if claim.flag.rule.id == rule][:_MOST]
        theirs = [number for number, entry in enumerate(entries) if entry.rule.partition("@")[0] == rule][:_MOST]
        least = _ALIKE_WHERE_ALONE if len(mine) == len(theirs) == 1 else _ALIKE
        alike += _pairs(claims, entries, mine, theirs, least)
    found: dict[int, Entry] = {}
    taken: set[int] = set()
    for _, claim, entry in sorted(alike, key=lambda one: (-one[0], one[1], one[2])):
        if claim not in found and entry not in taken:
            found[claim] = entries[entry]
            taken.add(entry)
    return found


def _pairs(
    claims: Sequence[Claim], entries: Sequence[Entry], mine: Sequence[int], theirs: Sequence[int], least: float
) -> Iterator[tuple[float, int, int]]:
    for entry in theirs:
        # what is compared with many is the second of a SequenceMatcher
        matcher = SequenceMatcher(b=_words(entries[entry].sentence), autojunk=False)
        for claim in mine:
            matcher.set_seq1(_words(claims[claim].sentence))
            if matcher.quick_ratio() > least and (ratio := matcher.ratio()) > least:
                yield ratio, claim, entry


def _words(sentence: str) -> tuple[str, ...]:
    return words_of(sentence).words[:_MOST_WORDS]


def side_by_side(old: str, new: str) -> tuple[str, str]:
    """Two wordings with the words marked that only one of them has: `A [-small-] wonder`, `A {+great+} wonder`."""
    before, after = old.split(), new.split()
    if len(before) > _MOST_WORDS or len(after) > _MOST_WORDS:
        return old, new
    left: list[str] = []
    right: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        gone, came = " ".join(before[a:b]), " ".join(after[c:d])
        left += [gone if kind == "equal" else f"[-{gone}-]"] if gone else []
        right += [came if kind == "equal" else f"{{+{came}+}}"] if came else []
    return " ".join(left), " ".join(right)
