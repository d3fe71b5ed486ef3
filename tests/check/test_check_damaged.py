"""Damaged characters are told at the spot; the letters that they are made of are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.written import damaged
from tests.check.typed import HEAD, told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ("Die Ãœbung hilft.", 5),
        ("Eine Ãœbung fÃ¼r Sie.", 6),
        ("Please donâ€™t run.", 11),
        ("Only 5Â°C outside.", 7),
        ("The caf\ufffd is open.", 8),
        ("Eight&amp;nbsp;weeks.", 6),
        ("Fish &amp;amp; chips.", 6),
    ],
)
def test_damage_is_told_where_it_stands(body: str, column: int, tmp_path: Path) -> None:
    assert told(tmp_path, body, damaged.RULES) == [("text-damaged", 5, column)]


def test_an_entity_of_the_front_matter_is_told_since_nothing_reads_it_there(tmp_path: Path) -> None:
    text = HEAD.replace("Walking after", "Walking &amp; running after") + "Walk."
    assert told(tmp_path, text, damaged.RULES) == [("text-damaged", 2, 16)]


@pytest.mark.parametrize(
    "body",
    [
        "NÃO, Â e Ã são letras. «MANHû, “IRMÔ, MANHÅ",
        "Fish &amp; chips, 5&nbsp;km, &lt;b&gt;.",
        "Äpfel, Öl, Übung, naïve, 25 °C, 5 €.",
        "In code: `&amp;amp;` and `Ã¼`.",
    ],
)
def test_whole_text_is_not_told(body: str, tmp_path: Path) -> None:
    assert told(tmp_path, body, damaged.RULES) == []
