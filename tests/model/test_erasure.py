"""Addresses are found in texts however they are written there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.erasure import redacted


@pytest.mark.parametrize(
    "text",
    [
        *(
            "550 <ada+news@bücher.example>: no such user",
            "ADA+NEWS@BÜCHER.EXAMPLE",
            "to=ada%2Bnews%40xn--bcher-kva.example",
        ),
        *("ada+news@xn--bcher-kva.example", "ada+news&#64;bücher.example", "ada+news\uff20bu\u0308cher.example"),
        "nevada+news@bücher.example.org",
    ],
)
def test_every_spelling_goes(text: str) -> None:
    assert "news" not in redacted(text, ["Ada+News@bücher.example"]).lower()


def test_other_addresses_stay() -> None:
    text = "bob@example.org and ada@example.com are unknown"
    assert redacted(text, ["ada@example.org"]) == text


@pytest.mark.parametrize("address", ["ada@exa mple..org", "@", "", "a(b@[x", "ada@" + "x" * 300])
def test_an_address_that_cannot_be_does_no_harm(address: str) -> None:
    assert "bob" in redacted("bob@example.org", [address])


@given(st.text(), st.sampled_from(["ada@example.org", "a.b+c@example.org"]))
def test_what_has_no_at_sign_stays(text: str, address: str) -> None:
    if not any(at in text for at in ("@", "%", "&", "\uff20")):
        assert redacted(text, [address]) == text
