"""For each column of a table: which field does it hold, and how do we know?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from newsletter.subscribers.columns import How, Kind, Unclear
from newsletter.subscribers.columns.headings import FIELD_OF, FIRST_BESIDE_LAST, NAMES, SYNONYMS, word_of
from newsletter.subscribers.columns.standings import READING_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from newsletter.subscribers.columns.standings import Reading

NOTHING = "-"
#: fields that win over an attribute of the same name
_CORE = frozenset({Kind.ADDRESS, Kind.FIRST_NAME, Kind.LAST_NAME, Kind.LANGUAGE, Kind.TIMEZONE})
#: fields of which two columns are no mistake: the likelier is taken
_TAKES_FIRST = frozenset({Kind.FULL_NAME, Kind.TAGS, Kind.JOINED_AT, Kind.LEFT_AT, Kind.IP})
_HOW = tuple(How)
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63})+")
_OWN_ATTRIBUTE = "attribute_"
#: what may be given by its own name
_NAMABLE = frozenset({*Kind} - {Kind.ATTRIBUTE})
#: only formats and people say that a column is such a one
_NOT_BY_HEADING = frozenset({Kind.ATTRIBUTES})


class Field(NamedTuple):
    """What a column holds; `name` is the kind's, or that of an attribute."""

    kind: Kind
    name: str

    @classmethod
    def of(cls, kind: str) -> Field:
        return cls(Kind(kind), Kind(kind).value)


class Claim(NamedTuple):
    #: of the column, from 0
    place: int
    #: None: it is to be left out
    field: Field | None
    how: How
    word: str = ""
    #: of a column of statuses: how its cells are read, where neither heading nor person names it
    reading: Reading | None = None

    @property
    def kind(self) -> Kind | None:
        return self.field.kind if self.field else None

    @property
    def strength(self) -> tuple[int, int]:
        """Smaller wins: how it is known, then how likely the word is."""
        words = SYNONYMS.get(self.field.name, ()) if self.field else ()
        return _HOW.index(self.how), words.index(self.word) if self.word in words else 0


def field_of(word: str, attributes: Set[str]) -> Field | None:
    """A kind that nothing comes before, else an attribute, else any kind by one of its words."""
    kind = FIELD_OF.get(word, word if word in _NAMABLE else None)
    if word not in _CORE and (own := word.removeprefix(_OWN_ATTRIBUTE)) in attributes:
        return Field(Kind.ATTRIBUTE, own)
    return Field.of(kind) if kind else None


def looks_like_address(cell: str) -> bool:
    return len(cell) < 255 and _ADDRESS.fullmatch(cell.strip()) is not None


def claims_of(
    words: Sequence[str],
    given: Mapping[int, Field | None],
    fields: Mapping[str, str],
    attributes: Set[str],
    *,
    statuses: bool,
) -> list[Claim]:
    """What each column says by itself. `fields` are those of the format; `statuses`: words such as `subscribed` count."""

    def claim(index: int, word: str) -> Claim:
        if index in given:
            return Claim(index, given[index], How.GIVEN, word)
        if name := fields.get(word):
            return Claim(index, Field.of(name) if name != NOTHING else None, How.FORMAT, word)
        field = field_of(word, attributes) if word not in _NOT_BY_HEADING else None
        if statuses and word in READING_OF and (field is None or field.kind is not Kind.ATTRIBUTE):
            field = Field.of(Kind.STATUS)
        return Claim(index, field, How.NAMED, word)

    return [claim(index, word) for index, word in enumerate(words)]


def settled(claims: Iterable[Claim], headings: Sequence[str]) -> list[Claim]:
    """One column for each field, by their places.

    Raises:
        ValueError: two columns have the same right to a field that must not be mixed up.
    """
    chosen: dict[Field, Claim] = {}
    statuses = []
    for claim in _names_settled([claim for claim in claims if claim.field]):
        field = cast("Field", claim.field)
        rival = chosen.setdefault(field, claim)
        if field.kind is Kind.STATUS:
            statuses.append(claim)
        elif claim.how is rival.how and rival is not claim and _must_be_one(claim):
            raise Unclear(_both(headings, rival, claim))
        elif claim.strength < rival.strength:
            chosen[field] = claim
    return sorted({claim for claim in chosen.values() if claim.kind is not Kind.STATUS} | {*statuses}, key=_place)


def _place(claim: Claim) -> tuple[int, str]:
    return claim.place, claim.field.name if claim.field else ""


def _must_be_one(claim: Claim) -> bool:
    return claim.how is How.GIVEN or (claim.how is How.NAMED and claim.kind not in _TAKES_FIRST)


def _both(headings: Sequence[str], one: Claim, other: Claim) -> str:
    field = one.field.name if one.field else ""
    named = headings[other.place] if word_of(headings[one.place]) != word_of(headings[other.place]) else other.place + 1
    return (
        f"the columns `{headings[one.place]}` and `{headings[other.place]}` both hold {field}; keep one of "
        f'them, or say which: --map "{named}={field}"'
    )


def _names_settled(claims: list[Claim]) -> list[Claim]:
    """A column `name` is the whole name, or the half that no other column has: Vorname, Name."""
    kinds = {claim.kind for claim in claims}
    if not kinds & {Kind.FIRST_NAME, Kind.LAST_NAME}:
        return claims
    half = None
    if Kind.FIRST_NAME not in kinds:
        half = Field.of(Kind.FIRST_NAME)
    elif Kind.LAST_NAME not in kinds and any(claim.word in FIRST_BESIDE_LAST for claim in claims):
        half = Field.of(Kind.LAST_NAME)
    return [
        claim._replace(field=half) if claim.kind is Kind.FULL_NAME and claim.how is not How.GIVEN else claim
        for claim in claims
        if claim.kind is not Kind.FULL_NAME or claim.how is How.GIVEN or (half and claim.word in NAMES)
    ]


def address_by_cells(sample: Sequence[Sequence[str]], width: int, taken: Set[int]) -> list[int]:
    """The columns whose cells are nearly all addresses; and those with many that have more of them than one of these."""
    found: dict[int, int] = {}
    many: dict[int, int] = {}
    for index in range(min(width, 1_000)):
        cells = [row[index] for row in sample if index < len(row) and row[index].strip()]
        addresses = sum(map(looks_like_address, cells)) if index not in taken else 0
        if addresses and 10 * addresses >= 9 * len(cells):
            found[index] = addresses
        elif 2 * addresses > len(cells):
            many[index] = addresses
    return sorted([*found, *(index for index, addresses in many.items() if found and addresses > min(found.values()))])
