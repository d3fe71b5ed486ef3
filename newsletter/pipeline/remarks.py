"""What a sender cannot carry as it stands, said aloud before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.compose.links import pictures_url
from newsletter.model.letter import Letter
from newsletter.pipeline.addressing import domain_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.deliver.ports import Sender
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace


def remarks(workspace: Workspace, prepared: Prepared, senders: Sequence[Sender], now: datetime) -> dict[str, list[str]]:
    """Sender -> what it leaves out or changes, over all variants; senders that have nothing to say are left out."""
    letters = [*_letters(workspace, prepared, now)]
    said = {
        sender.name: [*dict.fromkeys(remark for letter in letters for remark in sender.remarks(letter))]
        for sender in senders
    }
    return {name: lines for name, lines in said.items() if lines}


def _letters(workspace: Workspace, prepared: Prepared, now: datetime) -> Sequence[Letter]:
    settings = workspace.settings
    tracking: Mapping[str, bool] = {"opens": settings.tracking.opens, "clicks": settings.tracking.clicks}
    return [
        Letter(
            rendered=rendered,
            mailing="0",
            list_id="",
            date=now,
            domain=domain_of(rendered),
            pictures=tuple(prepared.images),
            pictures_url=pictures_url(settings.newsletter.base_url),
            **tracking,
        )
        for rendered in prepared.variants
    ]
