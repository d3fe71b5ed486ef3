from __future__ import annotations

from newsletter.read.anchors import Anchors


def test_every_heading_has_an_anchor_of_its_own() -> None:
    anchors = Anchors()
    assert [anchors.of(text) for text in ("Rest & walk", "Rest, walk!", "ריצה")] == [
        "rest-walk",
        "rest-walk-2",
        "section-3",
    ]


def test_no_heading_takes_the_place_of_a_reference_or_of_the_top() -> None:
    anchors = Anchors()
    assert [anchors.of(text) for text in ("Ref 1", "Top", "Cite 12", "Ref 1a")] == [
        "section-1",
        "section-2",
        "section-3",
        "ref-1a",
    ]
