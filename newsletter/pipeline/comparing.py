"""An issue as it was and as it is (two Prepared) -> what changed for readers, and which problems are new or gone. Decides only.

What changed alike in several variants is told once, with the names of those that it is in.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.check.finished.size import gauge
from newsletter.model.problem import has_errors
from newsletter.pipeline.html_lines import html_lines
from newsletter.pipeline.hunks import hunks
from newsletter.pipeline.mail_facts import Part, facts_of, flat

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.finished.size import Light
    from newsletter.model.problem import Place, Problem
    from newsletter.model.rendered import Origins, Rendered
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Settings


#: of a new issue nobody wants to hear that it has these
_ALWAYS_THERE = frozenset({Part.SENDER, Part.LANGUAGE, Part.READERS})


class State(StrEnum):
    #: readers get the same bytes
    SAME = "same"
    CHANGED = "changed"
    #: there was no such issue, or it could not be rendered
    NEW = "new"
    DELETED = "deleted"
    #: it cannot be rendered now
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that changed in a mail. `before` is None for what is new, `after` for what is gone.

    A stretch of the text or the HTML has `lines` instead, as a unified diff has them.
    """

    part: Part
    #: the link, the image, the key of the reference, ...
    what: str = ""
    before: str | None = None
    after: str | None = None
    lines: tuple[str, ...] = ()
    #: "@@ -12,5 +12,6 @@"
    where: str = ""
    #: the author's line that it comes from, for a stretch of the HTML
    at: Place | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed alike in these variants, and in no other."""

    variants: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Size:
    """Bytes of the HTML of a variant, as the gauge counts them; None where there is, or was, no such variant."""

    variant: str
    before: int | None
    after: int | None
    #: how the gauge judges it now
    light: Light | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`variants` are all that there are now. New and gone variants are compared with the form for readers in no segment."""

    slug: str
    state: State
    #: the slug that it had, where it was another
    former_slug: str = ""
    changes: tuple[Changes, ...] = ()
    sizes: tuple[Size, ...] = ()
    variants: tuple[str, ...] = ()
    variants_new: tuple[str, ...] = ()
    variants_gone: tuple[str, ...] = ()
    problems_new: tuple[Problem, ...] = ()
    problems_gone: tuple[Problem, ...] = ()

    @property
    def has_new_errors(self) -> bool:
        return has_errors(self.problems_new)

    def only(self, *parts: Part) -> Comparison:
        """Of text and HTML, only these; all other facts stay."""
        left_out = {Part.TEXT, Part.HTML} - {*parts}
        kept = ((group.variants, [one for one in group.changes if one.part not in left_out]) for group in self.changes)
        groups = (Changes(variants=variants, changes=tuple(changes)) for variants, changes in kept if changes)
        return replace(self, changes=tuple(groups))


def compare(before: Prepared | None, after: Prepared | None, slug: str, settings: Settings | None = None) -> Comparison:
    """What changed from `before` to `after`; None where there was, or is, no such issue. The size goes by today's settings."""
    if after is None:
        return Comparison(slug=slug, state=State.DELETED)
    found = _problems(before.problems if before else (), after.problems)
    former = before.slug if before and before.slug != after.slug else ""
    state = _state(before, after)
    common = Comparison(slug=after.slug, state=state, former_slug=former, problems_new=found[0], problems_gone=found[1])
    if state is State.BROKEN:
        return common
    was = {one.variant: one for one in before.variants} if before else {}
    now = {one.variant: one for one in after.variants}
    return replace(
        common,
        changes=tuple(_grouped(_pairs(before, after))) if state is not State.SAME else (),
        sizes=tuple(_sizes(was, now, settings)),
        variants=tuple(now),
        variants_new=tuple(name for name in now if was and name not in was),
        variants_gone=tuple(name for name in was if name not in now),
    )


def relocated(prepared: Prepared, was: Path, now: Path) -> Prepared:
    """An issue prepared in the folder `was`, with problems that speak of the folder `now`."""

    def moved(text: str) -> str:
        return text.replace(str(was), str(now))

    def elsewhere(problem: Problem) -> Problem:
        place = replace(problem.place, file=moved(problem.place.file))
        return replace(problem, place=place, message=moved(problem.message), fix=moved(problem.fix))

    return replace(prepared, problems=[elsewhere(problem) for problem in prepared.problems])


def _state(before: Prepared | None, after: Prepared) -> State:
    if not after.variants:
        return State.BROKEN
    if before is None or not before.variants:
        return State.NEW
    # an image's name holds the hash of its content
    same = [one.fingerprint for one in before.variants] == [one.fingerprint for one in after.variants]
    return State.SAME if same else State.CHANGED


def _problems(before: Sequence[Problem], after: Sequence[Problem]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """The new and the gone. One that stands on another line, or tells another number, is the same one."""
    new, gone = _left(after, before, _words), _left(before, after, _words)
    return tuple(_left(new, gone, _blurred)), tuple(_left(gone, new, _blurred))


def _left(ones: Iterable[Problem], others: Iterable[Problem], key: Callable[[Problem], Hashable]) -> list[Problem]:
    """Those without a counterpart."""
    there = Counter(map(key, others))
    left = []
    for one in ones:
        if there[key(one)]:
            there[key(one)] -= 1
        else:
            left.append(one)
    return left


def _words(problem: Problem) -> Hashable:
    return problem.code, problem.level, problem.message


def _blurred(problem: Problem) -> Hashable:
    return problem.code, problem.level, re.sub(r"\d+", "0", problem.message)


def _sizes(was: Mapping[str, Rendered], now: Mapping[str, Rendered], settings: Settings | None) -> Iterator[Size]:
    for name in dict.fromkeys((*now, *was)):
        old, new = (gauge(side[name], settings) if name in side else None for side in (was, now))
        yield Size(
            variant=name,
            before=old.octets if old else None,
            after=new.octets if new else None,
            light=new.light if new else None,
        )


@dataclass(frozen=True, kw_only=True)
class _Mail:
    """A variant with what is needed to compare it; without `rendered` it is one that is not there."""

    rendered: Rendered | None = None
    origins: Origins | None = None
    sources: Mapping[str, str] = field(default_factory=dict)


def _pairs(before: Prepared | None, after: Prepared) -> Iterator[tuple[str, _Mail, _Mail]]:
    """Each variant by its name: as it was and as it is, or what its readers got, or will get, in its stead."""
    was, now = (_mails(before) if before else {}), _mails(after)
    nothing = _Mail()
    for name in dict.fromkeys((*now, *was)):
        yield name, was.get(name) or was.get("", nothing), now.get(name) or now.get("", nothing)


def _mails(prepared: Prepared) -> dict[str, _Mail]:
    sources = {image.name: image.source for image in prepared.images}
    origins: list[Origins | None] = [*prepared.origins]
    origins += [None] * (len(prepared.variants) - len(origins))
    return {
        one.variant: _Mail(rendered=one, origins=where, sources=sources)
        for one, where in zip(prepared.variants, origins, strict=True)
    }


def _grouped(pairs: Iterable[tuple[str, _Mail, _Mail]]) -> Iterator[Changes]:
    """Changes by the variants that they are in, the most widely shared first."""
    found: dict[Hashable, tuple[Change, list[str]]] = {}
    all_pairs = list(pairs)
    for name, before, after in all_pairs:
        times: Counter[Hashable] = Counter()
        for change in _changes(before, after, joined=len(all_pairs) == 1):
            key = _key(change)
            times[key] += 1  # the same may happen twice in one mail
            found.setdefault((key, times[key]), (change, []))[1].append(name)
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change, names in found.values():
        groups.setdefault(tuple(names), []).append(change)
    for variants, alike in sorted(groups.items(), key=lambda group: -len(group[0])):
        yield Changes(variants=variants, changes=tuple(alike))


def _key(change: Change) -> Hashable:
    """What makes two changes the same: what stands around a stretch, and where, does not."""
    difference = tuple(line for line in change.lines if line[0] != " ")
    return change.part, change.what, change.before, change.after, difference


def _changes(before: _Mail, after: _Mail, *, joined: bool) -> Iterator[Change]:
    was, now = _facts(before), _facts(after)
    for part, what in dict.fromkeys((*now, *was)):
        old, new = was.get((part, what)), now.get((part, what))
        if old != new and not (part in _ALWAYS_THERE and None in {old, new}):
            yield Change(part=part, what=what, before=old, after=new)
    yield from _text(before, after, joined=joined)
    yield from _html(before, after, joined=joined)


def _facts(mail: _Mail) -> Mapping[tuple[Part, str], str]:
    return facts_of(mail.rendered, mail.sources) if mail.rendered else {}


def _text(before: _Mail, after: _Mail, *, joined: bool) -> Iterator[Change]:
    old, new = ((flat(one.rendered.text).text if one.rendered else "").splitlines() for one in (before, after))
    for hunk in hunks(old, new, joined=joined):
        yield Change(part=Part.TEXT, lines=hunk.lines, where=hunk.words)


def _html(before: _Mail, after: _Mail, *, joined: bool) -> Iterator[Change]:
    old, new = (flat(one.rendered.html if one.rendered else ()) for one in (before, after))
    was, now = html_lines(old.text), html_lines(new.text)
    for hunk in hunks([line.words for line in was], [line.words for line in now], joined=joined):
        line = now[min(hunk.changed, len(now) - 1)] if now else None
        at = after.origins.at(new.without_slots(line.offset)) if line and after.origins else None
        yield Change(part=Part.HTML, lines=hunk.lines, where=hunk.words, at=at)
