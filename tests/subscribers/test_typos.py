"""Hints at misspelled domains: found where a slip is likely, silent where a domain is real."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.typos import hint


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmai.de", "hotmail.de"),
        ("yaho.co.uk", "yahoo.co.uk"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("t-onlin.de", "t-online.de"),
        ("practice.con", "practice.com"),
        ("mail.practice.nte", "mail.practice.net"),
    ],
)
def test_slips_are_found(domain: str, meant: str) -> None:

    assert hint(f"ada@{domain}") == meant


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "mail.com",
        "ymail.com",
        "email.com",
        "gmx.de",
        "me.com",
        "ne.com",
        "hotmail.be",
        "yahoo.co.uk",
        "yahoo.dk",
        "example.org",
        "mail.gmail.com",
        "gmial.example",
        "x" * 60 + ".com",
        "",
    ],
)
def test_domains_that_look_right_get_no_hint(domain: str) -> None:
    assert hint(f"ada@{domain}") is None


@given(st.text(max_size=40))
def test_whatever_is_hinted_needs_no_further_hint(domain: str) -> None:
    meant = hint(f"a@{domain}")
    assert meant is None or hint(f"a@{meant}") is None
