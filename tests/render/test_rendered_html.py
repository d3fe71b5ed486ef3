"""The HTML part: what every mail must have, and what must never be in it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from jinja2 import Template

from newsletter.model.document import BlockQuote, Table
from newsletter.model.reference import Entry, Run
from newsletter.model.rendered import Context, Slot, slots_of
from newsletter.render.theme import looks
from newsletter.settings.contrast import contrast
from tests.render.dom import colours, filled_html, lineage, media_rules, styles, texts, tree
from tests.render.issues import (
    BODY,
    at,
    bullets,
    cite,
    entries,
    everything,
    heading,
    inlines,
    paragraph,
    rendering,
    settings,
    tag,
    typed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.document import Block
    from newsletter.render import Rendering

LOOKS = looks(settings().theme) | {"logo": None, "start": "left"}
LAYOUTS = ("article", "digest", "announcement")


@pytest.fixture(scope="module", params=LAYOUTS)
def mail(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rendering:
    return everything(tmp_path_factory.mktemp("issue"), template=request.param)


def test_the_sample_renders_without_problems(mail: Rendering) -> None:
    assert mail.problems == ()


def test_the_html_is_ascii_and_starts_with_the_doctype(mail: Rendering) -> None:
    html = filled_html(mail)
    assert html.isascii()
    assert html.startswith("<!DOCTYPE html>\n<html ")
    assert html.rstrip().endswith("</html>")


def test_nothing_of_templates_or_marks_is_left(mail: Rendering) -> None:
    html = filled_html(mail)
    for left in ("{{", "{%", "<%", "<link", "data-origin", "data-premailer", "slot"):
        assert left not in html


def test_ignored_style_blocks_are_kept_and_small(mail: Rendering) -> None:
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", filled_html(mail), re.DOTALL)
    assert sum(len(block) for block in blocks) < 16 * 1024
    narrow = next(block for block in blocks if "max-width:623px" in block)
    dark = next(block for block in blocks if "prefers-color-scheme: dark" in block)
    outlook = next(block for block in blocks if "[data-ogsc]" in block)
    assert all("!important" in block for block in (narrow, dark, outlook))
    source = Template(_template_text("narrow.css.j2"), trim_blocks=True).render(LOOKS)
    assert set(narrow.split("\n")) <= {*source.split("\n"), ""}
    assert ".pad{" in narrow
    assert "supported-color-schemes" in dark


def _template_text(name: str) -> str:
    from importlib.resources import files

    return files("newsletter.templates").joinpath("email", name).read_text(encoding="utf-8").strip()


def test_no_at_rule_stands_in_another(mail: Rendering) -> None:
    for block in re.findall(r"<style[^>]*>(.*?)</style>", filled_html(mail), re.DOTALL):
        depth = 0
        for token in re.findall(r"[@{}]", block):
            assert token != "@" or depth == 0
            depth += {"{": 1, "}": -1}.get(token, 0)
        assert depth == 0


def test_a_long_article_with_ten_references_stays_under_75_kb(tmp_path: Path) -> None:
    long = [paragraph("Nine words that stand here to make it long. " * 12, cite("ref1")) for _ in range(30)]
    mail = everything(tmp_path, body=())
    long_mail = rendering(*BODY, *long, folder=tmp_path, references=entries())
    assert len(filled_html(mail)) < len(filled_html(long_mail)) < 75 * 1024


def test_the_title_is_the_only_first_heading_and_no_level_is_skipped(mail: Rendering) -> None:
    levels = [int(element.tag[1]) for element in tree(mail).iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_language_and_direction_stand_where_clients_leave_them(mail: Rendering) -> None:
    root = tree(mail)
    first = next(root.body.iter("div"))
    article = root.body.xpath("//div[@role='article']")[0]
    assert root.body.get("xml:lang") == "en"
    for element in (root, first, article):
        assert (element.get("lang"), element.get("dir")) == ("en", "ltr")
    assert article.get("aria-roledescription") == "email"
    assert article.get("aria-label") == root.findtext(".//h1")


def test_layout_tables_are_presentation_and_data_tables_have_scopes(mail: Rendering) -> None:
    tables = tree(mail).xpath("//table")
    data = [table for table in tables if table.get("role") != "presentation"]
    assert len(data) == 1
    assert [cell.get("scope") for cell in data[0].iter("th")] == ["col"] * 3


def test_the_preheader_comes_first_and_fills_the_preview(mail: Rendering) -> None:
    first = next(tree(mail).body.iter("div"))
    words = first.text_content()
    assert words.startswith("What to expect week by week, Ana, and when to call us.")
    assert words.endswith("\u034f\u200c\u00a0")
    assert styles(first)["display"] == "none"


def test_every_anchor_that_is_linked_exists_and_is_empty(mail: Rendering) -> None:
    root = tree(mail)
    anchors = {element.get("id"): element for element in root.xpath("//a[@id]")}
    assert len(anchors) == len(root.xpath("//a[@id]"))
    for link in root.xpath("//a[starts-with(@href, '#')]"):
        anchor = anchors[link.get("href")[1:]]
        assert anchor.get("name") == anchor.get("id")
        assert anchor.text is None
        assert len(anchor) == 0


def test_every_link_says_where_it_goes(mail: Rendering) -> None:
    for link in tree(mail).xpath("//a[@href]"):
        assert link.text_content().strip() or link.xpath(".//img[@alt]")


def test_images_have_size_and_alternative_text(mail: Rendering) -> None:
    images = tree(mail).xpath("//img")
    assert len(images) == 2
    for image in images:
        assert (image.get("width"), image.get("height")) == ("536", "223")
        assert image.get("alt")
        assert styles(image)["height"] == "auto"
        assert image.get("src") == f"https://news.example.org/i/{mail.images[0].name}"


def test_text_is_large_enough(mail: Rendering) -> None:
    for element, text in texts(tree(mail)):
        if element.tag == "td" and not text.strip("\xa0\n"):
            continue
        sizes = [
            styles(one)["font-size"] for one in lineage(element) if styles(one).get("font-size", "").endswith("px")
        ]
        assert int(sizes[0].removesuffix("px")) >= 13, text
        if element.get("class") == "text":
            assert int(sizes[0].removesuffix("px")) >= 16


def test_all_text_is_legible_in_both_schemes_and_has_its_own_dark_class(mail: Rendering) -> None:
    dark = media_rules(filled_html(mail), "@media (prefers-color-scheme: dark)")
    seen = set()
    for element, text in texts(tree(mail)):
        if not text.strip("\xa0\n "):
            continue
        front, back = colours(element, "color", dark), colours(element, "background-color", dark)
        seen.add((front, back))
        assert contrast(front[0], back[0]) >= 4.5, text
        assert contrast(front[1], back[1]) >= 4.5, text
        assert (front[1], back[1]) != ("#ffffff", "#000000")
    assert len(seen) > 8


def test_disclaimers_are_in_the_mail_and_no_smaller_than_13_pixels(mail: Rendering) -> None:
    for title in ("Education, not medical advice", "In an emergency", "No guarantee of results"):
        found = [element for element, text in texts(tree(mail)) if text == title]
        assert [element.tag for element in found] == ["h3"]
    assert mail.rendered.disclaimers == ("general@1", "emergency@1", "no-guarantee@1", "delivery@1")


def test_slots_are_cut_out_for_the_place_they_stand_in(mail: Rendering) -> None:
    slots = set(slots_of(mail.rendered.html))
    assert Slot(name="first_name", context=Context.HTML, fallback="reader") in slots
    assert Slot(name="first_name", context=Context.URL_PART, fallback="reader") in slots
    assert Slot(name="plan_url", context=Context.URL, fallback="https://example.org/plan") in slots
    for name in ("unsubscribe_url", "preferences_url", "view_url"):
        assert Slot(name=name, context=Context.URL) in slots
    assert all(isinstance(part, str) or part.context is Context.HEADER for part in mail.rendered.subject)


def test_origins_lead_from_the_html_to_the_authors_lines(mail: Rendering) -> None:
    flat = "".join(part for part in mail.rendered.html if isinstance(part, str))
    for words, line in (("The first weeks</h2>", 14), ("2,140 patients", 16), ("When to call<", 20), ("71 %", 30)):
        place = mail.origins.at(flat.index(words))
        assert place is not None
        assert (place.file, place.line) == ("issue.md", line)
    advice = mail.origins.at(flat.index("Education, not medical advice<"))
    assert advice is not None
    assert advice.file == "general.en.md"


def test_the_same_issue_gives_the_same_bytes(mail: Rendering, tmp_path: Path) -> None:
    again = everything(tmp_path, template="article")
    assert again.rendered == everything(tmp_path / "elsewhere", template="article").rendered
    assert again.rendered.fingerprint != rendering(folder=tmp_path).rendered.fingerprint


def test_a_mail_without_references_or_preheader_has_no_empty_sections(tmp_path: Path) -> None:
    mail = rendering(paragraph("Hello."), heading("Bye"), folder=tmp_path)
    html = filled_html(mail)
    assert "References" not in html
    assert 'class="preheader"' not in html
    assert "Please note" not in html


def test_right_to_left_languages_turn_the_layout(tmp_path: Path) -> None:
    mail = rendering(paragraph("\u05e9\u05dc\u05d5\u05dd ", tag()), folder=tmp_path, language="he")
    root = tree(mail)
    assert root.get("dir") == "rtl"
    assert not root.xpath("//td[contains(@class, 'content')][@align='left']")
    assert root.xpath("//td[contains(@class, 'content')]")[0].get("align") == "right"
    assert mail.problems == ()


def test_a_regional_language_uses_the_words_of_its_language(tmp_path: Path) -> None:
    mail = rendering(paragraph("Hola"), folder=tmp_path, language="es-MX")
    assert mail.problems == ()
    assert tree(mail).get("lang") == "es-MX"


def test_phones_are_links_that_dial(tmp_path: Path) -> None:
    sender = settings().sender.model_copy(update={"phone": ("+1 (213) 555-0142", "213-555-0143")})
    mail = rendering(folder=tmp_path, settings=settings().model_copy(update={"sender": sender}))
    assert tree(mail).xpath("//a[starts-with(@href, 'tel:')]/@href") == ["tel:+12135550142", "tel:2135550143"]
    assert mail.rendered.reply_to == "ask@example.org"


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+44 (0)20 7946 0123", "+442079460123"),
        ("+49(0)30/5550-0100 (Mo-Fr 9-17 Uhr)", "+493055500100"),
        ("(213) 555-0142 ext. 4", "2135550142"),
        ("04 55 55 01 23", "0455550123"),
        ("*5550", "*5550"),
        ("Praxis: 030 5550\u20130100", "03055500100"),
    ],
)
def test_a_phone_dials_what_people_dial(written: str, dialled: str, tmp_path: Path) -> None:
    sender = settings().sender.model_copy(update={"phone": (written,)})
    mail = rendering(folder=tmp_path, settings=settings().model_copy(update={"sender": sender}))
    assert tree(mail).xpath("//a[starts-with(@href, 'tel:')]/@href") == [f"tel:{dialled}"]


def test_replies_go_to_the_senders_address_unless_another_is_set(tmp_path: Path) -> None:
    sender = settings().sender.model_copy(update={"reply_to": None})
    mail = rendering(folder=tmp_path, settings=settings().model_copy(update={"sender": sender}))
    assert mail.rendered.reply_to == "letters@example.org"


def test_a_part_that_gets_lost_while_inlining_is_told(tmp_path: Path) -> None:
    block: Block = paragraph("deep inside")
    for _ in range(110):  # the parser that inlining uses cuts off at 256 elements within each other
        block = BlockQuote(blocks=(block,), at=at(1))
    mail = rendering(block, folder=tmp_path)
    assert [problem.code for problem in mail.problems] == ["rendering-damaged"]


@pytest.mark.parametrize("end", ["doi:10.1002/(SICI)1<16::X>3.0;2-2", "DOI:10.1002/(sici)1<16::x>3.0;2-2.", ""])
def test_a_doi_is_shown_once_and_is_the_link(end: str, tmp_path: Path) -> None:
    url = "https://doi.org/10.1002/(SICI)1<16::X>3.0;2-2"
    entry = Entry(key="k", number=1, runs=(Run(text=f"A title. 1998. {end}".rstrip()),), url=url, authors="A")
    root = tree(rendering(paragraph(cite("k")), folder=tmp_path, references=(entry,)))
    cell = root.xpath("//td[contains(@class, 'reference')]")[0]
    assert cell.text_content().startswith("A title. 1998. doi:10.1002/(SICI)1<16::X>3.0;2-2\N{NO-BREAK SPACE}")
    assert cell.xpath(".//a/@href")[0] == "https://doi.org/10.1002/(SICI)1%3C16::X%3E3.0;2-2"


def test_text_against_the_direction_of_the_issue_is_turned(tmp_path: Path) -> None:
    hebrew = "\u05e9\u05dc\u05d5\u05dd"
    body = (
        paragraph("12 ", hebrew),
        heading(hebrew),
        bullets([paragraph(hebrew)]),
        paragraph("Plain"),
        paragraph("12"),
    )
    for language, expected in (("en", ["rtl", "rtl", "rtl", None, None]), ("he", [None, None, None, "ltr", None])):
        content = tree(rendering(*body, folder=tmp_path, language=language)).xpath("//td[contains(@class, 'content')]")
        turned = [content[0].xpath(f"./*[{number}]")[0] for number in range(1, 6)]
        assert [element.get("dir") for element in turned] == expected
        sides = {"rtl": "right", "ltr": "left"}
        assert all(styles(e)["text-align"] == sides[e.get("dir")] for e in turned if e.get("dir"))


def test_a_sentence_that_begins_with_a_foreign_name_is_not_turned(tmp_path: Path) -> None:
    body = (paragraph("Larkmeadow Clinic \u05de\u05d6\u05de\u05d9\u05e0\u05d4"), paragraph("Only a title (\u05e1)"))
    content = tree(rendering(*body, folder=tmp_path, language="he")).xpath("//td[contains(@class, 'content')]/p")
    assert [element.get("dir") for element in content] == [None, "ltr"]


def test_a_language_longer_than_a_file_name_has_no_translations(tmp_path: Path) -> None:
    mail = rendering(paragraph("x"), folder=tmp_path, language="en-" + "x" * 300)
    assert mail.problems == ()


def test_a_wide_table_scrolls_within_the_mail_and_does_not_widen_it(tmp_path: Path) -> None:
    cells = ((inlines("x" * 200),),)
    table = Table(header=cells[0], rows=cells, align=(None,), at=at(1))
    quote = BlockQuote(blocks=(table,), at=at(1))
    root = tree(rendering(table, typed("callout", table), quote, typed("quote", table), folder=tmp_path))
    scrolled = [element for element in root.iter("table") if "data" in (element.get("class") or "")]
    assert len(scrolled) == 4
    for element in scrolled:
        around = [above for above in element.iterancestors("table", "div") if above.get("role") != "blockquote"]
        assert styles(around[0])["overflow-x"] == "auto"
        hold = next(index for index, above in enumerate(around) if above.get("class") == "hold")
        assert all(styles(above)["table-layout"] == "fixed" for above in around[1:hold])
