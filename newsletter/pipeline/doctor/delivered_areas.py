"""All that is looked at in a delivered mail."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from newsletter.pipeline.doctor import delivered_headers, delivered_reception, delivered_signatures
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from newsletter.pipeline.doctor.delivered import Delivered
    from newsletter.pipeline.doctor.delivered_reception import Judge
    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.probe.dns.asking import Dns

_log = logging.getLogger(__name__)

TITLES: Mapping[str, str] = {
    delivered_signatures.AREA: "Signatures",
    delivered_headers.ONE_CLICK_AREA: "One click to leave",
    delivered_headers.HEADERS_AREA: "Headers",
    delivered_reception.RECEIVER_AREA: "What the receiver said",
    delivered_reception.SIZE_AREA: "Size",
    delivered_reception.SPAM_AREA: "Spam filter",
}


def examine(mail: Delivered, dns: Dns | None, judge: Judge | None, only: Collection[str] = ()) -> Iterator[Finding]:
    """A mail may be made to trip whoever reads it: what fails is said, and the rest is looked at."""
    looks = (
        partial(delivered_signatures.findings, mail, dns),
        partial(delivered_headers.one_click, mail),
        partial(delivered_headers.headers, mail),
        partial(delivered_reception.receiver, mail),
        partial(delivered_reception.size, mail),
        partial(delivered_reception.spam, mail, judge),
    )
    for area, look in zip(TITLES, looks, strict=True):
        if only and area not in only:
            continue
        try:
            yield from look()
        except Exception as why:  # noqa: BLE001 - see above
            _log.info("doctor: %s of a mail failed: %s", area, type(why).__name__)
            words = f"the rest of this cannot be read in this mail ({type(why).__name__})"
            yield Findings(area).unseen("area-failed", words, "Save the mail again, as its source.")
