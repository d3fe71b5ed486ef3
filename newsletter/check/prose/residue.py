"""Words that came along when a text was copied from a web page: "scroll to top", "share this", "[edit]"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

#: residue wherever it stands
_ANYWHERE = re.compile(
    r"""(?<!\w)(?:
    scroll\ (?:back\ )?to\ (?:the\ )?top | back\ to\ top | skip\ to\ (?:(?:main\ )?content|footer|navigation) | skip\ navigation
    | click\ to\ (?:expand|collapse|enlarge|tweet|zoom) | tap\ to\ (?:expand|unmute|zoom) | toggle\ (?:navigation|menu)
    | leave\ a\ (?:comment|reply) | post\ a\ comment | view\ all\ posts | posted\ (?:on|in|by)\ (?=[A-Z0-9])
    | share\ (?:this\ )?(?:on|via|to)\ (?:facebook|twitter|x|linkedin|whatsapp|pinterest) | share\ this\ (?:post|article|page)
    | (?:previous|next|older|newer)\ (?:post|article)s? | related\ posts | filed\ under | tagged\ (?:with|as)\ (?=[a-z])
    | (?:we|this\ (?:site|website|page))\ uses?\ cookies | accept\ (?:all\ )?cookies | cookie\ (?:policy|settings|preferences)
    | all\ rights\ reserved | powered\ by\ wordpress | add\ to\ cart | sign\ in\ to\ (?:comment|continue|view)
    | \d{1,2}[ -]min(?:ute)?s?\ read | reading\ time:\ | open\ in\ a?\ ?new\ (?:tab|window) | opens\ in\ a?\ ?new\ (?:tab|window)
    | download\ citation | view\ (?:abstract|full[ -]text|article\ metrics) | full[ -]text\ links | pubmed\ abstract
    | google\ scholar\ (?:cross\s?ref|pubmed) | cross\s?ref\ (?:google\ scholar|pubmed) | as\ an\ ai\ language\ model
    | javascript\ (?:is\ (?:disabled|required)|must\ be\ enabled) | print\ this\ page | email\ this\ (?:page|article)
    | (?:story|article)\ continues\ (?:below|after)(?:\ (?:the\ )?(?:ad|advertisement))? | jump\ to\ (?:recipe|comments|navigation)
    | continue\ reading\ below\ (?:the\ )?(?:ad|advertisement) | was\ this\ (?:article|page|information)\ helpful
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_BRACKETED = re.compile(
    r"\[(?:edit|hide|show|citation needed|source|close|menu|x)\]|:contentReference\[", re.IGNORECASE
)
#: residue where nothing else stands beside it
_ALONE = re.compile(
    r"""(?:advertisement|sponsored(?:\ content)?|share|tweet|pin\ it|like|menu|search|home|login|log\ in|sign\ up|sign\ in
    |close|loading(?:\.{3}|…)?|next|previous|comments?(?:\ \(\d+\))?|read\ more|continue\ reading(?:\ below)?
    |(?:show|hide|view\ all)\ comments|show\ more|see\ more
    |learn\ more|top|print|image\ credit|photo\ by|copy\ link|subscribe\ now|follow\ us|table\ of\ contents)[.:»>…]*""",
    re.IGNORECASE | re.VERBOSE,
)


@issue_rule("web-residue", Level.WARNING)
def nothing_came_along_from_the_web(content: Content) -> Iterator[Finding]:
    """Words of a web page's own controls, which came along when the text was copied.

    A mail has no button "scroll to top" and nobody to "share this article" with. English only.

    Bad:

        Walk a little every day.

        Scroll to top

        Share on Facebook

    Good:

        Walk a little every day, and share what helps you with us.
    """
    if not english(content):
        return
    for passage in passages(content):
        if passage.kind in {Kind.LABEL, Kind.RELATED}:
            continue
        found = _ANYWHERE.search(passage.text) or _BRACKETED.search(passage.text)
        if not found and passage.kind is Kind.PROSE and not passage.marks:
            found = _ALONE.fullmatch(passage.text.strip())
        if found and not passage.is_quoted(found.start()):
            message = f'"{found[0].strip()[:40]}" looks as if it came along from a web page'
            fix = "Take it out; if it is meant, say it in a whole sentence."
            yield Finding(at=passage.place(found.start()), message=message, fix=fix)


RULES = (nothing_came_along_from_the_web,)
