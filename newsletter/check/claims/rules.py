"""What the claims pre-screen tells. It does nothing in a workspace without `claims.profile` and without a claims.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.claims.profile import ClaimLevel
from newsletter.check.claims.screening import screen
from newsletter.check.claims.telling import instead, left_over, reopened, reworded, says, without_notice
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content


@issue_rule("claim-refused", Level.ERROR, must=True)
def refused(content: Content) -> Iterator[Finding]:
    """A claim that the workspace's rules do not allow.

    The words promise or suggest what the rules of the workspace (`claims.profile`, claims.yaml) refuse. Say it otherwise, or say
    what it is not: "no treatment can guarantee this" is no claim. A rule that is too strict for you is lowered or turned off in
    claims.yaml, where everybody can see it. This is a pre-screen that looks for words. It is no legal advice, and an issue that
    passes it may still say too much.

    Bad:

        Our clinic cures arthritis.

    Bad (newsletter.toml):

        [claims]
        profile = "regenerative-us"

    Good:

        No treatment cures arthritis, but exercise often eases its pain.

    Good (newsletter.toml):

        [claims]
        profile = "regenerative-us"
    """
    for claim in screen(content).refused:
        yield Finding(at=claim.flag.place, message=says(claim.flag), fix=instead(claim.flag, "Say it otherwise."))


@issue_rule("claim-review-open", Level.ERROR, must=True)
def review_open(content: Content) -> Iterator[Finding]:
    """A sentence that somebody has to accept before the issue goes out.

    The rules of the workspace want a person to look at it. `newsletter claims review ISSUE` shows each such sentence and asks;
    who accepted it, why and on which references is kept in claims.lock beside the issue. A change of the sentence, of the rule
    or of a reference opens it again; then it is told what changed, and who accepted it before. Accepting says that a person
    looked, not that the sentence is lawful.

    Bad:

        Many runners found this easier than surgery.

    Bad (./claims.yaml):

        rules:
          - id: surgery
            say: ["easier than surgery"]
            level: review
            why: It compares, and there must be a study that did.

    Good:

        Many runners were back on the road after four months.

    Good (./claims.yaml):

        rules:
          - id: surgery
            say: ["easier than surgery"]
            level: review
            why: It compares, and there must be a study that did.
    """
    for claim in screen(content).open:
        sign = f"Have it looked at: newsletter claims review {content.issue.slug}."
        yield Finding(
            at=claim.flag.place, message=f"{says(claim.flag)}{reopened(claim)}", fix=instead(claim.flag, sign)
        )


@issue_rule("claim-told", Level.INFORMATION)
def told(content: Content) -> Iterator[Finding]:
    """Words that are often part of a claim.

    The rules of the workspace only point at them. Look whether the sentence says more than you can show.

    Bad:

        It is a breakthrough.

    Bad (./claims.yaml):

        rules:
          - id: praise
            say: [breakthrough]
            level: information
            why: Readers take it for a promise.

    Good:

        It is new.

    Good (./claims.yaml):

        rules:
          - id: praise
            say: [breakthrough]
            level: information
            why: Readers take it for a promise.
    """
    for claim in screen(content).claims:
        if claim.flag.level is ClaimLevel.INFORMATION:
            yield Finding(at=claim.flag.place, message=says(claim.flag), fix=instead(claim.flag, "Look at it again."))


@issue_rule("claim-block-missing", Level.ERROR, must=True)
def block_missing(content: Content) -> Iterator[Finding]:
    """A notice that readers must have seen before the first button is not there.

    Some things may be spoken of only where a notice stands before readers are asked to do something: before the first button,
    event or link to an appointment. Small print at the end comes too late. Put the notice into a `callout` above it.

    Bad:

        Some clinics offer stem cell injections.

        ::: button href="https://example.org/visit"
        Plan a visit
        :::

    Bad (newsletter.toml):

        [claims]
        profile = "regenerative-us"

    Good:

        Some clinics offer stem cell injections.

        ::: callout title="Please note"
        Stem cell products are not approved by the FDA for any orthopaedic condition.
        :::

        ::: button href="https://example.org/visit"
        Plan a visit
        :::

    Good (newsletter.toml):

        [claims]
        profile = "regenerative-us"
    """
    rules = content.knowledge.claims
    if rules:
        yield from (without_notice(one, rules) for one in screen(content).missing)


@issue_rule("claims-lock-stale", Level.INFORMATION)
def lock_stale(content: Content) -> Iterator[Finding]:
    """A signature for a sentence that is not flagged any more.

    The sentence was changed or removed, or its rule was. The entry in claims.lock does no harm; git keeps the old ones, so
    `newsletter claims tidy ISSUE` may remove it. Where the issue has the sentence in another wording that waits for a signature,
    both are named and the entry is kept: whoever reviews sees the two side by side, and signing replaces the old one.

    Bad:

        Walk a little every day.

    Bad (claims.lock):

        [[accepted]]
        hash = "6c5955e872830e24e3ac78a14a303947"
        rule = "cure@1f0e6d5c4b3a"
        sentence = "This may feel like a cure."
        references = []
        reviewer = "Dr. A. Example"
        why = "It says how it feels, not what it does."
        date = 2026-11-24

    Bad (newsletter.toml):

        [claims]
        profile = "regenerative-us"

    Good:

        Walk a little every day.

    Good (newsletter.toml):

        [claims]
        profile = "regenerative-us"
    """
    for entry in screen(content).stale:
        fix = f"Remove the entry: newsletter claims tidy {content.issue.slug}."
        yield Finding(at=entry.at, message=left_over(entry), fix=fix)
    for claim in screen(content).reworded:
        if claim.before:
            fix = f"Have the new wording looked at: newsletter claims review {content.issue.slug}. Keep the entry until then."
            yield Finding(at=claim.before.at, message=reworded(claim.before, claim), fix=fix)


@issue_rule("claims-not-screened", Level.INFORMATION)
def not_screened(content: Content) -> Iterator[Finding]:
    """An issue in a language that the claims rules do not know.

    Words are looked for as they are written, so rules in English find nothing in another language. A claims.yaml may say
    `language: de` and have rules in German.

    Bad:

        ---
        title: Laufen nach der Operation
        preheader: Wie weit, wie oft, und wann besser nicht
        language: de
        ---

        Jeden Tag ein wenig.

    Bad (newsletter.toml):

        [claims]
        profile = "regenerative-us"

    Good:

        Walk a little every day.

    Good (newsletter.toml):

        [claims]
        profile = "regenerative-us"
    """
    rules = content.knowledge.claims
    if rules and screen(content).wrong_language:
        what = f"the claims rules are written for `{rules.language}`, so this issue was not looked at for claims"
        yield Finding(at=content.issue.place("language"), message=what, fix="Have somebody read it for claims.")


RULES = (refused, review_open, told, block_missing, lock_stale, not_screened)
