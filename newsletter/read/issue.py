"""An issue file -> Issue and Problems: the whole way, told once.

References are loaded before the body is read, since a bare `@name` is a citation only if the key exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.model.document import cited_keys
from newsletter.model.issue import IgnoredCheck, Issue
from newsletter.model.problem import Level, has_errors, in_reading_order, information
from newsletter.model.reference import References, ReferenceSources
from newsletter.read.body import TOO_COMPLEX, read_body, too_complex
from newsletter.read.fields import FrontMatter
from newsletter.read.find import slug_of
from newsletter.read.front_matter import check, split
from newsletter.read.merge_tags import Mask, MergeTags
from newsletter.read.names import issue_constants, settings_constants, shadowing, subscriber_fields
from newsletter.read.places import Lines
from newsletter.read.source import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.model.document import Blocks, Words
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.read.front_matter import Checked
    from newsletter.settings import Settings

#: more than any newsletter prints; each takes some milliseconds to format
_MOST_CITED = 500
#: so many that nobody cites, and the file is kept for more than this issue
_A_LIBRARY = 5
#: beginnings of the codes of problems that take entries with them
_SOURCES_LOST = ("reference-file-", "reference-json", "reference-bibtex")

ReferenceLoader = Callable[[ReferenceSources], "tuple[Mapping[str, Reference], list[Problem]]"]


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """`issue` is None only when nothing usable could be read; `source` is the text without BOM and with LF line ends."""

    issue: Issue | None
    references: Mapping[str, Reference] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    source: str = ""


def read_issue(
    path: Path, settings: Settings, load_references: ReferenceLoader, workspace: Path | None = None
) -> ReadResult:
    """Everything the file says, and every mistake in it. The library is looked for in the folder `workspace`.

    Raises:
        FileUnreadable: the operating system does not let us read it.
    """
    text, problems = read_source(path)
    if text is None:
        return ReadResult(issue=None, problems=tuple(problems))
    parts = split(str(path), text)
    slug = slug_of(path)
    front = parts.front or Lines(str(path), "", 1)
    checked = check(front, FrontMatter, "front-matter", {"title": slug})
    problems += [*parts.problems, *(checked.problems if parts.front else ())]

    references, found = load_references(_sources(path, checked, settings, workspace))
    problems += found
    tags = _merge_tags(checked, settings, problems)
    body = read_body(parts.body, tags, references, unknown_keys_matter=_all_keys_known(checked, references, found))
    if len(set(cited_keys(body))) > _MOST_CITED:
        problems.append(too_complex(parts.body, f"{_MOST_CITED} references cited"))
    if any(problem.code == TOO_COMPLEX for problem in problems):
        return ReadResult(issue=None, problems=tuple(in_reading_order(problems)), source=text)
    problems += [*_of_cited(references, body), *_uncited(references, body)]
    issue = _issue(path, slug, checked, body, tags, settings)
    return ReadResult(issue=issue, references=references, problems=tuple(in_reading_order(problems)), source=text)


def _sources(path: Path, checked: Checked[FrontMatter], settings: Settings, workspace: Path | None) -> ReferenceSources:
    sources = [
        (source, checked.place_of(("references", number), str(path)))
        for number, source in enumerate(checked.matter.references)
    ]
    return ReferenceSources(
        folder=path.parent,
        files=tuple((source, at) for source, at in sources if isinstance(source, str)),
        inline=tuple((source, at) for source, at in sources if isinstance(source, dict)),
        library=workspace / settings.references.folder if workspace else None,
        workspace=workspace,
    )


def _merge_tags(checked: Checked[FrontMatter], settings: Settings, problems: list[Problem]) -> MergeTags:
    matter = checked.matter
    places = {name: checked.yaml.keys["variables", name] for name in matter.variables}
    problems += shadowing(matter.variables, settings, places)
    language = matter.language or settings.newsletter.language
    constants = settings_constants(settings) | issue_constants(matter.title, matter.date, language) | matter.variables
    fields = subscriber_fields(settings) - matter.variables.keys()
    return MergeTags(constants=constants, fields=fields, problems=problems, unread=_unread(checked))


def _unread(checked: Checked[FrontMatter]) -> frozenset[str] | None:
    """The names of merge tags that are there, but with values that could not be read; None when nothing could."""
    values, matter = checked.yaml.values, checked.matter
    if not values:
        return None
    written = values.get("variables")
    names = set(written) - set(matter.variables) if isinstance(written, dict) else set()
    return frozenset(names | ({"issue.date"} if values.get("date") and not matter.date else set()))


def _all_keys_known(
    checked: Checked[FrontMatter], references: Mapping[str, Reference], found: Sequence[Problem]
) -> bool:
    """Whether a key that is not there is news: not where sources were lost, which has been told."""
    named = checked.yaml.values.get("references")
    lost = any(problem.level is Level.ERROR and problem.code.startswith(_SOURCES_LOST) for problem in found)
    return (
        bool(checked.yaml.values)
        and not lost
        and not (named and not checked.matter.references)
        and not (has_errors(found) and not references)
    )


def _issue(
    path: Path, slug: str, checked: Checked[FrontMatter], body: Blocks, tags: MergeTags, settings: Settings
) -> Issue:
    matter = checked.matter
    return Issue(
        slug=slug,
        path=path,
        title=matter.title,
        subject=_words(matter.subject, ("subject",), checked, tags) if matter.subject else (matter.title,),
        preheader=_words(matter.preheader, ("preheader",), checked, tags),
        language=matter.language or settings.newsletter.language,
        template=matter.template,
        citation_style=matter.citation_style,
        body=body,
        date=matter.date,
        authors=matter.authors,
        topics=matter.topics,
        audience=matter.audience,
        disclaimers=matter.disclaimers,
        variables=matter.variables,
        ignored_checks=tuple(
            IgnoredCheck(
                code=one.code, reason=one.reason, at=checked.place_of(("checks", "ignore", number, "code"), str(path))
            )
            for number, one in enumerate(matter.checks.ignore)
        ),
        places={".".join(str(step) for step in key): at for key, at in checked.yaml.keys.items()},
    )


def _words(text: str, key: tuple[str, ...], checked: Checked[FrontMatter], tags: MergeTags) -> Words:
    """A text of the front matter with merge tags. A tag is placed where its value starts: quoting may move the rest."""
    at = checked.yaml.starts.get(key, checked.place_of(key, ""))
    mask = Mask(text, lambda _offset: at)
    tags.problems.extend(mask.problems)
    return tags.words(mask, mask.text)


def _of_cited(references: Mapping[str, Reference], body: Blocks) -> Iterator[Problem]:
    """What concerns only those who cite a reference: one of the library, or one that hides one of the library."""
    for key in dict.fromkeys(cited_keys(body)):
        yield from references[key].problems


def _uncited(references: Mapping[str, Reference], body: Blocks) -> list[Problem]:
    """Each of the issue's own by itself; where very many are kept in one file, that is told once."""
    own = references.own if isinstance(references, References) else references
    cited = set(cited_keys(body))
    idle: dict[str, list[str]] = defaultdict(list)
    for key, reference in own.items():
        if key not in cited:
            idle[reference.at.file].append(key)
    return [
        problem
        for keys in idle.values()
        for problem in ([_library(keys, references)] if len(keys) > _A_LIBRARY else _each(keys, references))
    ]


def _each(keys: Sequence[str], references: Mapping[str, Reference]) -> Iterator[Problem]:
    for key in keys:
        fix = f"Cite it as [@{key}], or take it out; only cited references are printed."
        yield information(
            "reference-uncited", references[key].at, f"the reference `{key}` is not cited in the text", fix
        )


def _library(keys: Sequence[str], references: Mapping[str, Reference]) -> Problem:
    named = ", ".join(f"`{key}`" for key in keys[:3])
    message = f"{len(keys)} references of this file are not cited in the text, such as {named}"
    fix = "If the file is for several issues, all is well; only cited references are printed."
    return information("reference-uncited", references[keys[0]].at, message, fix)
