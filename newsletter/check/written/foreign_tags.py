"""Merge tags of other newsletter programs, which are plain text here: `*|FNAME|*`, `%%FIRSTNAME%%`, `{first_name}`, `${name}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.prose import Finder, front_pieces
from newsletter.check.written.typed_text import typed_text
from newsletter.model.problem import Level
from newsletter.model.subscriber import SUBSCRIBER_FIELDS
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.settings import Settings

#: the letters of a name -> what it is called here
_OURS = {
    **dict.fromkeys(
        ("fname", "firstname", "first", "givenname", "vorname", "prenom", "prénom", "nombre", "name"), "first_name"
    ),
    **dict.fromkeys(("lname", "lastname", "last", "surname", "familyname", "nachname", "nom", "apellido"), "last_name"),
    **dict.fromkeys(("email", "emailaddress", "mail", "correo"), "email"),
    **dict.fromkeys(("company", "companyname", "listname", "newslettername"), "newsletter.name"),
    **dict.fromkeys(("address", "listaddress", "listaddresstext", "senderaddress"), "sender.postal_address"),
    **dict.fromkeys(("phone", "listphone", "senderphone"), "sender.phone"),
    **dict.fromkeys(("subject", "title", "campaignname", "mcsubject"), "issue.title"),
    **dict.fromkeys(("date", "currentdate"), "issue.date"),
}
#: beginnings of the names of links that the template puts into every mail
_LINKS = (
    "unsub",
    "optout",
    "archive",
    "viewinbrowser",
    "webversion",
    "browserlink",
    "preferences",
    "updateprofile",
    "forward",
)
_NEVER_A_WORD = {
    "fname",
    "lname",
    "firstname",
    "lastname",
    "first_name",
    "last_name",
    "vorname",
    "nachname",
    "emailaddress",
}
#: each has one group, the name in it; bounded, so that no text makes them slow
_SHAPES = (
    r"\*\|([A-Za-z][^|*\n]{1,60})\|\*",
    r"%%([A-Za-z_][\w .:-]{0,60})%%",
    r"(?<![\w%])%([A-Za-z_][\w.]{2,60})%(?![\w%])",
    r"\$\$([A-Za-z_][\w.]{1,60})\$\$",
    r"[$#]\{([A-Za-z_][\w.]{0,60})\}",
    r"(?<!\{)\{[$!]([A-Za-z_][\w.]{1,60})\}",
    r"<%[=-]?[ \t]{0,9}([^<>%\n]{1,100})%>",
    r"\[\[([A-Za-z_][\w .:-]{0,60})\]\](?!\()",
    r"(?<![\w-])-([a-z]{2,30}(?:_[a-z]{1,30}){1,3})-(?![\w-])",
    r"\[([A-Za-z_]{3,40}),[ \t]?fallback(?:=[^\[\]\n]{0,60})?\]",
    r"\[((?:subscriber|contact|user|recipient):[\w |:]{1,60})\]",
    r"@@([A-Za-z_]\w{1,40})@@",
    r"(?<!#)##([A-Za-z_]\w{1,40})##(?!#)",
    r"«([A-Za-z]{2,30}(?:_[A-Za-z]{1,30}){1,3})»",
)
#: these may be ordinary text, and count only with names that are none
_DOUBTFUL = (
    r"(?<![{\\$#%!])\{([A-Za-z_][\w.]{2,60})(?:\|[^{}\n]{0,60})?\}(?!\})",
    r"\[([A-Za-z_]{3,40})(?:,[^\[\]\n]{0,60})?\](?![(\[:])",
)
_TAG = re.compile("|".join((*_SHAPES, *_DOUBTFUL)))


@issue_rule("foreign-merge-tag", Level.WARNING)
def tags_are_ours(content: Content) -> Iterator[Finding]:
    """A merge tag of another newsletter program.

    Tags such as `*|FNAME|*`, `%%FIRSTNAME%%`, `{first_name}` or `<%= name %>` come along when an old mail is copied. Here they
    are text, and every reader would see them as they stand. Our merge tags have two curly braces, the name of a field, and what
    stands there for readers without it: `{{ first_name | default("reader") }}`. Links to unsubscribe or to view the mail in a
    browser are put into every mail by its template.

    Bad:

        Dear *|FNAME|*, welcome to our autumn letter.

    Good:

        Dear {{ first_name | default("reader") }}, welcome to our autumn letter.
    """
    finder = Finder(content)
    for at, words in front_pieces(content.whole):
        for tag, name in _tags(words):
            yield Finding(at=finder.place(at, tag), message=_message(tag), fix=_fix(name, content.settings))
    typed = typed_text(content)
    for offset, line in typed.lines():
        if any(mark in line for mark in "|%${[-@#«"):
            for found, name in _found(line):
                at = typed.at(offset + found.start())
                yield Finding(at=at, message=_message(found[0]), fix=_fix(name, content.settings))


def _tags(words: str) -> Iterator[tuple[str, str]]:
    return ((found[0], name) for found, name in _found(words))


def _found(words: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in _TAG.finditer(words):
        group = found.lastindex or 0
        if group <= len(_SHAPES) or _is_a_name(found[group], in_braces=found[0].startswith("{")):
            yield found, found[group].strip()


def _is_a_name(name: str, *, in_braces: bool) -> bool:
    """Whether nobody would write this between brackets as a word: `{first_name}`, `{name}`, `[FIRSTNAME]`, but not `[email]`."""
    if in_braces:
        return "_" in name or "." in name.rstrip(".") or _bare(name) in _OURS
    return name.lower() in _NEVER_A_WORD or (name.isupper() and name != "NAME" and _bare(name) in {"FNAME", "EMAIL"})


def _bare(name: str) -> str:
    """The letters of the last part of a name: `recipient.First_Name` is `firstname`."""
    last = re.split(r"[.:]", name.partition("|")[0].strip(" =-"))[-1]
    return "".join(character for character in last.lower() if character.isalpha())


def _message(tag: str) -> str:
    return f"`{tag[:60]}` is a merge tag of another program; readers would see it as it stands"


def _fix(name: str, settings: Settings) -> str:
    bare = _bare(name)
    if bare.startswith(_LINKS):
        return "Remove it: the template puts this link into every mail."
    ours = _OURS.get(bare) or nearest(bare, (*SUBSCRIBER_FIELDS, *settings.attributes))
    if not ours:
        return 'Write {{ name | default("...") }} with a field of your subscribers, or plain words.'
    if "." in ours:
        return f"Write {{{{ {ours} }}}}."
    return f'Write {{{{ {ours} | default("...") }}}}, with what readers without it shall see.'


RULES = (tags_are_ours,)
