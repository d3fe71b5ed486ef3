"""Keys of the API: made once, proved by a hash, ended for good; and the commands for them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from newsletter.errors import ApiKeyNotFound
from newsletter.model.api_key import Scope
from newsletter.store import api_keys
from newsletter.store import tables as t
from tests.support.operator import operator_at
from tests.support.readers import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.api_key import ApiKey
    from newsletter.store.database import Store

LATER = timedelta(days=1)


def made(store: Store, **more: object) -> tuple[ApiKey, str]:
    with store.write() as connection:
        return api_keys.add(connection, "website", [Scope.LISTS_READ], NOW, **more)  # type: ignore[arg-type]


def opens(store: Store, text: str, now: object = NOW) -> bool:
    with store.read() as connection:
        return api_keys.authenticated(connection, text, now) is not None  # type: ignore[arg-type]


def test_a_key_opens_with_its_whole_text_only(store: Store) -> None:
    key, text = made(store)
    assert re.fullmatch(r"nlk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", text)
    other = made(store)[1]
    swapped = f"nlk_{key.prefix}_{other.rpartition(f'{other[4:16]}_')[2]}"
    assert opens(store, text)
    for wrong in (
        swapped,
        text[:-1],
        f"{text} ",
        text.upper(),
        "nlk_",
        "",
        f"{text}\n",
        "nlk_000000000000_" + "x" * 43,
    ):
        assert not opens(store, wrong), wrong


def test_the_text_of_a_key_stands_nowhere(store: Store) -> None:
    key, text = made(store)
    with store.read() as connection:
        row = connection.execute(select(t.api_keys)).one()
    assert text[17:] not in repr(tuple(row))
    assert (row.prefix, row.scopes) == (key.prefix, "lists:read")


def test_a_key_that_expired_or_was_revoked_opens_nothing(store: Store) -> None:
    _, short = made(store, expires_at=NOW + LATER)
    assert opens(store, short, NOW + LATER - timedelta(seconds=1))
    assert not opens(store, short, NOW + LATER)
    key, text = made(store)
    with store.write() as connection:
        assert api_keys.revoke(connection, key.prefix, NOW)[1]
        again, changed = api_keys.revoke(connection, key.prefix, NOW + LATER)
        assert (again.revoked_at, changed) == (NOW, False)
        with pytest.raises(ApiKeyNotFound):
            api_keys.revoke(connection, "nothing", NOW)
    assert not opens(store, text)


def test_the_use_of_a_key_is_noted_once_an_hour(store: Store) -> None:
    key, text = made(store)
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    for moment, noted in ((NOW, hour), (NOW + timedelta(hours=2), hour + timedelta(hours=2)), (NOW, None)):
        with store.write() as connection:
            api_keys.note_use(connection, key, moment)
            known = api_keys.authenticated(connection, text, moment)
        assert known
        assert api_keys.is_noted(known, moment)
        assert noted is None or known.used_at == noted
    assert not api_keys.is_noted(key, NOW)
    assert known
    assert known.used_at == hour + timedelta(hours=2)  # never back


def test_a_key_is_shown_once_and_can_be_listed_and_ended(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = operator_at(tmp_path, migrated_sqlite, monkeypatch)
    told = operator.types("api-keys", "add", "website", "--scope", "lists:read", "--expires", "2199-12-31")
    text = told.stdout.strip()
    assert opens(operator.store, text)
    assert "cannot be shown again" in told.stderr
    [listed] = operator.json("api-keys", "list")["api_keys"]
    assert listed["expires_at"] == "2200-01-01T08:00:00+00:00"  # midnight in Los Angeles
    assert text[17:] not in operator.reads("api-keys", "list")
    # the whole key is understood too, and never repeated
    said = operator.reads("api-keys", "revoke", text)
    assert "revoked" in said
    assert text[17:] not in said
    assert not opens(operator.store, text)
    assert "revoked" in operator.reads("api-keys", "list")
    operator.store.close()
