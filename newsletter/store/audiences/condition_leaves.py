"""Each kind of leaf of a condition as SQL, on both databases alike. A leaf is true or false, never NULL.

A segment asks for a value of its attribute's type. What was stored as text, before the attribute was given that type,
counts in `equals` as what an import would read it as today. Comparing takes numbers and dates as they are.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Double,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from newsletter.model.answers import forms, spellings
from newsletter.model.segment import (
    AttributeCompares,
    AttributeKnown,
    Comparison,
    Engaged,
    InLanguage,
    Joined,
    MailedSince,
    WasSent,
)
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.audiences.condition_trees import AnyList, AnyTag, AnyValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.types import TypeEngine

    from newsletter.model.importing import AttributeValue
    from newsletter.store.audiences.condition_trees import Node

#: above this many values are written into the statement: a database takes only so many parameters
_MANY = 100


def needs_row(node: Node) -> bool:
    """Whether a leaf asks for more of a subscriber than the number."""
    return not isinstance(node.leaf, AnyTag | AnyList | WasSent | MailedSince)


def leaf_holds(dialect: str, node: Node, number: ColumnElement[int]) -> ColumnElement[bool]:
    """`number` is the subscriber's; a leaf that needs its row finds it in the table `subscribers` of the same query."""
    match node.leaf:
        case AnyValue() | AttributeCompares() | AttributeKnown():
            return _of_attributes(dialect, node.leaf)
        case AnyTag(keys=keys):
            return has_tag(keys, number)
        case AnyList(lists=lists):
            return is_subscribed(lists, number)
        case InLanguage(language=language):
            return func.lower(t.subscribers.c.language.concat("-")).startswith(f"{language}-".lower(), autoescape=True)
        case Joined():
            return _joined(node.leaf)
        case WasSent() | MailedSince() | Engaged():
            return _happened(node.leaf, number)
    raise NotImplementedError(type(node.leaf).__name__)


def has_tag(keys: Sequence[str], number: ColumnElement[int]) -> ColumnElement[bool]:
    tagged = t.subscriber_tags.alias()
    return exists().where(tagged.c.subscriber == number, tagged.c.tag.in_(tag_numbers(keys)))


def tag_numbers(keys: Sequence[str]) -> Any:  # noqa: ANN401 - a scalar subquery of numbers
    return select(t.tags.c.number).where(one_of(t.tags.c.key, keys, Text()))


def is_subscribed(lists: Sequence[int], number: ColumnElement[int], after: int | None = None) -> ColumnElement[bool]:
    """`after`: their numbers are known to be greater; PostgreSQL reads the whole list unless it is said here too."""
    own = t.subscriptions.alias()
    held = exists().where(
        own.c.subscriber == number,
        one_of(own.c.list, lists, BigInteger()),
        own.c.status == SubscriptionStatus.SUBSCRIBED,
    )
    return held if after is None else held.where(own.c.subscriber > after)


def one_of(column: ColumnElement[Any], values: Sequence[Any], kind: TypeEngine[Any]) -> ColumnElement[bool]:
    if len(values) == 1:
        only: ColumnElement[bool] = column == values[0]
        return only
    many = bindparam(None, list(values), kind, unique=True, expanding=True, literal_execute=len(values) > _MANY)
    return column.in_(many)


def _joined(condition: Joined) -> ColumnElement[bool]:
    at = t.subscribers.c.joined_at
    bounds: list[ColumnElement[bool]] = [at.is_not(None)]
    if condition.since is not None:
        bounds.append(at >= condition.since)
    if condition.before is not None:
        bounds.append(at < condition.before)
    return and_(*bounds)  # false and unknown is false


def _happened(condition: WasSent | MailedSince | Engaged, number: ColumnElement[int]) -> ColumnElement[bool]:
    match condition:
        case WasSent(issue=issue):
            # the rounds are named so that the key is used
            rounds = select(t.mailings.c.again_serial).where(t.mailings.c.issue == issue)
            got = t.issue_readers.alias()
            return exists().where(got.c.issue == issue, got.c.again_serial.in_(rounds), got.c.subscriber == number)
        case MailedSince(moment=moment):
            since = select(t.mailings.c.number).where(t.mailings.c.started_at >= moment)
            got = t.issue_readers.alias()
            return exists().where(got.c.subscriber == number, got.c.mailing.in_(since))
        case Engaged(kind=kind, issue=issue):
            mailings = select(t.mailings.c.number).where(t.mailings.c.issue == issue)
            seen = t.engagements.alias()
            noted = exists().where(seen.c.subscriber == number, seen.c.mailing.in_(mailings), seen.c.kind == kind)
            return and_(t.subscribers.c.tracking.is_(true()), noted)


def _of_attributes(dialect: str, leaf: AnyValue | AttributeCompares | AttributeKnown) -> ColumnElement[bool]:
    match leaf:
        case AnyValue(attribute=name, values=values):
            equals = _equals_in_postgresql if dialect == "postgresql" else _equals_in_sqlite
            return _known(equals(name, values))
        case AttributeCompares():
            compares = _compares_in_postgresql if dialect == "postgresql" else _compares_in_sqlite
            return _known(compares(leaf))
        case AttributeKnown(attribute=name):
            kind, _ = _read_in_postgresql(name) if dialect == "postgresql" else _read_in_sqlite(name)
            return _known(kind != _constant("null"))


def _known(question: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody without the attribute does not belong: NULL would make `not` of it NULL as well."""
    return func.coalesce(question, false())


def _constant(word: str) -> ColumnElement[str]:
    return literal_column(f"'{word}'", Text())


def _read_in_sqlite(name: str) -> tuple[ColumnElement[str], ColumnElement[Any]]:
    """(the kind of a value, the value)"""
    path = f'$."{name}"'
    attributes = t.subscribers.c.attributes
    return func.json_type(attributes, path, type_=Text()), func.json_extract(attributes, path, type_=Text())


def _read_in_postgresql(name: str) -> tuple[ColumnElement[str], ColumnElement[Any]]:
    attributes = t.subscribers.c.attributes
    found: ColumnElement[Any] = attributes.op("->>", return_type=Text())(name)
    return func.json_typeof(attributes.op("->")(name), type_=Text()), found


def _equals_in_sqlite(name: str, values: Sequence[AttributeValue]) -> ColumnElement[bool]:
    kind, found = _read_in_sqlite(name)
    if isinstance(values[0], str):
        return and_(kind == _constant("text"), one_of(found, _forms(values), Text()))
    written = and_(kind == _constant("text"), one_of(func.lower(found), _spellings(values), Text()))
    if isinstance(values[0], bool):
        return or_(kind.in_([_constant("true" if value else "false") for value in values]), written)
    return or_(and_(kind.in_((_constant("integer"), _constant("real"))), _same_number(found, values)), written)


def _same_number(found: ColumnElement[Any], values: Sequence[AttributeValue]) -> ColumnElement[bool]:
    """SQLite reads both numbers from JSON: it may be off by a last digit, then for both."""
    if len(values) == 1:
        return found == _number_in_sqlite(values[0])
    every = func.json_each(json.dumps(values)).table_valued("value")
    return found.in_(select(every.c.value))


def _number_in_sqlite(value: AttributeValue) -> ColumnElement[Any]:
    return func.json_extract(json.dumps(value), "$", type_=Double())


def _equals_in_postgresql(name: str, values: Sequence[AttributeValue]) -> ColumnElement[bool]:
    kind, found = _read_in_postgresql(name)
    if isinstance(values[0], str):
        return and_(kind == _constant("string"), one_of(found, _forms(values), Text()))
    written = and_(kind == _constant("string"), one_of(func.lower(found), _spellings(values), Text()))
    if isinstance(values[0], bool):
        answers = [_constant("true" if value else "false") for value in values]
        return or_(and_(kind == _constant("boolean"), found.in_(answers)), written)
    # only `case` is sure not to cast what is no number
    return case((kind == _constant("number"), one_of(cast(found, Double), values, Double())), else_=written)


def _compares_in_sqlite(leaf: AttributeCompares) -> ColumnElement[bool]:
    kind, found = _read_in_sqlite(leaf.attribute)
    if isinstance(leaf.value, str):
        is_date = found.op("GLOB", is_comparison=True)("-".join("[0-9]" * count for count in (4, 2, 2)))
        return and_(kind == _constant("text"), is_date, _is_beyond(leaf, found, leaf.value))
    is_number = kind.in_((_constant("integer"), _constant("real")))
    return and_(is_number, _is_beyond(leaf, found, _number_in_sqlite(leaf.value)))


def _compares_in_postgresql(leaf: AttributeCompares) -> ColumnElement[bool]:
    kind, found = _read_in_postgresql(leaf.attribute)
    if isinstance(leaf.value, str):
        is_date = found.regexp_match("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        # by code points, whatever order of letters the database was made with
        return and_(kind == _constant("string"), is_date, _is_beyond(leaf, found.collate("C"), leaf.value))
    return case((kind == _constant("number"), _is_beyond(leaf, cast(found, Double), leaf.value)), else_=false())


def _is_beyond(leaf: AttributeCompares, found: ColumnElement[Any], bound: Any) -> ColumnElement[bool]:  # noqa: ANN401
    beyond: ColumnElement[bool] = found >= bound if leaf.comparison is Comparison.AT_LEAST else found <= bound
    return beyond


def _forms(texts: Sequence[AttributeValue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(forms(str(text)) for text in texts)))


def _spellings(values: Sequence[AttributeValue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(map(_spelt, values))))


def _spelt(value: AttributeValue) -> Iterator[str]:
    if not isinstance(value, str):
        for word in spellings(value):
            yield word
            yield word.replace("í", "Í")  # a database may make only ASCII small
