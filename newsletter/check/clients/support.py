"""How many readers go without a feature: the table of mail programs, weighed by the programs that the readers use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.mail_programs import in_words, platforms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.clients.table import ClientTable

#: Who the readers are taken to be where newsletter.toml does not say: the programs at the top of published counts
#: (litmus.com/blog/email-client-market-share-december-2021), each as much as any other. The counts themselves are no
#: use: they are of opens, most of which Apple's privacy protection makes, and of senders in the United States.
USUAL = (
    "apple-mail.ios",
    "apple-mail.macos",
    "gmail.android",
    "gmail.desktop-webmail",
    "gmail.ios",
    "outlook.outlook-com",
    "outlook.windows",
    "samsung-email.android",
    "yahoo.desktop-webmail",
)


#: share of the readers from which a loss is told; a tenth, rounded as it is printed
TOLD_FROM = 0.095


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The share of readers that use each program, from 0 to 1, together 1."""

    shares: Mapping[str, float]
    #: whether newsletter.toml says so, or it is our guess
    declared: bool


@dataclass(frozen=True, kw_only=True)
class Support:
    """What share of the readers has a feature not at all, or in part, and which programs those are."""

    without: float
    partly: float
    programs: tuple[str, ...]
    partial: tuple[str, ...]


def audience(declared: Mapping[str, float]) -> Audience:
    """The section [clients] as shares of single programs; a family's share is divided among those not named themselves."""
    weights = dict(_spread(declared))
    if not any(weights.values()):
        weights = dict.fromkeys(USUAL, 1.0)
    whole = sum(weights.values())
    shares = {program: weight / whole for program, weight in sorted(weights.items()) if weight}
    return Audience(shares=shares, declared=bool(declared))


def _spread(declared: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for name, weight in declared.items():
        programs = platforms_of(name)
        rest = [program for program in programs if program == name or program not in declared]
        yield from ((program, weight / len(rest)) for program in rest)


def support_of(feature: str, table: ClientTable, readers: Audience, spared: frozenset[str] = frozenset()) -> Support:
    """Programs that were never tried with it count as having it, and so do the `spared`, which have a fallback."""
    letters = table.letters(feature)
    lacking, partial = (
        [program for program in readers.shares if letters.get(program) == letter and program not in spared]
        for letter in "na"
    )
    return Support(
        without=sum(readers.shares[program] for program in lacking),
        partly=sum(readers.shares[program] for program in partial),
        programs=tuple(lacking),
        partial=tuple(partial),
    )


def programs_in_words(programs: tuple[str, ...], readers: Audience) -> str:
    """The programs by name, those of most readers first."""
    ordered = sorted(programs, key=lambda program: -readers.shares[program])
    return in_words(ordered, readers.shares)


def percent(share: float) -> str:
    """`under 1 %`, `7 %`."""
    return f"{share:.0%}".replace("%", " %") if share >= 0.01 or share == 0 else "under 1 %"
