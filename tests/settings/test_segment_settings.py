"""[segments]: the values that a segment can ask for, by the type of its attribute."""

from __future__ import annotations

import tomllib

import pytest
from pydantic import ValidationError

from newsletter.settings import Settings

HEAD = """
[newsletter]
name = "Letters"
base_url = "https://news.example.org"
[sender]
name = "Clinic"
address = "letters@example.org"
postal_address = "12 Example Street"
[attributes]
sport = { type = "choice", choices = ["la\u0308uft", "geht"] }
age = { type = "number" }
member = { type = "yes-no" }
seen = { type = "date" }
city = { type = "text" }
"""


def equals(attribute: str, value: str) -> object:
    """What a segment that is written like this asks for."""
    text = f"{HEAD}[segments.some]\nattribute = '{attribute}'\nequals = {value}\n"
    return Settings.model_validate(tomllib.loads(text)).segments["some"].equals


@pytest.mark.parametrize(
    ("attribute", "value", "asked"),
    [
        ("seen", "2026-12-01", "2026-12-01"),
        ("seen", '"2026-12-01"', "2026-12-01"),
        ("sport", '"l\u00e4uft"', "l\u00e4uft"),
        ("sport", '"la\u0308uft"', "l\u00e4uft"),
        ("city", '" Oslo "', "Oslo"),
        ("age", "1e3", 1000.0),
        ("age", "-0.5", -0.5),
        ("member", "false", False),
    ],
)
def test_a_value_is_asked_for_as_an_import_would_have_stored_it(attribute: str, value: str, asked: object) -> None:
    found = equals(attribute, value)
    assert (found, type(found)) == (asked, type(asked))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("age", "inf"),
        ("age", "nan"),
        ("age", "1e15"),
        ("age", "1000000000000000"),
        ("age", "true"),
        ("age", '"70"'),
        ("city", '""'),
        ("city", '"  "'),
        ("city", '"a\\nb"'),
        ("city", '"a\\u0000"'),
        ("city", "70"),
        ("seen", "2026-12-01T10:00:00"),
        ("seen", '"1 December"'),
        ("member", '"yes"'),
        ("sport", '"swims"'),
    ],
)
def test_a_value_that_nobody_can_have_is_refused(attribute: str, value: str) -> None:
    with pytest.raises(ValidationError):
        equals(attribute, value)


def test_two_spellings_of_one_value_can_be_the_same_readers_and_two_values_cannot() -> None:
    segments = """
[segments.one]
attribute = "sport"
equals = "l\u00e4uft"
[segments.same]
attribute = "sport"
equals = "la\u0308uft"
[segments.other]
attribute = "sport"
equals = "geht"
"""
    settings = Settings.model_validate(tomllib.loads(HEAD + segments))
    assert settings.can_share_a_reader({"one", "same", "a-list"})
    assert not settings.can_share_a_reader({"one", "other", "a-list"})
