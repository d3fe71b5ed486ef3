"""The checks of a finished mail, called with the pieces that a test has at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.check import SHIPPED, Mail, check_mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.check.rulebook import Rule
    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.model.rendered import ImageFile, Origins, Rendered
    from newsletter.settings import Settings


def check_rendered(
    issue: Issue,
    rendered: Rendered,
    origins: Origins,
    disclaimers: Sequence[Disclaimer],
    settings: Settings,
    references: Sequence[Reference] = (),
    images: Sequence[ImageFile] = (),
    rules: Sequence[Rule[Any]] = SHIPPED,
) -> list[Problem]:
    return check_mail(
        Mail(
            issue=issue,
            rendered=rendered,
            origins=origins,
            disclaimers=tuple(disclaimers),
            references=tuple(references),
            settings=settings,
            images=tuple(images),
        ),
        rules,
    )
