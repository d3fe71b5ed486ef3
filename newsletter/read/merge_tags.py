"""`{{ name }}` and `{{ name | default("fallback") }}` -> text where it is the same for all, else a MergeTag.

Tags are found before Markdown is read and masked by private-use characters of the same length (the source has none,
see source.py): so a tag may stand in a link target, a cell of a table or an attribute although it has spaces, quotes
and a pipe, and every position stays true. Code gets its text back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.model.document import MergeTag, plain_words
from newsletter.model.problem import error, warning
from newsletter.read.source import is_refused
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.model.document import Words
    from newsletter.model.problem import Place, Problem

ALLOWED = 'Allowed are {{ name }} and {{ name | default("fallback") }}; a literal {{ is written \\{{.'

_MOST = 10_000
_FIRST = 0xF0000
_FILLER = "\ue000"
_MASK = re.compile("([\U000f0000-\U000fffff])\ue000+")
_FOUND = re.compile(
    r"\\."
    r"|(?P<tag>\{\{(?:[^{}\"'\n]|\"[^\"\n]*\"|'[^'\n]*')*+\}\})"
    r"|(?P<odd>\{\{[^{}\n]{0,300}\}\})"
    r"|(?P<open>\{\{)"
    r"|(?P<other>\{%|\{\#(?=[ \t]))"
)
_NAME = r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*"
_TAG = re.compile(rf"\s*({_NAME})\s*(?:\|\s*default\s*\(\s*(?:\"([^\"]*)\"|'([^']*)')\s*\)\s*)?")
_LITERAL = re.compile(r"\\(\{[{%#])")
#: numeric entities could spell a mask or a control character
_ENTITY = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


@dataclass(frozen=True, kw_only=True)
class Tag:
    """What an author wrote between braces. `mistake` is (what is wrong, what to do)."""

    raw: str
    at: Place
    name: str = ""
    fallback: str | None = None
    mistake: tuple[str, str] | None = None


class Mask:
    """A text with its tags masked, and what the masks stand for."""

    def __init__(self, text: str, place: Callable[[int], Place]) -> None:
        self.tags: list[Tag] = []
        self.problems: list[Problem] = []
        self._place = place
        self.text = _FOUND.sub(self._masked, _ENTITY.sub(self._harmless, text))

    def _masked(self, match: re.Match[str]) -> str:
        if match.lastgroup is None or len(self.tags) >= _MOST:
            return match[0]
        self.tags.append(_read(match, self._place(match.start())))
        return chr(_FIRST + len(self.tags) - 1) + _FILLER * (len(match[0]) - 1)

    def _harmless(self, match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else int(match[2])
        if code <= 0x10FFFF and not is_refused(chr(code)):
            return match[0]
        what = f"`{match[0]}` stands for a character that mail cannot show"
        fix = "Delete it, or put a common character or an image in its place."
        self.problems.append(error("control-character", self._place(match.start()), what, fix))
        return "\N{REPLACEMENT CHARACTER}" * len(match[0])

    def restore(self, text: str) -> str:
        """The text as the author wrote it."""
        return _MASK.sub(lambda match: self._tag(match[1]).raw, text)

    def pieces(self, text: str) -> Iterator[str | Tag]:
        """Plain pieces and tags in order."""
        for index, piece in enumerate(_MASK.split(text)):
            if index % 2:
                yield self._tag(piece)
            elif piece:
                yield piece

    def _tag(self, character: str) -> Tag:
        return self.tags[ord(character) - _FIRST]


def _within_address(value: str, before: str) -> str:
    """Behind `=` a constant is one value, else it may hold paths and parameters; at the start it is the whole address."""
    if not before or before.lower().startswith("tel:"):
        return value
    return quote(value, safe="" if before.endswith("=") else "!#$%&'()*+,/:;=?@[]~")


def _read(match: re.Match[str], at: Place) -> Tag:
    raw = match[0]
    if match["tag"] and (found := _TAG.fullmatch(raw[2:-2])):
        fallback = found[2] if found[2] is not None else found[3]
        return Tag(raw=raw, at=at, name=found[1], fallback=fallback)
    if match["tag"] or match["odd"]:
        return Tag(raw=raw, at=at, mistake=_not_understood(raw))
    if match["open"]:
        return Tag(raw=raw, at=at, mistake=("`{{` opens a merge tag that this line does not close", ALLOWED))
    what = f"`{raw}` belongs to a template language; an issue has merge tags only"
    return Tag(raw=raw, at=at, mistake=(what, f"Remove it. {ALLOWED}"))


def _not_understood(raw: str) -> tuple[str, str]:
    what = f"the merge tag `{raw[:60]}` is not understood"
    if re.search("[\u201c-\u201f\u2018-\u201b\u00ab\u00bb]", raw):
        return what, 'Use straight quotes: {{ name | default("fallback") }}.'
    if re.search(r"\|\s*default\b", raw):
        return what, 'Write the fallback as one text in quotes: {{ name | default("fallback") }}.'
    if "|" in raw:
        return what, f"The only filter is default. {ALLOWED}"
    return what, ALLOWED


@dataclass(frozen=True, kw_only=True)
class MergeTags:
    """What names mean in this issue, and where problems go."""

    #: name -> text that is the same for all readers
    constants: Mapping[str, str]
    #: names that differ from reader to reader
    fields: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    #: names whose values could not be read; None when nothing of the front matter could: this has been told
    unread: frozenset[str] | None = frozenset()

    def understands(self, tag: Tag) -> bool:
        return not tag.mistake and (tag.name in self.constants or tag.name in self.fields)

    def resolved(self, tag: Tag) -> str | MergeTag:
        """The text of a constant, or a MergeTag; a mistake is told and its text kept."""
        if tag.mistake:
            self.problems.append(error("merge-tag-syntax", tag.at, *tag.mistake))
            return tag.raw
        if tag.name in self.constants:
            return self._constant(tag)
        if tag.name in self.fields:
            self._ask_for_fallback(tag)
            return MergeTag(name=tag.name, fallback=tag.fallback, at=tag.at)
        if not self._is_unread(tag.name):
            self.problems.append(self._unknown(tag))
        return tag.raw

    def _is_unread(self, name: str) -> bool:
        return self.unread is None or name in self.unread

    def words(self, mask: Mask, text: str) -> Words:
        """A masked text outside Markdown, such as an attribute; a literal `{{` has a backslash there too."""
        return self._words(mask, text, lambda value, _before: value)

    def address(self, mask: Mask, text: str) -> Words:
        """The same for the target of a link or an image: a constant within it is percent-encoded."""
        return self._words(mask, text, _within_address)

    def _words(self, mask: Mask, text: str, fitted: Callable[[str, str], str]) -> Words:
        found: list[str | MergeTag] = []
        for piece in mask.pieces(text):
            word = self.resolved(piece) if isinstance(piece, Tag) else _LITERAL.sub(r"\1", piece)
            if isinstance(piece, Tag) and isinstance(word, str) and self.understands(piece):
                word = fitted(word, plain_words(tuple(found)))
            if isinstance(word, str) and found and isinstance(found[-1], str):
                found[-1] += word
            else:
                found.append(word)
        return tuple(word for word in found if word != "")

    def _constant(self, tag: Tag) -> str:
        value = self.constants[tag.name] or tag.fallback
        if value is None and not self._is_unread(tag.name):
            what = f"`{tag.name}` is empty, so nothing will stand here"
            self.problems.append(warning("merge-tag-empty", tag.at, what, self._where_to_fill(tag.name)))
        return value or ""

    @staticmethod
    def _where_to_fill(name: str) -> str:
        section, _, key = name.partition(".")
        where = (
            f"`{key}` in the front matter" if section == "issue" else f"`{key}` under [{section}] in newsletter.toml"
        )
        return f"Fill in {where}, or give a fallback." if key else f"Fill in `{name}` under `variables`."

    def _ask_for_fallback(self, tag: Tag) -> None:
        if tag.fallback is None:
            what = f"a reader without `{tag.name}` will see nothing here"
            fix = f'Give a fallback: {{{{ {tag.name} | default("...") }}}}; default("") if nothing is right.'
            self.problems.append(warning("merge-tag-without-fallback", tag.at, what, fix))

    def _unknown(self, tag: Tag) -> Problem:
        known = sorted([*self.fields, *self.constants])
        guess = nearest(tag.name, known)
        names = f"Known are: {', '.join(known)}." if known else "Write it in plain words."
        fix = f"Did you mean `{guess}`?" if guess else names
        return error("merge-tag-unknown", tag.at, f"there is no `{tag.name[:60]}` to put here", fix)
