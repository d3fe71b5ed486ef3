"""What findings about the DNS have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from newsletter.pipeline.doctor.finding import Finding

AREA = "dns"
say = Findings(AREA)


def unknown(name: str, why: str) -> Finding:
    advice = (
        "Try again; if it stays so, ask whoever runs the name servers of the domain, or name others: --nameserver IP"
    )
    return say.unseen("dns-no-answer", f"{name}: {why}", advice)
