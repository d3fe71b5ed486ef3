"""Whose version is shown: nobody's, that of somebody in the database, or that of values which were typed in.

An address comes in by POST and is forgotten; a reader is called by the public id, typed values by a random name.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.address.belonging import Facts
from newsletter.errors import AudienceChanged, AudienceNotFound, NewsletterError, SegmentUnusable
from newsletter.model.subscriber import as_text, field_values
from newsletter.web.preview.typed import attribute_values, fields_of, not_known, variant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model.importing import AttributeValue
    from newsletter.model.rendered import Rendered
    from newsletter.model.subscriber import Subscriber
    from newsletter.settings import Settings, Workspace
    from newsletter.store.database import Store
    from newsletter.web.preview.making import Edition

#: people that a search shows
MOST_FOUND = 20
#: sets of typed values that are remembered
_MOST_TYPED = 50
_LONGEST_VALUE = 500
_TYPED = "typed-"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """`key` is what addresses of pages say: "" for nobody."""

    key: str = ""
    name: str = "Nobody"
    fields: Mapping[str, str] = field(default_factory=dict)
    #: of typed-in values, those that segments ask for
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    subscriber: Subscriber | None = field(default=None, repr=False)

    @property
    def is_typed(self) -> bool:
        return self.key.startswith(_TYPED)


NOBODY = Reader()


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search gives; `trouble` says why it gives nothing."""

    readers: Sequence[Reader] = ()
    trouble: str = ""
    more: bool = False


class Readers:
    """Opens the workspace's database at the first search, and never makes one."""

    def __init__(self, open_store: Callable[[Workspace], Store]) -> None:
        self._open_store = open_store
        self._stores: dict[str, Store] = {}
        self._typed: OrderedDict[str, Reader] = OrderedDict()
        self._lock = Lock()

    def search(self, workspace: Workspace, words: str) -> Found:
        from newsletter.store.people import finding

        if not has_database(workspace):
            return Found(trouble="This workspace has no database yet, so there are no readers to look up.")
        try:
            with self._store(workspace).read() as connection:
                people = finding.search(connection, words, MOST_FOUND + 1)
        except Exception as why:  # noqa: BLE001 - whatever a database does, the preview lives on
            return Found(trouble=f"The database cannot be read ({_kind(why)}).")
        found = [_reader(person) for person in people[:MOST_FOUND]]
        return Found(readers=found, more=len(people) > MOST_FOUND, trouble="" if found else "No reader was found.")

    def type_in(self, values: Mapping[str, str], settings: Settings) -> Reader:
        """A reader of whom this is known; nobody where nothing is.

        Raises:
            ValueError: a value does not fit the type of its attribute; in plain words.
        """
        known = {one.name: values.get(one.name, "").strip()[:_LONGEST_VALUE] for one in fields_of(settings)}
        fields = {name: value for name, value in known.items() if value}
        if not fields:
            return NOBODY
        attributes = attribute_values(fields, settings)
        shown = fields | {name: as_text(value) for name, value in attributes.items()}
        key = _TYPED + secrets.token_hex(6)
        reader = Reader(key=key, name="Typed-in values", fields=shown, attributes=attributes)
        with self._lock:
            self._typed[reader.key] = reader
            while len(self._typed) > _MOST_TYPED:
                self._typed.popitem(last=False)
        return reader

    def get(self, workspace: Workspace, key: str) -> Reader:
        """The reader of this key; nobody where there is none any more."""
        from newsletter.store.people import finding

        if not key:
            return NOBODY
        if key.startswith(_TYPED):
            with self._lock:
                return self._typed.get(key, NOBODY)
        if not has_database(workspace):
            return NOBODY
        try:
            with self._store(workspace).read() as connection:
                person = finding.by_public_id(connection, key)
        except Exception:  # noqa: BLE001 - as above; the page then says that nobody is chosen
            return NOBODY
        return _reader(person) if person else NOBODY

    def variant_for(self, edition: Edition, reader: Reader) -> tuple[Rendered, str]:
        """The variant that the reader gets, and words where that could not be told."""
        from newsletter import pipeline

        prepared, workspace, settings = edition.prepared, edition.workspace, edition.workspace.settings
        if reader.is_typed:
            return _typed_variant(reader, prepared.variants, settings)
        if reader.subscriber is None:
            return prepared.variants[0], ""
        try:
            store, zone = self._store(workspace), ZoneInfo(settings.newsletter.timezone)
            found = pipeline.variant_for(store, prepared, settings.segments, zone, reader.subscriber, edition.at)
        except (AudienceNotFound, AudienceChanged, SegmentUnusable) as why:
            return prepared.variants[0], f"Which variant this reader gets cannot be told: {why}."
        except Exception as why:  # noqa: BLE001 - as above
            return prepared.variants[0], f"Which variant this reader gets cannot be told ({_kind(why)})."
        return found, ""

    def close(self) -> None:
        for store in self._stores.values():
            store.close()

    def _store(self, workspace: Workspace) -> Store:
        url = workspace.database_url
        with self._lock:
            if url not in self._stores:
                self._stores[url] = self._open_store(workspace)
            return self._stores[url]


def has_database(workspace: Workspace) -> bool:
    """Whether there is one to be opened; a file that is not there would be made."""
    url = workspace.database_url
    prefix = "sqlite:///"
    return not url.startswith("sqlite:") or (url.startswith(prefix) and Path(url.removeprefix(prefix)).is_file())


def _typed_variant(reader: Reader, variants: Sequence[Rendered], settings: Settings) -> tuple[Rendered, str]:
    facts = Facts(attributes=reader.attributes, language=reader.fields.get("language", ""))
    found = variant_of(facts, variants, settings)
    note = "" if found else "No variant is for a reader with these values."
    return found or variants[0], " ".join(part for part in (note, not_known(variants, settings)) if part)


def _reader(person: Subscriber) -> Reader:
    name = person.name or "A reader without a name"
    return Reader(key=person.public_id, name=name, fields=field_values(person), subscriber=person)


def _kind(why: Exception) -> str:
    """Never the words of a database: they may quote a reader."""
    return str(why) if isinstance(why, NewsletterError) else type(why).__name__
