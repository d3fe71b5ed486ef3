"""SendGrid's v3 API over HTTP, as strict as its documentation and as faulty as one asks.

By hand: `python -m tests.fakes.sendgrid --help`; in tests: `with FakeSendGrid() as fake`. Accepted requests are kept and
their substitutions applied, so that each reader's finished mail can be looked at.
"""

from __future__ import annotations

from tests.fakes.sendgrid.events import Fates
from tests.fakes.sendgrid.fake import KEY, FakeSendGrid
from tests.fakes.sendgrid.faults import TAKEN, UNTAKEN, Behaviour, RateLimit
from tests.fakes.sendgrid.limits import MAX_BYTES
from tests.fakes.sendgrid.mails import Mail
from tests.fakes.sendgrid.parts import RESERVED
from tests.fakes.sendgrid.webhooks import Manners, Signer, Webhooks

__all__ = [
    "KEY",
    "MAX_BYTES",
    "RESERVED",
    "TAKEN",
    "UNTAKEN",
    "Behaviour",
    "FakeSendGrid",
    "Fates",
    "Mail",
    "Manners",
    "RateLimit",
    "Signer",
    "Webhooks",
]
