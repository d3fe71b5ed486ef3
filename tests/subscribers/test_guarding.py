"""No cell is run as a formula, and every cell comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.subscribers.exporting.guarding import guarded, unguarded

#: texts in which everything meets that the guard looks at
cells = st.text(st.sampled_from("=+-@'\" \t\r\n;,a1.\u3000\uff1d\uff0b\ufeff\u200b\u00e9|"), max_size=12)


@given(st.one_of(cells, st.text(max_size=40)))
@example("'=1")
@example("''=1")
@example("a;'=1")
@example("'-3")
def test_every_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1"),
        *("\uff1d1", "\uff0b1", "\uff0d1", "\uff20A", "\u2212A", "\ufeff=1", "\u200b=1", "\u3000=1", "\u00a0 =1"),
        *("Anna;=1", 'Anna;"=1', "Anna; =1", "+49 171 0000000", "--", "-"),
    ],
)
def test_what_could_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) != text
    assert guarded(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["'t Hooft", "O'Neil", "Ada", "", "a=b", "ada@example.org", "-3", "+1.5", "a; b", "'"])
def test_what_cannot_run_stays(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@pytest.mark.parametrize(("cell", "text"), [("'-3", "-3"), ("'=1", "=1"), ("'+49 171", "+49 171"), ("'@home", "@home")])
def test_the_guards_of_other_programs_are_taken_away(cell: str, text: str) -> None:
    assert unguarded(cell) == text


def test_long_cells_cost_little() -> None:
    hostile = "'" * 200_000 + " " * 200_000 + ";" * 10_000
    assert unguarded(guarded(hostile)) == hostile
