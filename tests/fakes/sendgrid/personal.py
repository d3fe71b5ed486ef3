"""Rules for the personalizations: who receives, nobody twice, and what is each one's own."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid.parts import header_complaints, person_complaints, time_complaints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.fakes.sendgrid.shapes import Complaint

_MOST = 1000
_MOST_ARGUMENT_BYTES = 10_000
_MOST_SUBSTITUTIONS, _MOST_SUBSTITUTION_BYTES = 150, 10_000
_MOST_SUBSTITUTION_BYTES_IN_ALL = 50_000
#: a tag is a plain string without these
_NOT_IN_TAGS = re.compile(r"[\s<>&]")


def personal_complaints(body: Mapping[str, Any], *, strict: bool, now: float) -> Iterator[Complaint]:
    people = body["personalizations"]
    if not 1 <= len(people) <= _MOST:
        yield "personalizations", f"There must be between 1 and {_MOST} personalizations."
    for at, personal in enumerate(people):
        field = f"personalizations.{at}"
        yield from _receiver_complaints(personal, field)
        if "from" in personal:
            yield from person_complaints(personal["from"], f"{field}.from", separators=True)
        yield from header_complaints(personal, field)
        yield from time_complaints(personal, field, now)
        yield from _argument_complaints(body, personal, field)
        yield from _substitution_complaints(personal.get("substitutions", {}), field)
        if personal.get("substitutions") and body.get("template_id", "").startswith("d-"):
            yield f"{field}.substitutions", "Substitutions may not be used with dynamic templating."
    yield from _crowd_complaints(people)
    yield from _twice_complaints(people)
    if strict and sum(_octets(p.get("substitutions", {})) for p in people) > _MOST_SUBSTITUTION_BYTES_IN_ALL:
        yield "personalizations", f"All substitutions may not exceed {_MOST_SUBSTITUTION_BYTES_IN_ALL} bytes."


def receivers(personal: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(to.0, the person) and so on."""
    for kind in ("to", "cc", "bcc"):
        for at, person in enumerate(personal.get(kind, ())):
            yield f"{kind}.{at}", person


def _receiver_complaints(personal: Mapping[str, Any], field: str) -> Iterator[Complaint]:
    for kind in ("to", "cc", "bcc"):
        if kind in personal and not 1 <= len(personal[kind]) <= _MOST:
            yield f"{field}.{kind}", f"The {kind} array must have between 1 and {_MOST} items."
    for where, person in receivers(personal):
        yield from person_complaints(person, f"{field}.{where}")


def _crowd_complaints(people: Iterable[Mapping[str, Any]]) -> Iterator[Complaint]:
    count = sum(1 for personal in people for _ in receivers(personal))
    if count > _MOST:
        yield (
            "personalizations",
            f"There are {count} recipients; a request may have {_MOST} in to, cc and bcc together.",
        )


def _twice_complaints(people: Iterable[Mapping[str, Any]]) -> Iterator[Complaint]:
    """Unique between to, cc and bcc of a personalization, and in the whole request."""
    seen: set[str] = set()
    for at, personal in enumerate(people):
        for where, person in receivers(personal):
            address = person["email"].casefold()
            if address in seen:
                found = f"personalizations.{at}.{where.partition('.')[0]}"
                yield "personalizations", f"Each address should be unique; a second [{address}] is in {found}."
            seen.add(address)


def _argument_complaints(body: Mapping[str, Any], personal: Mapping[str, Any], field: str) -> Iterator[Complaint]:
    """Those at the top and those of the personalization count together."""
    merged = {**body.get("custom_args", {}), **personal.get("custom_args", {})}
    if len(json.dumps(merged, ensure_ascii=False).encode()) >= _MOST_ARGUMENT_BYTES:
        yield f"{field}.custom_args", f"The custom arguments must have less than {_MOST_ARGUMENT_BYTES} bytes."


def _substitution_complaints(substitutions: Mapping[str, str], field: str) -> Iterator[Complaint]:
    where = f"{field}.substitutions"
    if len(substitutions) > _MOST_SUBSTITUTIONS:
        yield where, f"The substitutions may not exceed {_MOST_SUBSTITUTIONS} items."
    if _octets(substitutions) > _MOST_SUBSTITUTION_BYTES:
        yield where, f"The substitutions may not exceed {_MOST_SUBSTITUTION_BYTES} bytes."
    if any(_NOT_IN_TAGS.search(tag) or not tag for tag in substitutions):
        yield where, "A substitution tag may not be empty or hold spaces, <, > or &."
    if any(one != other and one in other for one, other in itertools.permutations(substitutions, 2)):
        yield where, "Substitution tags may not be nested."


def _octets(substitutions: Mapping[str, str]) -> int:
    return sum(len(f"{tag}{text}".encode()) for tag, text in substitutions.items())
