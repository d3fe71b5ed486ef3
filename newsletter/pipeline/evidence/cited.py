"""What a mail cites, and the notes that it carries: the records of them, and the words that readers saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.pipeline.evidence.facts import parsed
from newsletter.pipeline.evidence.printed import disclaimers_in, references_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.model.rendered import Rendered
    from newsletter.pipeline.evidence.material import Material

_REFERENCE, _DISCLAIMER = "reference ", "disclaimer "


def csl_facts(material: Material) -> list[Any]:
    """The records of the references in the order of their numbers; CSL-JSON, that reference managers read."""
    keys = dict.fromkeys(key for one in material.variants if one.rendered for key in one.rendered.references)
    texts = [material.texts[_REFERENCE + key] for key in keys if _REFERENCE + key in material.texts]
    return [parsed(text) for text in texts]


def reference_lines(rendered: Rendered, html: str) -> str:
    """The list as it is printed in this mail."""
    lines = references_in(html)
    if not lines and rendered.references:
        return "The template prints them in a way of its own: see mail.txt beside this file.\n"
    return "\n".join(f"{number}. {text}\n" for number, text in lines) or "This mail cites no reference.\n"


def disclaimer_facts(material: Material, rendered: Rendered, html: str) -> list[dict[str, Any]]:
    """Each with the words that readers saw; None where the template prints them in a way of its own."""
    printed = disclaimers_in(html)
    fits = len(printed) == len(rendered.disclaimers)
    languages = dict(_languages(material))
    return [
        {
            "id": identity,
            "version": number,
            "language": languages.get(identity, rendered.language),
            "title": printed[at].title if fits else None,
            "text": printed[at].text if fits else None,
        }
        for at, (identity, _, number) in enumerate(one.partition("@") for one in rendered.disclaimers)
    ]


def disclaimer_lines(facts: Sequence[Mapping[str, Any]]) -> str:
    """The same to be read."""
    lines = []
    for one in facts:
        text = one["text"] or "The template prints it in a way of its own: see mail.txt beside this file."
        lines.append(f"[{one['id']}, version {one['version']}, {one['language']}]\n{one['title'] or ''}\n\n{text}\n")
    return "\n".join(lines) or "This mail carries no disclaimer.\n"


def _languages(material: Material) -> Iterator[tuple[str, str]]:
    """Such as `general (en)` -> general, en."""
    for label in material.texts:
        if label.startswith(_DISCLAIMER):
            identity, _, language = label.removeprefix(_DISCLAIMER).rstrip(")").rpartition(" (")
            yield identity, language
