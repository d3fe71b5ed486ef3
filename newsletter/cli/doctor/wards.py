"""Are the names on the command line some that we know?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SELECTOR = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def check_areas(names: Iterable[str], *, of_a_mail: bool) -> None:
    """Raises click.UsageError."""
    from newsletter.pipeline.doctor import areas, delivered_areas
    from newsletter.validate import nearest

    known = (delivered_areas if of_a_mail else areas).TITLES
    for name in names:
        if name not in known:
            guess = nearest(name, known)
            advice = f"Did you mean {guess}?" if guess else f"There are: {', '.join(known)}."
            msg = f"There is no area {name!r} to look at. {advice}"
            raise click.UsageError(msg)


def check_selectors(names: Collection[str], *, of_a_mail: bool) -> None:
    """Raises click.UsageError."""
    if names and of_a_mail:
        msg = "A mail says itself which keys it was signed with: leave --selector out."
        raise click.UsageError(msg)
    for name in names:
        if not _SELECTOR.fullmatch(name):
            msg = f"{name!r} is no name of a DKIM key. It is the s= in a mail's DKIM-Signature, such as s1."
            raise click.UsageError(msg)
