"""Where the database is: what is wrong about its URL is told, and nothing of a password with it."""

from __future__ import annotations

import pytest

from newsletter.errors import ServiceMissing
from newsletter.store.engines import checked_url


@pytest.mark.parametrize("password", ["hush@hush", "hush@hush@hush", "hush/hush@hush"])
def test_no_part_of_a_password_is_taken_for_something_else(password: str) -> None:
    with pytest.raises(ServiceMissing, match="write @ as %40") as why:
        checked_url(f"postgresql://letters:{password}@db.example.org/letters")
    assert "hush" not in str(why.value)


def test_a_password_may_have_any_sign_that_is_written_so() -> None:
    url = checked_url("postgresql://letters:hu%40sh%2F@db.example.org/letters")
    assert (url.password, url.host, url.database) == ("hu@sh/", "db.example.org", "letters")
