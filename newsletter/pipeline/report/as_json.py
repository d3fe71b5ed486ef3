"""Report -> the same facts for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from newsletter.pipeline.report.counts import counts
from newsletter.pipeline.report.facts import PieceKind

if TYPE_CHECKING:
    from newsletter.pipeline.report.facts import CitedReference, Quotation, Report, Statement


def report_json(report: Report) -> dict[str, Any]:
    """The same facts; quotations and sentences as plain text with the differing words beside it."""
    return {
        "issue": report.slug,
        "title": report.title,
        "newsletter": report.newsletter,
        "authors": list(report.authors),
        "date": report.dated,
        "file": report.file,
        "made": report.made,
        "fingerprints": [asdict(edition) for edition in report.editions],
        "counts": {
            label: {"count": count, "at": [name for name, _ in where]} for label, count, where in counts(report)
        },
        "statements": [
            {"heading": part.heading, **_statement_json(one)} for part in report.parts for one in part.statements
        ],
        "references": [_reference_json(one) for one in report.references],
        "problems": [one.as_json() for one in report.problems],
        "checks": [asdict(check) for group in report.checks for check in group.checks],
        "waivers": [one.as_json() for one in report.waivers],
        "limits": list(report.limits),
    }


def _statement_json(one: Statement) -> dict[str, Any]:
    return {
        "number": one.number,
        "line": one.line,
        "text": "".join(
            f"[{p.text}]" if p.kind is PieceKind.NUMBER else p.text
            for p in one.sentence
            if p.kind is not PieceKind.MARK
        ),
        "where": one.where,
        "readers": one.readers,
        "references": [asdict(source) for source in one.sources],
        "quotations": [_quotation_json(quotation) for quotation in one.quotations],
        "claims": [asdict(claim) for claim in one.claims],
        "problems": [problem.as_json() for problem in one.problems],
    }


def _quotation_json(one: Quotation) -> dict[str, Any]:
    return {
        "finding": one.finding.value,
        "quoted": "".join(piece.text for piece in one.quoted),
        "source": "".join(piece.text for piece in one.source),
        "added": [piece.text for piece in one.quoted if piece.kind is PieceKind.ADDED],
        "left_out": [piece.text for piece in one.source if piece.kind is PieceKind.LEFT_OUT],
        "reference": one.number or None,
        "field": one.field,
        "speaker": one.speaker,
    }


def _reference_json(one: CitedReference) -> dict[str, Any]:
    return {
        "number": one.number,
        "key": one.entry.key,
        "text": one.entry.text,
        "url": one.entry.url,
        "file": one.file,
        "line": one.line,
        "abstract": one.abstract,
        "retractions": list(one.retractions),
        "statements": list(one.statements),
        "problems": [problem.as_json() for problem in one.problems],
    }
