"""What `--to` and `--except` name, lists and segments, -> the audience of a mailing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.address.conditions import conditions, lists_named
from newsletter.errors import AudienceUnclear, ConsentRefused, ListNotFound
from newsletter.model.segment import Audience, OnList
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from newsletter.model.segment import Condition
    from newsletter.model.subscriber import MailingList
    from newsletter.settings.schema import Segment

#: what tells a list and a segment of one name apart
LIST, SEGMENT = "list:", "segment:"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The names as somebody gave them, and what is needed to know what they mean."""

    to: Sequence[str]
    excepted: Sequence[str] = ()
    segments: Mapping[str, Segment] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    #: what was typed up to the names, for advice: `newsletter send walking`
    command: str = "newsletter audience show"


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """`lists` are those of `audience`, by name."""

    lists: tuple[MailingList, ...]
    audience: Audience
    #: why these lists, where only segments were named; else empty
    assumed: str = ""


@dataclass(frozen=True, kw_only=True)
class Before:
    """The last mailing of another issue to the same lists, segments and exceptions, and how many readers it had."""

    mailing: int
    readers: int

    def differs_from(self, readers: int, percent: int) -> bool:
        """By more than so many percent, and by more than two readers; 0 percent: never."""
        change = abs(readers - self.readers)
        return bool(percent) and change > 2 and change * 100 > percent * self.readers


def included_lists(names: Iterable[str], known: Sequence[MailingList]) -> tuple[MailingList, ...]:
    """The lists of these names, each once, in the order given.

    Raises:
        ListNotFound: with the name of the list that was probably meant.
    """
    by_name, wanted = {entry.name: entry for entry in known}, tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in by_name:
            raise ListNotFound(name, _nearest_list(name, known))
    return tuple(by_name[name] for name in wanted)


def _nearest_list(text: str, known: Iterable[MailingList]) -> str | None:
    """The name of the list that was probably meant: readers see its title, and so does who types it."""
    titles = {entry.title: entry.name for entry in known}
    is_title = next((name for title, name in titles.items() if title.casefold() == text.casefold()), None)
    return is_title or nearest(text, titles.values()) or titles.get(nearest(text, titles) or "")


def addressed(asked: Asked, known: Sequence[MailingList], now: datetime) -> Addressed:
    """Who is meant. Several lists are alternatives, and so are several segments; whoever is in an exception is not.

    Raises:
        AudienceUnclear: a name is neither list nor segment, or both; or only segments are named, of no list.
        ConsentRefused: a list is archived.
        SegmentUnusable: a segment that is named asks for a list that is not there.
    """
    if not asked.to:
        raise AudienceUnclear("nobody is named", f"Name a list: {asked.command} --to LIST")
    names = _Names(asked, known, now)
    lists = dict.fromkeys(name for name in map(names.list_name, asked.to) if name)
    narrowed = dict(names.condition(name) for name in dict.fromkeys(asked.to) if not names.list_name(name))
    excepted = dict(names.condition(name) for name in dict.fromkeys(asked.excepted))
    found, assumed = tuple(names.lists[name] for name in lists), ""
    if not found:
        found, assumed = _lists_of_segments(asked, narrowed, known)
    for entry in found:
        if entry.archived_at:
            raise ConsentRefused(
                f"the list {entry.name} is archived, and nobody is mailed by it",
                "Name another list: see `newsletter audience list`.",
            )
    numbers = tuple(entry.number for entry in found)
    return Addressed(
        lists=found, audience=Audience(lists=numbers, narrowed=narrowed, excepted=excepted), assumed=assumed
    )


def bare(name: str) -> str:
    """A name without what tells lists and segments apart."""
    return name.removeprefix(LIST).removeprefix(SEGMENT)


class _Names:
    """What each name is."""

    def __init__(self, asked: Asked, known: Sequence[MailingList], now: datetime) -> None:
        self.lists = {entry.name: entry for entry in known}
        self._segments = asked.segments
        self._conditions = conditions(asked.segments, known, zone=asked.zone, now=now)

    def list_name(self, name: str) -> str:
        """The list's name; empty for a segment.

        Raises:
            AudienceUnclear: it is neither, or both.
        """
        is_list, is_segment = bare(name) in self.lists, bare(name) in self._segments
        if name.startswith(LIST) and is_list:
            return bare(name)
        if name.startswith(SEGMENT) and is_segment:
            return ""
        if ":" in name or not (is_list or is_segment):
            raise self._unknown(name)
        if is_list and is_segment:
            raise AudienceUnclear(
                f"both a list and a segment are called `{name}`",
                f"Say which is meant: {LIST}{name} or {SEGMENT}{name}.",
            )
        return name if is_list else ""

    def condition(self, name: str) -> tuple[str, Condition]:
        """What has to hold, under the name that the ledger keeps: told apart only where it must be."""
        own = bare(name)
        is_both = own in self.lists and own in self._segments
        if list_name := self.list_name(name):
            return f"{LIST}{own}" if is_both else own, OnList(list=self.lists[list_name].number)
        return f"{SEGMENT}{own}" if is_both else own, self._conditions[own]

    def _unknown(self, name: str) -> AudienceUnclear:
        kind = next((kind for kind in (LIST, SEGMENT) if name.startswith(kind)), "")
        known = [] if kind == SEGMENT else [*self.lists]
        known += [] if kind == LIST else [*self._segments]
        lists = () if kind == SEGMENT else self.lists.values()
        guess = nearest(bare(name), known) or _nearest_list(bare(name), lists)
        what = f"there is no {kind[:-1]} `{bare(name)}`" if kind else f"neither a list nor a segment is called `{name}`"
        several = name.replace(",", " ").split()
        if len(several) > 1 and all(one in self.lists or one in self._segments for one in several):
            return AudienceUnclear(what, f"Repeat the option for each of them: {', '.join(several)}.")
        return AudienceUnclear(
            what, "See `newsletter audience list` for those there are.", kind + guess if guess else None
        )


def _lists_of_segments(
    asked: Asked, narrowed: Mapping[str, Condition], known: Sequence[MailingList]
) -> tuple[tuple[MailingList, ...], str]:
    """A mailing goes to lists: those that the segments demand, or the only one there is; and why these."""
    demanded = [lists_named(condition) for condition in narrowed.values()]
    if all(demanded):
        numbers = set().union(*demanded)
        return tuple(entry for entry in known if entry.number in numbers), "the segment asks for it"
    open_ = [entry for entry in known if not entry.archived_at]
    if len(open_) == 1:
        return tuple(open_), "the only list there is"
    if not open_:
        raise AudienceUnclear("there is no list that could be mailed", "Add one: newsletter lists add NAME")
    first, *others = (entry.name for entry in open_)
    words = [asked.command, *(f"--to {name}" for name in asked.to), f"--to {first}"]
    words += [f"--except {name}" for name in asked.excepted]
    segments = [bare(name) for name in dict.fromkeys(asked.to)]
    are = "is a segment" if len(segments) == 1 else "are segments"
    raise AudienceUnclear(
        f"a mailing goes to lists, and {', '.join(segments)} {are}",
        f"Name the list too (or {', '.join(others)} instead of {first}): {' '.join(words)}",
    )
