"""What mail programs make of a mail: features that many readers go without, and the age of what we know about that.

The table is of caniemail.com; docs/client-support.md tells what is counted and how the table is renewed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from newsletter.check.clients.losses import LOSSES
from newsletter.check.clients.support import TOLD_FROM, audience, percent, programs_in_words, support_of
from newsletter.check.own_templates import place_in_templates, workspace_of
from newsletter.check.rulebook import Finding, issue_rule, mail_rule
from newsletter.model.problem import Level, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.clients.features import Use
    from newsletter.check.clients.support import Audience
    from newsletter.check.clients.table import ClientTable
    from newsletter.check.mail import Mail
    from newsletter.check.rulebook import Content

#: days, a year and a half: mail programs change slowly
OLD_FROM = 548
_DECLARE = " Which programs your readers use can be said in the section `[clients]` of newsletter.toml."


@mail_rule("client-unsupported", Level.WARNING)
def features_are_supported(mail: Mail) -> Iterator[Finding]:
    """Something in the mail that many readers' mail programs do not know.

    A tenth of the readers or more would see the mail without it, and would lose something: columns that fall apart, a
    picture that stays away, words that nobody sees. What is only nicer with it, and what has a fallback beside it, is not told.

    It comes from a template of your own, or from an image in a format that mail programs do not show. Change what the message
    names. How many readers use which program can be said in the section `[clients]` of newsletter.toml; without it, nine
    programs count as much as each other. The table is of caniemail.com; `newsletter clients show` tells its age.

    Bad:

        ![The clinic from the street](https://example.org/clinic.webp)

    Good:

        ![The clinic from the street](https://example.org/clinic.jpg)
    """
    from newsletter.check.clients.table import table_for

    lost = losses_of(mail)
    if not lost:
        return
    table, readers = table_for(workspace_of(mail.issue)), audience(mail.settings.clients)
    for uses in _together(mail, lost):
        yield from _unsupported(mail, uses, table, readers)


def losses_of(mail: Mail) -> list[Use]:
    """The uses of features in a mail whose loss would be noticed, before any program is asked."""
    from newsletter.check.clients.features import features_of

    return list(features_of(mail.page, mail.html).uses)


def _together(mail: Mail, lost: list[Use]) -> Iterator[list[Use]]:
    """A feature is told once; images once for each place of the author's."""
    groups: dict[tuple[str, frozenset[str], Place | None], list[Use]] = defaultdict(list)
    for use in lost:
        groups[use.feature, use.spared, mail.place(use.offset) if use.of_image else None].append(use)
    yield from groups.values()


def _unsupported(mail: Mail, uses: list[Use], table: ClientTable, readers: Audience) -> Iterator[Finding]:
    use = uses[0]
    support = support_of(use.feature, table, readers, use.spared)
    if support.without < TOLD_FROM:
        return
    loss = LOSSES[use.feature]
    places = f" ({len(uses)} places)" if len(uses) > 1 else ""
    message = (
        f"`{use.seen}`{places} is unknown to mail programs of about {percent(support.without)} of the readers "
        f"({programs_in_words(support.programs, readers)}): {loss.what} (caniemail.com, {table.day:%Y-%m})"
    )
    yield Finding(at=_place(mail, use), message=message, fix=loss.fix + ("" if readers.declared else _DECLARE))


def _place(mail: Mail, use: Use) -> Place:
    own = None if use.of_image else place_in_templates(mail.issue, use.pattern)
    return own or mail.place(use.offset)


@issue_rule("client-data-old", Level.INFORMATION)
def client_data_is_fresh(content: Content) -> Iterator[Finding]:
    """What is known about mail programs is a year and a half older than the issue, or cannot be read.

    Mail programs learn new things, and forget some. The table of what they support comes with this software and gets old:
    what it says about your mail may no longer be true. `newsletter clients renew` fetches the newest one into this folder.

    Bad:

        ---
        title: What a good walk does for a stiff hip
        preheader: Three short walks a day do more for a hip than one long one.
        date: 2999-01-01
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    from newsletter.check.clients.table import FILE_NAME, table_for, why_unreadable

    issue, folder = content.issue, workspace_of(content.issue)
    if folder and (why := why_unreadable(folder)):
        message = f"{FILE_NAME} of this newsletter cannot be used: {why}; ours is taken instead"
        yield Finding(at=Place(file=str(folder / FILE_NAME)), message=message, fix="Renew it: newsletter clients renew")
    table = table_for(folder)
    if issue.date and (issue.date - table.day).days > OLD_FROM:
        message = f"what we know about mail programs is of {table.day:%Y-%m-%d}; findings about them may be out of date"
        fix = "Fetch the newest table: newsletter clients renew"
        yield Finding(at=issue.place("date"), message=message, fix=fix)


RULES = (features_are_supported, client_data_is_fresh)
