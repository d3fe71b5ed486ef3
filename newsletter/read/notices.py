"""The text of a notice, `notices/<kind>.<language>.md` -> an Issue to pour, and Problems. Its body is read like that of an issue.

What differs from person to person are the links alone: a name that anybody can type into a form stands in no mail.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.model.document import plain_words
from newsletter.model.issue import Issue
from newsletter.model.problem import Place, error, has_errors, in_reading_order
from newsletter.read.body import read_body
from newsletter.read.fields import FilledLine, OneLine
from newsletter.read.front_matter import check, split
from newsletter.read.merge_tags import Mask, MergeTags
from newsletter.read.names import settings_constants
from newsletter.read.places import Lines
from newsletter.read.source import read_source
from newsletter.settings.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.model.document import Words
    from newsletter.model.problem import Problem
    from newsletter.read.front_matter import Checked
    from newsletter.settings import Settings

FOLDER = "notices"
_DEFAULT = "en"
#: every link is filled in for everybody, so that a fallback would be of no use
_NO_NEWS = "merge-tag-without-fallback"


class NoticeMatter(Section):
    """The front matter of a notice."""

    subject: FilledLine
    #: its headline, else the subject
    title: OneLine = ""
    preheader: OneLine = ""
    #: the line at its end that says why somebody gets it
    why: FilledLine


@dataclass(frozen=True, kw_only=True)
class NoticeText:
    """`issue` is None where the file has errors; `source` is its text."""

    issue: Issue | None
    source: str = ""
    problems: Sequence[Problem] = field(default_factory=tuple)


def find_notice(kind: str, languages: Iterable[str], folders: Sequence[Path]) -> tuple[Path, str]:
    """The file for a kind, and its language: the first language that has one, the workspace's before ours."""
    ours = Path(str(files("newsletter.templates")))
    for language in (*languages, _DEFAULT):
        for tag in dict.fromkeys((language, language.partition("-")[0].lower())):
            for folder in (*folders, ours):
                path = folder / FOLDER / f"{kind}.{tag}.md"
                if _is_plain(tag) and path.is_file():
                    return path, tag
    return ours / FOLDER / f"{kind}.{_DEFAULT}.md", _DEFAULT


def _is_plain(tag: str) -> bool:
    """The language of a reader comes from outside: it may be anything."""
    return 0 < len(tag) <= 35 and tag.replace("-", "").isalnum() and tag.isascii()


def read_notice(
    path: Path, language: str, settings: Settings, *, constants: Mapping[str, str], links: frozenset[str], leave: bool
) -> NoticeText:
    """`constants` and `links` are the merge tags that it may have besides facts of newsletter and sender.

    `leave`: it ends with the links for leaving, as it goes to somebody who is on a list.

    Raises:
        FileUnreadable: the operating system does not let us read it.
    """
    text, problems = read_source(path)
    if text is None:
        return NoticeText(issue=None, problems=problems)
    parts = split(str(path), text)
    stand_ins = {"subject": path.stem, "why": path.stem}
    checked = check(parts.front or Lines(str(path), "", 1), NoticeMatter, "front-matter", stand_ins)
    problems += [*parts.problems, *(checked.problems if parts.front else ())]
    tags = MergeTags(constants={**settings_constants(settings), **constants}, fields=links, problems=problems)
    subject = _line(checked, "subject", tags)
    body = read_body(parts.body, tags, ())
    if not body:
        place = Place(file=str(path), line=parts.body.first, column=1)
        problems.append(error("notice-empty", place, "this notice has no text", "Write it below the front matter."))
    issue = Issue(
        slug=f"{FOLDER}/{path.stem}",
        path=path,
        title=_line(checked, "title", tags) or subject,
        subject=(subject,),
        preheader=(_line(checked, "preheader", tags),) if checked.matter.preheader else (),
        language=language,
        template="notice",
        citation_style="",
        body=body,
        variables={"why": _line(checked, "why", tags), "leave": "yes" if leave else ""},
        places={".".join(str(step) for step in key): at for key, at in checked.yaml.keys.items()},
    )
    found = in_reading_order(problem for problem in problems if problem.code != _NO_NEWS)
    return NoticeText(issue=None if has_errors(found) else issue, source=text, problems=found)


def _line(checked: Checked[NoticeMatter], key: str, tags: MergeTags) -> str:
    """A line of the front matter, the same for everybody."""
    at = checked.place_of((key,), "")
    mask = Mask(getattr(checked.matter, key), lambda _offset: at)
    tags.problems.extend(mask.problems)
    words: Words = tags.words(mask, mask.text)
    if any(not isinstance(word, str) for word in words):
        fix = "Links belong into the text below, as the target of a link or a button."
        tags.problems.append(error("merge-tag-place", at, f"`{key}` of a notice cannot have links", fix))
    return plain_words(words)
