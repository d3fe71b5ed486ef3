"""Which hosts are the machine we run on."""

from __future__ import annotations

import pytest

from newsletter.esp.this_machine import is_this_machine


@pytest.mark.parametrize("host", ["localhost", "mail.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", ["", "example.org", "localhost.example.org", "10.0.0.1", "2001:db8::1", "notlocalhost"]
)
def test_another_one(host: str) -> None:
    assert not is_this_machine(host)
