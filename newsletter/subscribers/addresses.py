"""Is this text an address that mail can be sent to? A fast pattern for the usual ones, email-validator for the rest.

Reserved domains (RFC 2606: example.org, .test, .invalid, ...) are valid, so that samples and tests can be imported.
The part before the @ must be ASCII: anything else needs SMTPUTF8 (RFC 6531) on the whole way.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.model.identity import identity

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
#: accepts less than email-validator does (a test holds the two together) at a fiftieth of its price
_USUAL = re.compile(
    r"(?=[^@]{1,64}@)(?=.{6,254}\Z)" + _LOCAL + r"@(?![^@]*--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?!(?:arpa|local|localhost|onion)\Z)[a-z](?:[a-z0-9-]{0,61}[a-z])\Z",
    re.ASCII | re.IGNORECASE,
)
_USUAL_LOCAL = re.compile(rf"(?=.{{1,64}}\Z){_LOCAL}\Z", re.ASCII | re.IGNORECASE)
_SEVERAL = re.compile(r"@[^@\s,;|/:]+[\s,;|/:]+[^@\s,;|/:]+@")
_INVALID = re.compile(r"\.invalid\Z", re.IGNORECASE)
#: a domain this long leaves room for any part before the @ (RFC 5321: 254 in all)
_SHORT_DOMAIN = 254 - 1 - 64

is_usual = _USUAL.match


def checked_address(text: str) -> str:
    """The address as it was given.

    Raises:
        ValueError: it is not an address that we can send to; the message says why.
    """
    if not is_usual(text):
        _check_unusual(text)
    return text


def quick_identity(text: str) -> str | None:
    """The identity of an address where that is cheap to say, and it was found valid; None says nothing.

    The same as `identity(checked_address(text))`.
    """
    if is_usual(text):
        return text.lower()
    local, at, domain = text.rpartition("@")
    if at and not domain.isascii() and _USUAL_LOCAL.match(local) and (short := _short_domain(domain)):
        return f"{local.lower()}@{short}"
    return None


@lru_cache(maxsize=4096)
def _short_domain(domain: str) -> str | None:
    """The identity of an international domain behind which any usual local part is fine, however long."""
    try:
        known = identity(checked_address(f"x@{domain}"))[2:]
    except ValueError:
        return None
    return known if len(known) <= _SHORT_DOMAIN else None


def _check_unusual(address: str) -> None:
    from email_validator import EmailNotValidError, validate_email

    local = address.rpartition("@")[0]
    if _SEVERAL.search(address):
        raise ValueError("there are several addresses in it; keep one, and give each of the others a line of its own")
    if local and not local.isascii():
        raise ValueError("the part before the @ needs SMTPUTF8, which providers rarely carry")
    # email-validator knows all reserved domains but .invalid as fit for tests
    stand_in = _INVALID.sub(".test", address)
    try:
        validate_email(stand_in, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as why:
        raise ValueError(f"this is not an email address ({str(why).rstrip('.')})") from None
    try:
        identity(address)
    except ValueError:  # the two read Unicode's tables differently
        raise ValueError("this is not an email address (its domain cannot be written in A-labels)") from None
