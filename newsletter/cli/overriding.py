"""`--override CODE REASON`: errors of a check that are to stand, by whoever signs or sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.errors import SendingRefused
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.pipeline import Prepared
    from newsletter.settings import Workspace


def with_overrides(place: Workspace, prepared: Prepared, overrides: Mapping[str, str]) -> Prepared:
    """The issue with these errors let stand. A code that nobody has, or no reason, is a slip of whoever typed it.

    Raises:
        SendingRefused: this check guards what law or safety demands.
    """
    from newsletter import pipeline
    from newsletter.check.book import by_code
    from newsletter.pipeline.own_rules import rules_of

    if not overrides:
        return prepared
    rules, _ = rules_of(place)
    book = by_code(rules)
    for code, reason in overrides.items():
        if code not in book:
            guess = nearest(code, book)
            msg = f"--override: there is no check `{code}`." + (f" Did you mean {guess}?" if guess else "")
            raise click.UsageError(msg)
        if not reason.strip():
            msg = f"--override {code}: say why; the reason is kept with the issue."
            raise click.UsageError(msg)
        if book[code].must:
            raise SendingRefused(
                f"`{code}` guards what law or safety demands, or says that something cannot be read; it cannot be "
                "overridden",
                f"Correct the issue: newsletter check {prepared.slug}",
            )
    return pipeline.overridden(prepared, overrides, rules)
