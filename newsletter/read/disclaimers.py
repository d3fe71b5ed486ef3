"""A disclaimer file, `<id>.<language>.md` -> Disclaimer and Problems. Its body is read like that of an issue."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from newsletter.model.disclaimer import Disclaimer
from newsletter.model.document import Image, every_inline, plain_text
from newsletter.model.problem import Place, error, has_errors, in_reading_order
from newsletter.read.body import read_body
from newsletter.read.fields import DisclaimerMatter
from newsletter.read.front_matter import check, split
from newsletter.read.merge_tags import MergeTags
from newsletter.read.names import settings_constants
from newsletter.read.places import Lines
from newsletter.read.source import clean

if TYPE_CHECKING:
    from newsletter.model.document import Blocks
    from newsletter.model.problem import Problem
    from newsletter.settings import Settings


def read_disclaimer(text: str, file: str, settings: Settings | None = None) -> tuple[Disclaimer | None, list[Problem]]:
    """The disclaimer, None when the file has errors. With settings, merge tags such as `{{ sender.phone }}` are put in."""
    # no fields of readers: a legal text is the same for everybody
    constants = settings_constants(settings) if settings else {}
    disclaimer, problems = _read(text, file, tuple(constants.items()))
    return disclaimer, list(problems)


@lru_cache(maxsize=256)
def _read(
    text: str, file: str, constants: tuple[tuple[str, str], ...]
) -> tuple[Disclaimer | None, tuple[Problem, ...]]:
    """Read once in a process: every issue asks for all files of all languages."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text, problems = clean(text, Lines(file, text))
    identity, language, named = _named(file)
    problems += named
    parts = split(file, text)
    stand_ins = {"id": identity, "title": identity, "version": "0"}
    checked = check(parts.front or Lines(file, "", 1), DisclaimerMatter, "front-matter", stand_ins)
    problems += [*parts.problems, *(checked.problems if parts.front else ())]
    matter = checked.matter
    if matter.id != identity:
        what = f"the id is `{matter.id}`, but the file is called `{PurePath(file).name}`"
        problems.append(error("disclaimer-name", checked.place_of(("id",), file), what, "Make the two alike."))
    problems += _order(matter, checked.place_of(("effective_until",), file))
    tags = MergeTags(constants=dict(constants), fields=frozenset(), problems=problems)
    body = read_body(parts.body, tags, ())
    if not _has_words(body):
        place = Place(file=file, line=parts.body.first, column=1)
        problems.append(
            error("disclaimer-empty", place, "this disclaimer has no text", "Write it below the front matter.")
        )
    disclaimer = Disclaimer(
        id=matter.id,
        language=language,
        title=matter.title,
        version=matter.version,
        effective_from=matter.effective_from,
        effective_until=matter.effective_until,
        body=body,
        file=file,
    )
    return (None if has_errors(problems) else disclaimer), tuple(in_reading_order(problems))


def _has_words(body: Blocks) -> bool:
    """Words of its own: those of an image do not count, since many readers never see it."""
    texts = (inline for inline in every_inline(body) if not isinstance(inline, Image))
    return any(character.isalnum() for character in plain_text(tuple(texts)))


def _named(file: str) -> tuple[str, str, list[Problem]]:
    """Id and language from the name of the file."""
    parts = PurePath(file).name.removesuffix(".md").split(".")
    if len(parts) == 2 and all(parts):
        return parts[0], parts[1], []
    place = Place(file=file)
    fix = "Name it such as general.en.md."
    return parts[0], "", [error("disclaimer-name", place, "the name of a disclaimer's file is <id>.<language>.md", fix)]


def _order(matter: DisclaimerMatter, at: Place) -> list[Problem]:
    if matter.effective_from and matter.effective_until and matter.effective_until < matter.effective_from:
        what = "`effective_until` lies before `effective_from`"
        return [error("disclaimer-dates", at, what, "Correct one of the two dates.")]
    return []
