"""Columns, tables with a caption, contents, events, authors, related links: in HTML and in text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from babel import Locale

from newsletter.compose.slots import fill
from newsletter.model.document import Heading, Table
from newsletter.render.times import when
from newsletter.settings.contrast import contrast
from tests.render.dom import colours, filled_html, filled_text, lineage, media_rules, styles, texts, tree
from tests.render.issues import (
    VALUES,
    ZONE,
    at,
    bullets,
    cite,
    entries,
    heading,
    inlines,
    link,
    paragraph,
    rendering,
    save_image,
    settings,
    tag,
    typed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.document import Block
    from newsletter.render import Rendering

PACIFIC = "Pacific Standard Time"
WEST = "Nordamerikanische Westküsten-Normalzeit"
TABLE = Table(
    header=(inlines("Week"), inlines("Steps")), rows=((inlines("2"), inlines("1,800")),), align=(None, None), at=at(31)
)


def column(*blocks: Block, line: int = 1, **attributes: str) -> Block:
    return typed("column", *blocks, line=line, **attributes)


def event(*blocks: Block, **attributes: Any) -> Block:
    return typed("event", *blocks, **({"title": "An evening", "start": "2026-12-08T18:00"} | attributes))


def blocks() -> tuple[Block, ...]:
    related = bullets([paragraph(link("Shoes", "https://example.org/shoes"), ": honestly")], line=71)
    left = column(
        typed("figure", src="knee.png", alt="A knee", line=13),
        heading("Left", level=3),
        paragraph("One ", cite("ref1"), ".", line=14),
        line=12,
    )
    right = column(paragraph("Two.", line=18), typed("button", paragraph("Go"), href="https://example.org/go"), line=17)
    evening = event(
        paragraph("Tea ", tag(), ".", line=42),
        end="2026-12-08T19:30",
        place="12 Example Street",
        href="https://example.org/evening",
    )
    return (
        typed("contents", line=8),
        heading("Pairs", line=10),
        typed("columns", left, right, line=11),
        typed("table", TABLE, line=30, caption=("Steps of ", tag())),
        evening,
        typed(
            "author",
            paragraph("She runs.", line=52),
            line=50,
            name="Mara Lind",
            role="Surgeon",
            src="face.png",
            alt="Mara smiling",
            href="https://example.org/lind",
        ),
        typed("author", line=54, name="Jo Okafor"),
        typed(
            "callout",
            event(title="Closed", start="2026-12-24", end="2027-01-03"),
            typed("related", related),
            style="warning",
            line=60,
        ),
        typed("related", related, line=70, title="Read on"),
    )


def made(folder: Path, *body: Block, **keys: object) -> Rendering:
    save_image(folder / "knee.png", (1200, 600))
    save_image(folder / "face.png", (300, 300))
    zone = {"name": "Letters", "base_url": "https://news.example.org", "timezone": "America/Los_Angeles"}
    return rendering(
        *(body or blocks()), folder=folder, **{"settings": settings(newsletter=zone), "references": entries(1)} | keys
    )


@pytest.fixture(scope="module", params=["article", "digest", "announcement"])
def mail(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rendering:
    return made(tmp_path_factory.mktemp("issue"), template=request.param)


def test_all_of_them_render_without_problems(mail: Rendering) -> None:
    assert mail.problems == ()


def test_all_text_is_legible_in_both_schemes_and_large_enough(mail: Rendering) -> None:
    dark = media_rules(filled_html(mail), "@media (prefers-color-scheme: dark)")
    for element, text in texts(tree(mail)):
        if text.strip("\xa0\n "):
            front, back = colours(element, "color", dark), colours(element, "background-color", dark)
            assert contrast(front[0], back[0]) >= 4.5, text
            assert contrast(front[1], back[1]) >= 4.5, text
            sizes = [
                styles(one)["font-size"] for one in lineage(element) if styles(one).get("font-size", "").endswith("px")
            ]
            assert int(sizes[0].removesuffix("px")) >= (16 if "text" in element.get("class", "") else 13), text


def test_every_link_of_the_html_is_in_the_text(mail: Rendering) -> None:
    text = filled_text(mail)
    targets = [target for target in tree(mail).xpath("//a/@href") if target.startswith("https://")]
    assert [target for target in targets if target not in text] == []
    assert {"https://example.org/" + name for name in ("go", "evening", "lind", "shoes")} <= set(targets)


def test_every_block_leads_back_to_its_line(mail: Rendering) -> None:
    lines = {place.line for _, place in mail.origins.marks}
    assert {8, 10, 11, 12, 13, 14, 17, 18, 30, 42, 50, 52, 54, 60, 70, 71} <= lines


def test_layout_tables_are_presentation_and_only_the_data_has_a_caption(mail: Rendering) -> None:
    (data,) = tree(mail).xpath("//table[not(@role='presentation')]")
    assert [child.tag for child in data][:2] == ["caption", "thead"]
    assert data.findtext("caption") == "Steps of Ana"
    assert [cell.get("scope") for cell in data.iter("th")] == ["col", "col"]


def test_columns_stand_side_by_side_without_media_queries_or_white_space(tmp_path: Path) -> None:
    mail = made(tmp_path)
    (columns,) = tree(mail).xpath("//div[@class='columns']")
    boxes = columns.xpath("./div")
    assert [styles(box)["max-width"] for box in boxes] == ["280px", "256px"]
    assert {(styles(box)["display"], styles(box)["width"], styles(box)["vertical-align"]) for box in boxes} == {
        ("inline-block", "100%", "top")
    }
    assert not columns.text
    assert all(not child.tail for child in columns)
    html = filled_html(mail)
    found = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html[html.index('class="columns"') :], re.DOTALL)
    ghosts = [ghost for ghost in found if 'class="gap"' not in ghost]
    assert ghosts[0].startswith('<table role="presentation" dir="ltr" width="536"')
    cells = [re.findall(r'<td width="(\d+)" valign="top">', ghost) for ghost in ghosts[1:5]]
    assert cells == [["280"], [], ["256"], []]


def test_a_figure_in_a_column_has_the_columns_width(tmp_path: Path) -> None:
    (image,) = tree(made(tmp_path)).xpath("//img[@alt='A knee']")
    assert (image.get("width"), image.get("height")) == ("256", "128")


@pytest.mark.parametrize(
    ("shares", "widths"),
    [
        (("2", "1"), [365, 170]),
        (("60%", ""), [331, 204]),
        (("", "", "", ""), [140, 140, 140, 116]),
        (("1000", "1"), [479, 56]),
    ],
)
def test_shares_become_pixels_that_fit(shares: tuple[str, ...], widths: list[int], tmp_path: Path) -> None:
    columns = typed("columns", *(column(paragraph("x"), width=share) for share in shares))
    root = tree(made(tmp_path, columns))
    found = [int(styles(box)["max-width"].removesuffix("px")) for box in root.xpath("//div[@class='column']")]
    assert found == widths
    assert sum(found) <= 536


@pytest.mark.parametrize(("around", "room"), [("callout", 484), ("quote", 492)])
def test_columns_fit_into_what_they_stand_in(around: str, room: int, tmp_path: Path) -> None:
    columns = typed("columns", column(paragraph("a")), column(paragraph("b")))
    root = tree(made(tmp_path, typed(around, columns)))
    assert sum(int(styles(box)["max-width"].removesuffix("px")) for box in root.xpath("//div[@class='column']")) <= room


def test_columns_follow_each_other_in_the_text(tmp_path: Path) -> None:
    text = filled_text(made(tmp_path))
    assert "[A knee]\n\nLeft\n~~~~\n\nOne [1].\n\nTwo.\n\n-> Go: https://example.org/go\n" in text


def test_a_caption_stands_above_the_table_in_the_text(tmp_path: Path) -> None:
    assert "Steps of Ana\n\nWeek  Steps\n----  -----\n2     1,800\n" in filled_text(made(tmp_path))


def test_contents_lead_to_headings_of_two_levels(tmp_path: Path) -> None:
    body = (
        typed("contents"),
        heading("One"),
        typed("callout", heading("Two & ", level=3)),
        Heading(level=2, content=inlines("Dear ", tag(), cite("ref1")), anchor="dear", at=at(1)),
        heading("Four", level=4),
    )
    mail = made(tmp_path, *body)
    lines = tree(mail).xpath("//p[contains(@class, 'contents-line')]/a")
    assert [(line.get("href"), line.text_content()) for line in lines] == [
        ("#one", "One"),
        ("#two-&-", "Two & "),
        ("#dear", "Dear Ana"),
    ]
    assert "In this issue:\n- One\n  - Two &\n- Dear Ana\n" in filled_text(mail)


def test_contents_without_headings_show_nothing(tmp_path: Path) -> None:
    mail = made(tmp_path, typed("contents", title="What"), paragraph("x"))
    assert "What" not in filled_html(mail) + filled_text(mail)


def test_a_digest_lists_its_headings_once_where_the_author_wants_it(tmp_path: Path) -> None:
    body = (paragraph("first"), typed("contents"), heading("One"), heading("Two"))
    mail = made(tmp_path, *body, template="digest")
    assert len(tree(mail).xpath("//p[@class='contents-title']")) == 1
    text = filled_text(mail)
    assert text.count("In this issue") == 1
    assert text.index("first") < text.index("In this issue")


def test_an_event_says_when_and_where(tmp_path: Path) -> None:
    mail = made(tmp_path)
    assert (
        "| An evening <https://example.org/evening>\n"
        "| Tuesday, December 8, 2026\n"
        "| 6:00\xa0PM – 7:30\xa0PM, Pacific Standard Time\n"
        "| 12 Example Street\n"
        "|\n"
        "| Tea Ana.\n"
    ) in filled_text(mail)
    root = tree(mail)
    assert [p.text for p in root.xpath("//p[@class='event-when']")][:2] == [
        "Tuesday, December 8, 2026",
        "6:00\xa0PM – 7:30\xa0PM, Pacific Standard Time",
    ]
    (leaf,) = root.xpath("//td[@aria-hidden='true'][.//td[text()='8']]")
    assert list(leaf.itertext()) == ["Dec", "8"]


@pytest.mark.parametrize(
    ("start", "end", "language", "lines"),
    [
        ("2026-12-08", "", "en", ("Tuesday, December 8, 2026",)),
        (
            "2026-12-08T18:00",
            "",
            "de",
            ("Dienstag, 8. Dezember 2026", f"18:00, {WEST}"),
        ),
        ("2026-07-08T18:00", "", "en", ("Wednesday, July 8, 2026", "6:00\xa0PM, Pacific Daylight Time")),
        (
            "2026-07-08T18:00+02:00",
            "2026-07-08T19:00+02:00",
            "en",
            ("Wednesday, July 8, 2026", "6:00\xa0PM – 7:00\xa0PM, GMT+02:00"),
        ),
        (
            "2026-12-08T18:00",
            "2026-12-09T04:00+01:00",
            "en",
            (f"Tuesday, December 8, 2026, 6:00\xa0PM, {PACIFIC} – Wednesday, December 9, 2026, 4:00\xa0AM, GMT+01:00",),
        ),
        (
            "2026-12-08T18:00",
            "2026-12-10",
            "es",
            ("martes, 8 de diciembre de 2026, 18:00, hora estándar del Pacífico – jueves, 10 de diciembre de 2026",),
        ),
        (
            "2026-12-08T22:00",
            "2026-12-09T01:00",
            "de",
            (f"Dienstag, 8. Dezember 2026, 22:00 – Mittwoch, 9. Dezember 2026, 01:00, {WEST}",),
        ),
        ("2026-12-08T18:00", "", "he", ("יום שלישי, 8 בדצמבר 2026", "18:00, שעון מערב ארה״ב (חורף)")),
    ],
)
def test_times_are_written_in_the_issues_language(start: str, end: str, language: str, lines: tuple[str, ...]) -> None:
    from newsletter.model.moments import read_moment

    begins = read_moment(start)
    assert begins
    assert when(begins, read_moment(end), ZONE, Locale.parse(language)) == lines


def test_an_author_has_a_round_picture_of_fixed_size_and_reads_without_it(tmp_path: Path) -> None:
    mail = made(tmp_path)
    (image,) = tree(mail).xpath("//img[@class='portrait']")
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("72", "72", "Mara smiling")
    assert (styles(image)["width"], styles(image)["border-radius"]) == ("72px", "36px")
    assert "[Mara smiling]\nMara Lind <https://example.org/lind>\nSurgeon\nShe runs.\n\nJo Okafor\n" in filled_text(
        mail
    )


def test_a_portrait_that_is_no_square_is_told(tmp_path: Path) -> None:
    mail = made(tmp_path, typed("author", name="Ann", src="knee.png", alt="", line=7))
    (problem,) = mail.problems
    assert (problem.code, problem.place.line) == ("portrait-not-square", 7)


def test_related_links_have_a_title_of_their_own_or_ours(tmp_path: Path) -> None:
    mail = made(tmp_path)
    assert [p.text for p in tree(mail).xpath("//p[@class='related-title']")] == ["Read more", "Read on"]
    assert "Read on\n- Shoes <https://example.org/shoes>: honestly\n" in filled_text(mail)


def test_a_readers_value_in_an_attribute_is_escaped(tmp_path: Path) -> None:
    body = (
        typed("table", TABLE, caption=(tag(),)),
        event(title=(tag(),), place=(tag(),), href=("https://example.org/", tag())),
        typed("author", name=(tag(),), role=(tag(),), src="face.png", alt=(tag(),)),
        typed("related", bullets([paragraph(link("x", "#top"))]), title=(tag(),)),
        typed("contents", title=(tag(),)),
        heading("One"),
    )
    mail = made(tmp_path, *body)
    html = fill(mail.rendered.html, VALUES | {"first_name": '"><b>x</b>'})
    assert "<b>" not in html
    assert html.count("&quot;&gt;&lt;b&gt;x&lt;/b&gt;") == 8
    assert "https://example.org/%22%3E%3Cb%3Ex%3C%2Fb%3E" in html


def test_right_to_left_turns_columns_and_gaps(tmp_path: Path) -> None:
    root = tree(made(tmp_path, language="he"))
    html = filled_html(made(tmp_path, language="he"))
    assert '<!--[if mso]><table role="presentation" dir="rtl" width="536"' in html
    first = root.xpath("//div[@class='column']//td")[0]
    assert styles(first)["text-align"] == "right"
    assert "padding-left" in styles(first)
    assert styles(root.xpath("//td[contains(@class, 'beside')]")[0])["padding-right"] == "16px"
