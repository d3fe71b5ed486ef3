"""Sources that were retracted, doubted or corrected after they were published. Each is told once, by the gravest of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.sources.notices import became_of, is_a_notice
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.notice import NoticeKind
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.notice import Notice
    from newsletter.model.reference import Reference


@source_rule("reference-retracted", Level.ERROR, says_where_cited=True)
def sources_still_stand(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A source that was retracted.

    What it says cannot be relied on. Take it out, and what the text rests on it. Where a letter is about the
    retraction itself, override this error when you send it and give that as the reason.

    It is known from PubMed's record, from a title that begins with "RETRACTED", and from the file that
    `references.retraction_watch` names.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: "RETRACTED: Walking early after surgery"
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    if notice := became_of(reference, knowledge).get(NoticeKind.RETRACTION):
        fix = "Take it out and cite another source; change what the text says, if it rests on this one."
        yield found(reference, f"was retracted ({_told(notice)})", fix)


@source_rule("reference-concern", Level.WARNING, says_where_cited=True)
def nobody_doubts_a_source(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A source about which its journal expressed concern.

    Its data are in doubt and it may be retracted yet. Read the notice, and rest nothing on this source alone.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            custom: {publication-types: [Journal Article], notices: [{kind: concern, text: "J Example. 2021;8:1"}]}
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    notices = became_of(reference, knowledge)
    if (notice := notices.get(NoticeKind.CONCERN)) and NoticeKind.RETRACTION not in notices:
        yield found(
            reference,
            f"is in doubt: its journal expressed concern ({_told(notice)})",
            "Read the notice, and cite another source besides.",
        )


@source_rule("reference-corrected", Level.INFORMATION, says_where_cited=True)
def corrections_are_known(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A source that was corrected.

    Most corrections touch a name or a table. Read it, and see whether it touches what the letter says.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            custom: {publication-types: [Journal Article], notices: [{kind: correction, text: "J Example. 2021;8:1"}]}
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    notices = became_of(reference, knowledge)
    if NoticeKind.RETRACTION in notices or NoticeKind.CONCERN in notices:
        return
    for kind, what in (
        (NoticeKind.REINSTATEMENT, "was retracted and reinstated"),
        (NoticeKind.CORRECTION, "was corrected"),
    ):
        if notice := notices.get(kind):
            yield found(reference, f"{what} ({_told(notice)})", "Read the notice: does it touch what the letter says?")
            return


@source_rule("reference-notice-cited", Level.WARNING)
def papers_are_cited_not_notices(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A retraction or a correction is cited in the place of the paper.

    Notices have nearly the title of their paper and are easily taken for it in a search. Cite the paper, or none
    where it was retracted. For a correction it is only information.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: "Retraction notice to: Walking early after surgery"
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    names = {
        NoticeKind.RETRACTION: "retraction",
        NoticeKind.CONCERN: "expression of concern",
        NoticeKind.CORRECTION: "correction",
    }
    if kind := is_a_notice(reference):
        level = Level.INFORMATION if kind is NoticeKind.CORRECTION else None
        fix = "Look at the paper that it is about: cite that, or take it out if it was retracted."
        yield found(reference, f"is itself the {names[kind]} of another paper", fix, level)


def _told(notice: Notice) -> str:
    """Who tells it, since when, and what the notice says."""
    since = f", {notice.date.isoformat()}" if notice.date else ""
    text = notice.text.rstrip(" .;,")
    return f"{notice.source}{since}" + (f": {text}" if text else "")


#: what became of a source
LATER_RULES = (sources_still_stand, nobody_doubts_a_source, corrections_are_known)
RULES = (*LATER_RULES, papers_are_cited_not_notices)
