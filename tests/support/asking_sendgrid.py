"""Raw requests to the fake of SendGrid, as no sender of ours would make them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.fakes.sendgrid import KEY

JSON = {"Content-Type": "application/json"}


def person(n: int = 1, **more: Any) -> dict[str, Any]:
    """A personalization."""
    return {"to": [{"email": f"reader{n}@example.net"}], **more}


def request(*people: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One that is allowed, unless `more` says otherwise; None leaves a parameter out."""
    body = {
        "personalizations": list(people) or [person()],
        "from": {"email": "letters@example.org", "name": "Clinic"},
        "subject": "Walking",
        "content": [{"type": "text/plain", "value": "Walk."}, {"type": "text/html", "value": "<p>Walk.</p>"}],
        **more,
    }
    return {name: value for name, value in body.items() if value is not None}


class Caller(httpx.Client):
    """Keeps its connections alive, and follows no redirect."""

    def __init__(self, url: str, key: str = KEY) -> None:
        super().__init__(base_url=url, headers={"Authorization": f"Bearer {key}"}, trust_env=False, verify=False)

    def send_mail(self, body: Any = None, **more: Any) -> httpx.Response:
        return self.post("/v3/mail/send", json=request() if body is None else body, **more)


def complaint(answer: httpx.Response) -> tuple[str, str]:
    """(field, message) of the first error, whose shape is looked at too."""
    errors = answer.json()["errors"]
    assert all(error.keys() == {"message", "field", "help"} for error in errors)
    return errors[0]["field"] or "", errors[0]["message"]
