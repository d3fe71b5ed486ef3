"""How a delivery is addressed: who, by what name, and with links of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.keys import DeliveryToken, Keys
from newsletter.model.subscriber import Subscriber
from newsletter.pipeline.addressing import envelopes
from newsletter.settings import load
from tests.support.workspace import make

if TYPE_CHECKING:
    from pathlib import Path

KEYS = Keys(["a secret"])
ADA = Subscriber(
    number=3,
    public_id="p3",
    address="ada@example.org",
    first_name="Ada",
    last_name="Moss",
    language="en",
    attributes={"since": 2019, "member": True, "city": "Köln", "first_name": "shadow", "view_url": "shadow"},
)


def test_an_envelope_has_all_fields_as_text_and_links_of_its_own(tmp_path: Path) -> None:
    made = envelopes(load(make(tmp_path / "w").folder, {}), KEYS, 77)(12, ADA)
    token = KEYS.token(DeliveryToken(mailing=77, n=12))
    assert (made.n, made.address, made.name) == (12, "ada@example.org", "Ada Moss")
    assert made.values == {
        "since": "2019",
        "member": "yes",
        "city": "Köln",
        "first_name": "Ada",
        "last_name": "Moss",
        "email": "ada@example.org",
        "language": "en",
        "unsubscribe_url": f"https://news.example.org/u/{token}",
        "preferences_url": f"https://news.example.org/p/{token}",
        "view_url": f"https://news.example.org/v/{token}",
    }


@pytest.mark.parametrize(
    ("first", "last", "name"), [("Ada", "", "Ada"), ("", "Moss", "Moss"), ("", "", ""), ("Ada", "Moss", "Ada Moss")]
)
def test_a_name_is_what_is_known_of_it(first: str, last: str, name: str) -> None:
    assert Subscriber(number=1, public_id="p", address="a@example.org", first_name=first, last_name=last).name == name
