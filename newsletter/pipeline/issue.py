"""An issue file -> everything that readers would get, and every mistake in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from newsletter.model.document import cited_keys
from newsletter.model.problem import in_reading_order
from newsletter.model.variants import Variant, form_for, variants_of
from newsletter.model.version import digest_of
from newsletter.pipeline.sources import hashes_of, sources_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.check import Mail
    from newsletter.check.knowledge import Knowledge
    from newsletter.check.outside import Outside
    from newsletter.check.rulebook import Rule
    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Entry, Reference
    from newsletter.model.rendered import ImageFile, Origins, Rendered
    from newsletter.model.waiver import Waiver
    from newsletter.settings import Workspace


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An issue read, checked and rendered. `variants` is empty when the file was too broken for that."""

    slug: str
    path: Path
    problems: Sequence[Problem]
    issue: Issue | None = None
    #: every form that some reader gets, the one for readers in no segment first
    variants: Sequence[Rendered] = ()
    #: for each variant, where in the author's files its blocks come from
    origins: Sequence[Origins] = ()
    images: Sequence[ImageFile] = ()
    #: what the author looked at and lets stand
    waivers: Sequence[Waiver] = ()
    #: label -> text of everything that the rendered bytes were made from, but images
    sources: Mapping[str, str] = field(default_factory=dict)
    #: SHA-256 over these and the images
    sources_digest: str = ""

    @property
    def rendered(self) -> Rendered | None:
        """The form for readers in no segment."""
        return self.variants[0] if self.variants else None


def prepare(workspace: Workspace, path: Path, now: datetime, outside: Outside | None = None) -> Prepared:
    """Read, check and render one issue file. Mistakes of the author come back as problems, all at once."""
    from newsletter import check, references
    from newsletter.pipeline.asking import ask
    from newsletter.pipeline.knowledge import knowledge_of
    from newsletter.pipeline.own_rules import rules_of
    from newsletter.read import read_issue, slug_of

    rules, problems = rules_of(workspace)
    reading = read_issue(path, workspace.settings, references.load, workspace.folder)
    issue = reading.issue
    if issue is None:
        found = in_reading_order([*problems, *reading.problems], str(path))
        return Prepared(slug=slug_of(path), path=path, problems=found)
    cited = [reading.references[key] for key in cited_keys(issue.body)]
    disclaimers, found = _disclaimers(workspace, issue, cited, now)
    problems += [*found, *reading.problems, *references.cited_twice(cited)]
    knowledge, found = knowledge_of(workspace, issue, reading.references, now)
    problems += found
    problems += check.check_issue(issue, cited, workspace.settings, reading.source, rules, knowledge)
    maker = _Maker(workspace, issue, reading.source, reading.references, knowledge, disclaimers, rules)
    made = [maker.made(variant) for variant in maker.variants]
    problems += check.each_once((one.mail.rendered.variant, one.problems) for one in made)
    if outside:
        problems += ask(outside, issue, [one.mail for one in made], rules, now)
    settled = check.settle(problems, issue, workspace.settings, rules)
    images = {image.name: image for one in made for image in one.mail.images}
    sources = sources_of(workspace, issue, reading.source, _completed(cited, knowledge), disclaimers)
    return Prepared(
        slug=issue.slug,
        path=path,
        problems=in_reading_order(settled.problems, str(path)),
        issue=issue,
        variants=[one.mail.rendered for one in made],
        origins=[one.mail.origins for one in made],
        images=tuple(images.values()),
        waivers=settled.waivers,
        sources=sources,
        sources_digest=digest_of(hashes_of(sources, images)),
    )


def overridden(prepared: Prepared, reasons: Mapping[str, str], rules: Sequence[Rule[Any]]) -> Prepared:
    """The issue with the errors of the named rules let stand; what must be told stays."""
    from newsletter.check.settling import override

    settled = override(prepared.problems, reasons, rules)
    return replace(prepared, problems=settled.problems, waivers=(*prepared.waivers, *settled.waivers))


@dataclass(frozen=True, kw_only=True)
class _Made:
    """One variant opened up for checks, with all problems of its own: its style's, its rendering's, the finished mail's."""

    mail: Mail
    problems: Sequence[Problem]


@dataclass(frozen=True)
class _Maker:
    """What all variants of an issue are made from. Each carries the disclaimers that the whole issue must carry."""

    workspace: Workspace
    issue: Issue
    source: str
    references: Mapping[str, Reference]
    knowledge: Knowledge
    disclaimers: Sequence[Disclaimer]
    rules: Sequence[Rule[Any]]

    @property
    def variants(self) -> Sequence[Variant]:
        """Where there are too many, which is an error, the form for readers in no segment is shown all the same."""
        return variants_of(self.issue.body, self.workspace.settings.can_share_a_reader) or (Variant(),)

    def made(self, variant: Variant) -> _Made:
        from newsletter import check, render

        settings = self.workspace.settings
        issue = replace(self.issue, body=form_for(self.issue.body, variant.readers[0]))
        cited = [self.references[key] for key in cited_keys(issue.body)]
        entries, problems = _format(self.workspace, issue, _completed(cited, self.knowledge))
        made = render.render(
            issue,
            entries=entries,
            disclaimers=self.disclaimers,
            settings=settings,
            source=self.source,
            template_folders=(self.workspace.templates,),
            folder=self.workspace.folder,
            variant=variant,
        )
        mail = check.Mail(
            issue=issue,
            rendered=made.rendered,
            origins=made.origins,
            disclaimers=tuple(self.disclaimers),
            references=tuple(cited),
            settings=settings,
            images=tuple(made.images),
        )
        return _Made(mail=mail, problems=(*problems, *made.problems, *check.check_mail(mail, self.rules)))


def _disclaimers(
    workspace: Workspace, issue: Issue, cited: Sequence[Reference], now: datetime
) -> tuple[Sequence[Disclaimer], list[Problem]]:
    from zoneinfo import ZoneInfo

    from newsletter import policy
    from newsletter.read import load_disclaimers

    settings = workspace.settings
    day = (now.astimezone(ZoneInfo(settings.newsletter.timezone))).date()
    catalogue, found = load_disclaimers((workspace.templates,), settings)
    disclaimers, missing = policy.select(issue, cited, settings.policy, catalogue, day)
    return disclaimers, [*found, *missing]


def _completed(cited: Sequence[Reference], knowledge: Knowledge) -> Sequence[Reference]:
    """As they are printed: with the abbreviations of their journals, and what became of them."""
    from newsletter.references.completing import all_completed

    return all_completed(cited, knowledge.journals, knowledge.retractions)


def _format(workspace: Workspace, issue: Issue, cited: Sequence[Reference]) -> tuple[Sequence[Entry], list[Problem]]:
    from newsletter import references

    styles = (workspace.folder / "styles",)
    problems = references.check_style(issue.citation_style, issue.place("citation_style"), styles, issue.language)
    style = issue.citation_style if not problems else "american-medical-association"
    return references.format_entries(cited, style, issue.language, styles), problems
