"""Marks while rendering, slots afterwards."""

from __future__ import annotations

from newsletter.compose.slots import SlotMarks, fill
from newsletter.model.rendered import Context, Slot


def test_marks_survive_as_plain_text_and_are_cut_into_slots() -> None:
    marks = SlotMarks("the author's text")
    name = marks.mark("first_name", Context.HTML, "reader")
    link = marks.mark("view_url", Context.URL)
    assert name.isalnum()
    assert marks.cut(f"{name}: <a href='{link}'>x</a>") == (
        Slot(name="first_name", context=Context.HTML, fallback="reader"),
        ": <a href='",
        Slot(name="view_url", context=Context.URL),
        "'>x</a>",
    )


def test_the_same_slot_has_one_mark_and_the_same_source_the_same_marks() -> None:
    one, again, other = SlotMarks("a"), SlotMarks("a"), SlotMarks("b")
    assert one.mark("x", Context.TEXT) == one.mark("x", Context.TEXT) == again.mark("x", Context.TEXT)
    assert one.mark("x", Context.TEXT) != one.mark("x", Context.HTML)
    assert one.mark("x", Context.TEXT) != other.mark("x", Context.TEXT)


def test_more_than_ten_marks_are_told_apart() -> None:
    marks = SlotMarks("source")
    text = "".join(marks.mark(f"field{number}", Context.TEXT) for number in range(12))
    assert [part.name for part in marks.cut(text) if isinstance(part, Slot)] == [f"field{n}" for n in range(12)]


def test_an_empty_or_missing_value_gives_the_fallback_escaped_too() -> None:
    parts = ("Dear ", Slot(name="name", context=Context.HTML, fallback="<reader>"))
    assert fill(parts, {}) == fill(parts, {"name": "  "}) == "Dear &lt;reader&gt;"
    assert fill(parts, {"name": " <Ada> "}) == "Dear &lt;Ada&gt;"
