"""Exports of other systems: how each is recognised, what its columns are, and how it says that somebody left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.subscribers.columns.headings import word_of
from newsletter.subscribers.formats.buttondown import BUTTONDOWN
from newsletter.subscribers.formats.format import Format
from newsletter.subscribers.formats.ghost import GHOST
from newsletter.subscribers.formats.listmonk import LISTMONK
from newsletter.subscribers.formats.mailchimp import MAILCHIMP
from newsletter.subscribers.formats.own import OWN
from newsletter.subscribers.formats.plain import PLAIN
from newsletter.subscribers.formats.sendgrid import SENDGRID
from newsletter.subscribers.formats.substack import SUBSTACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FORMATS", "Format", "format_of"]

#: the more particular first
FORMATS: Mapping[str, Format] = {
    format_.name: format_ for format_ in (OWN, MAILCHIMP, SENDGRID, LISTMONK, GHOST, SUBSTACK, BUTTONDOWN, PLAIN)
}


def format_of(headings: Sequence[str]) -> Format | None:
    """The system that wrote a file, by its headings."""
    words = frozenset(map(word_of, headings))
    return next((format_ for format_ in FORMATS.values() if format_.recognises(words)), None)
