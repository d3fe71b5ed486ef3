"""The examples of a workspace's own claims rules, tried out: a rule that misses its own example is not what its author meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.claims.matching import flags, read
from newsletter.check.claims.statements import of_sentences
from newsletter.check.prose.passages import Kind, Mark, Passage
from newsletter.check.prose.sentences import sentences
from newsletter.check.written.typed_text import TypedText
from newsletter.model.document import Citation, CitationItem, Paragraph
from newsletter.model.problem import Place, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.check.claims.building import KeyPath
    from newsletter.check.claims.profile import ClaimRules
    from newsletter.model.problem import Problem

CODE = "claims-rule-example"
#: more than anybody writes; the rest is not tried out
_MOST = 500
_LONGEST = 2_000
_CITATION = re.compile(r"\s?\[@([^\[\]@]{1,200})\]")
_QUOTED = re.compile(r"“[^“”]+”|\"[^\"]+\"|«[^«»]+»")


def failing(values: Mapping[str, object], rules: ClaimRules, place_of: Callable[[KeyPath], Place]) -> Iterator[Problem]:
    """A problem for each example of a file that its rule judges otherwise, at the example's line."""
    for number, (rule, path, text, is_hit) in enumerate(_examples(values)):
        if number >= _MOST:
            return
        if rule in rules.by_id and (rule in _found(text, rules)) is not is_hit:
            what = "does not find" if is_hit else "finds something in"
            key = "hit" if is_hit else "no-hit"
            fix = "Correct its phrases, `near`, `unless` or `where`, or the example: {}."
            about = (
                "`hit` has sentences that the rule has to find"
                if is_hit
                else "`no-hit` has sentences that it has to leave alone"
            )
            message = f'the rule `{rule}` {what} its own example "{_short(text)}" (`{key}`)'
            yield warning(CODE, place_of(path), message, fix.format(about))


def _examples(values: Mapping[str, object]) -> Iterator[tuple[str, KeyPath, str, bool]]:
    """Rule, place, sentence, and whether it has to be found."""
    listed = values.get("rules")
    for number, rule in enumerate(listed if isinstance(listed, list) else ()):
        examples = rule.get("examples") if isinstance(rule, dict) else None
        if not isinstance(examples, dict):
            continue
        for key, is_hit in (("hit", True), ("no-hit", False)):
            texts = examples.get(key)
            for index, text in enumerate(texts if isinstance(texts, list) else [texts]):
                if isinstance(text, str):
                    yield str(rule.get("id")), ("rules", number, "examples", key, index), text[:_LONGEST], is_hit


def _found(text: str, rules: ClaimRules) -> set[str]:
    """The rules that speak of an example. A `[@key]` in it counts as a source, a line that begins with > as a quotation."""
    at = Place(file="")
    said = " ".join(text.split())
    quotation = said.startswith(">")
    said = said.removeprefix(">").strip()
    marks: list[Mark] = []
    plain, done = "", 0
    for match in _CITATION.finditer(said):
        plain += said[done : match.start()]
        done = match.end()
        marks.append(Mark(at=len(plain), citation=Citation(items=(CitationItem(key=match[1], at=at),), at=at)))
    plain += said[done:]
    passage = Passage(
        text=plain,
        marks=tuple(marks),
        kind=Kind.QUOTE if quotation else Kind.PROSE,
        block=Paragraph(content=(), at=at),
        inside=(),
        quotes=((0, len(plain)),) if quotation else tuple(one.span() for one in _QUOTED.finditer(plain)),
        _typed=TypedText(file="", prose="", starts=[0], first_line=0),
        _starts=(),
        _found=(),
    )
    reads = [read(one, rules) for one in of_sentences(sentences(passage), {})]
    return {flag.rule.id for flag in flags(reads, rules)}


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"
