"""What `--to` names: the lists that a mailing goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import ListNotFound
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.model.subscriber import MailingList


def included_lists(names: Iterable[str], known: Sequence[MailingList]) -> tuple[MailingList, ...]:
    """The lists of these names, each once, in the order given.

    Raises:
        ListNotFound: with the nearest known name.
    """
    by_name = {entry.name: entry for entry in known}
    return tuple(_find(name, by_name) for name in dict.fromkeys(names))


def _find(name: str, by_name: dict[str, MailingList]) -> MailingList:
    if name in by_name:
        return by_name[name]
    raise ListNotFound(name, nearest(name, by_name))
