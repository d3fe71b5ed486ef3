from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.web import forms

if TYPE_CHECKING:
    from starlette.types import Message


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_SECONDS", 0.01)

    async def never() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []}, never)
    with pytest.raises(HTTPException) as refused:
        anyio.run(forms.read_form, request)
    assert refused.value.status_code == 408


def test_capitals_in_names_and_space_around_values_do_not_matter() -> None:
    form = forms.Form(values={"list-unsubscribe": (" one-CLICK\r\n",)})
    assert form.has("List-Unsubscribe", "One-Click")
    assert not form.has("List-Unsubscribe", "")
    assert form.all("other") == ()
