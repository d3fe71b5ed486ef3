"""SendGrid's reply to a request -> our Answer. What is not in the table is doubt: nobody can say, so nobody repeats it.

Sources: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses and the rule that
only a refusal by name is a definite no. In 408 and 5xx the message may have been taken before the failure.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from newsletter.model.letter import Answer, Verdict
from newsletter.model.quoted import LONGEST, cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.esp.sendgrid.client import Reply

VERDICTS: Mapping[int, Verdict] = {
    202: Verdict.ACCEPTED,
    400: Verdict.REFUSED,  # or BLAMED, TOO_LARGE: see _bad_request
    401: Verdict.NOT_AUTHORISED,
    403: Verdict.NOT_AUTHORISED,
    413: Verdict.TOO_LARGE,
    429: Verdict.TRY_LATER,
}
#: what sandbox mode answers instead of 202: checked, not sent
_SANDBOX_OK = 200

_WORDS = {
    Verdict.NOT_AUTHORISED: "SendGrid does not accept the key, or the key may not send from this address",
    Verdict.TOO_LARGE: "SendGrid says that the request is too large",
    Verdict.TRY_LATER: "SendGrid asks us to slow down",
    Verdict.REFUSED: "SendGrid refused the request",
    Verdict.UNCERTAIN: "SendGrid's answer does not say whether it took the request",
}
_BLAMES = re.compile(r"personalizations[.\[](\d+)")
_TWICE = re.compile(r"duplicate|\bunique\b", re.IGNORECASE)
#: its limits on them are documented three ways: half as many readers may pass
_SUBSTITUTIONS = re.compile(r"substitution", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,15}")
#: seconds; who says more has another clock, or counts in milliseconds
_LONGEST_WAIT = 3600.0
#: what answers like this is not SendGrid's API, as a rule; nobody can be sure
_NOT_THE_API = frozenset({301, 302, 303, 307, 308, 404, 405})


def answer(
    reply: Reply, numbers: Sequence[int], *, sandbox: bool, now: datetime, addresses: Sequence[str] = ()
) -> Answer:
    """What the reply means for the deliveries with these numbers, in the order of the request, as are their `addresses`."""
    if (
        reply.status == _SANDBOX_OK and sandbox and not reply.body.lstrip().startswith(b"<")
    ):  # no page of something between
        return Answer(verdict=Verdict.ACCEPTED, detail="checked in sandbox mode, not sent")
    verdict = VERDICTS.get(reply.status, Verdict.UNCERTAIN)
    if verdict is Verdict.ACCEPTED:
        return Answer(verdict=verdict, provider_id=reply.headers.get("x-message-id", ""))
    if verdict is Verdict.REFUSED:
        return _bad_request(reply, numbers, addresses)
    wait = seconds_to_wait(reply.headers, now) if verdict is Verdict.TRY_LATER else None
    return Answer(verdict=verdict, detail=_detail(verdict, reply), retry_after=wait)


def no_reply(failure: Exception) -> Answer:
    """Once a connection stood, a failure says nothing about what the server has taken."""
    why = f"the connection to SendGrid broke before it answered ({type(failure).__name__})"
    return Answer(verdict=Verdict.UNCERTAIN, detail=why)


def _bad_request(reply: Reply, numbers: Sequence[int], addresses: Sequence[str]) -> Answer:
    """Of two addresses that SendGrid takes for one (we do not) neither is to blame: in halves of the chunk they come apart."""
    errors = errors_in(reply.body)
    said = " ".join(f"{error['field']} {error['message']}" for error in errors)
    detail = _detail(Verdict.REFUSED, reply)
    if not _TWICE.search(said) and (blamed := _blamed(errors, numbers, addresses)):
        return Answer(verdict=Verdict.BLAMED, detail=detail, blamed=blamed)
    if len(numbers) > 1 and (_TWICE.search(said) or _SUBSTITUTIONS.search(said)):
        return Answer(verdict=Verdict.TOO_LARGE, detail=detail)
    return Answer(verdict=Verdict.REFUSED, detail=detail)


def _blamed(errors: Sequence[Mapping[str, str]], numbers: Sequence[int], addresses: Sequence[str]) -> dict[int, str]:
    """Delivery -> why, if every error names one of our readers; else nobody is to blame."""
    found: dict[int, str] = {}
    for error in errors:
        match = _BLAMES.match(error["field"])
        if not match or int(match[1]) >= len(numbers):
            return {}
        place = int(match[1])
        found.setdefault(numbers[place], f"SendGrid: {cleaned(error['message'], *addresses[place : place + 1])}")
    return found


def errors_in(body: bytes) -> list[dict[str, str]]:
    """What SendGrid dislikes, with the field that it names; nothing where the body is no such thing."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        return []
    listed = data.get("errors") if isinstance(data, dict) else None
    return [
        {"field": str(item.get("field") or ""), "message": str(item.get("message") or "")}
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, dict)
    ]


def _detail(verdict: Verdict, reply: Reply) -> str:
    advice = "; is esp.sendgrid.host right?" if reply.status in _NOT_THE_API else ""
    return f"{_WORDS[verdict]} ({words_of(reply)}){advice}"


def words_of(reply: Reply) -> str:
    """What SendGrid says, without what it quotes."""
    said = "; ".join(dict.fromkeys(cleaned(e["message"]) for e in errors_in(reply.body) if e["message"]))
    return f"HTTP {reply.status}{': ' + said[:LONGEST] if said else ''}"


def seconds_to_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Until the limit is lifted, the later of what is said: X-RateLimit-Reset is a unix time, Retry-After seconds or a date."""
    reset, after = headers.get("x-ratelimit-reset", ""), headers.get("retry-after", "")
    waits = [int(reset) - now.timestamp()] if _SECONDS.fullmatch(reset) else []
    if _SECONDS.fullmatch(after):
        waits.append(float(after))
    elif (moment := _moment(after)) is not None:
        waits.append(moment.timestamp() - now.timestamp())
    return min(max(0.0, *waits), _LONGEST_WAIT) if waits else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
