"""People in words, as JSON, and as they are typed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.model.staff import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.model.staff import StaffMember

_LONGEST_NAME, _LONGEST_KEY = 80, 100
_ROLE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST_NAMES = 20
_ALIKE = {"LATIN", "CYRILLIC", "GREEK"}
#: letters and marks that nothing shows
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0").union(map(chr, range(0xFE00, 0xFE10)))


def name_of(text: str, option: str = "NAME") -> str:
    """A name on one line."""
    line = " ".join(unicodedata.normalize("NFKC", text).split())
    if mixed := next((word for word in line.split() if len(_alphabets(word)) > 1), None):
        msg = f"{option}: {mixed} has letters of two alphabets that look alike. Type it anew, with one keyboard."
        raise click.UsageError(msg)
    if (
        not _UNSEEN.isdisjoint(line)
        or not line
        or len(line) > _LONGEST_NAME
        or len(key_of(line)) > _LONGEST_KEY
        or show.clean(line) != line
    ):
        msg = f"{option}: a name of at most {_LONGEST_NAME} characters, none of them invisible."
        raise click.UsageError(msg)
    return line


def _alphabets(word: str) -> set[str]:
    """Of those whose letters look alike: somebody could be added twice, under what reads as one name."""
    return {unicodedata.name(one, "").partition(" ")[0] for one in word if one.isalpha()} & _ALIKE


def email_of(text: str) -> str:
    from newsletter.subscribers.addresses import checked_address

    try:
        return checked_address(text)
    except ValueError as why:
        msg = f"--email: {why}. Give an address such as ana@example.org."
        raise click.UsageError(msg) from None


def roles_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Lower-case, sorted, each once."""
    roles = sorted({text.strip().lower() for text in texts})
    for role in roles:
        if not _ROLE.fullmatch(role):
            msg = f"--role {role!r}: one word of letters, digits, hyphens and _, such as physician."
            raise click.UsageError(msg)
    return tuple(roles)


def also_of(texts: Iterable[str]) -> tuple[str, ...]:
    names = {key_of(text): name_of(text, "--also") for text in texts}
    if len(names) > _MOST_NAMES:
        msg = f"--also: at most {_MOST_NAMES} other names."
        raise click.UsageError(msg)
    return tuple(names.values())


def line_of(person: StaffMember) -> str:
    roles = f"  roles: {', '.join(person.roles)}" if person.roles else "  no role"
    also = f"  also: {', '.join(person.aliases)}" if person.aliases else ""
    return show.clean(f"{person.name}  <{person.email}>{roles}{also}")


def person_json(person: StaffMember) -> dict[str, Any]:
    return {
        "number": person.number,
        "name": person.name,
        "email": person.email,
        "roles": list(person.roles),
        "also": list(person.aliases),
        "added_at": person.created_at.isoformat(),
        "removed_at": person.removed_at.isoformat() if person.removed_at else None,
    }
