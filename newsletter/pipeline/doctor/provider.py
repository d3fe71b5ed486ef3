"""Is the provider ready: key, rights, who may be the sender, its reports; or a mail server that takes our mail?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor import sendgrid, smtp
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "provider"
_say = Findings(AREA)


def findings(look: Look) -> Iterator[Finding]:
    for name in look.senders:
        if name == "outbox":
            yield _say.ok("outbox", "esp.name is outbox: mails are written into a folder, and nobody gets any")
        elif name == "sendgrid":
            yield from sendgrid.findings(look)
        elif name == "smtp":
            yield from smtp.findings(look)
        else:
            yield _say.wrong(
                "sender-unknown", f"there is no sender {name}", "Set esp.name to outbox, sendgrid or smtp."
            )
