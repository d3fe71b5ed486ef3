"""Content -> MJML source, as somebody writes it who knows MJML well.

A theme in `mj-attributes`, one inlined stylesheet for what stands in texts, as few sections as the layout allows, and
plain tags in `mj-text`. Where a choice costs bytes, the smaller one is taken.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from mail.prose import inlines, prose, reference

from newsletter.model.document import Divider, Table, TypedBlock, plain_words

if TYPE_CHECKING:
    from mail.content import Content

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.document import Block, Blocks

#: what stands in a section of its own, since it has a ground, an edge or columns
_SECTIONS = {"callout", "columns", "quote"}


def as_mjml(content: Content) -> str:
    """The whole source."""
    issue, words = content.issue, content.words
    return f"""<mjml lang="{issue.language}" dir="{words.direction}">
<mj-head>
<mj-title>{escape(issue.title)}</mj-title>
<mj-preview>{escape(plain_words(issue.preheader))}</mj-preview>
{_theme(content)}
</mj-head>
<mj-body width="{content.looks["theme"]["width"]}px" background-color="{content.looks["light"]["canvas"]}">
{_opening(content)}
{_body(issue.body, content)}
{_signature(content)}
{_references(content)}
{_disclaimers(content)}
{_footer(content)}
</mj-body>
</mjml>
"""


def _theme(content: Content) -> str:
    light, fonts = content.looks["light"], content.looks["theme"]
    return f"""<mj-attributes>
<mj-all font-family="{fonts["font"]}" padding="0" />
<mj-section background-color="{light["background"]}" padding="0 32px" text-align="left" />
<mj-text font-size="17px" line-height="28px" color="{light["text"]}" />
<mj-table font-size="16px" line-height="24px" color="{light["text"]}" padding="0 0 24px" />
<mj-image align="left" padding="0 0 10px" border-radius="6px" />
<mj-divider border-width="1px" border-color="{light["rule"]}" padding="12px 0 32px" />
<mj-button align="left" background-color="{light["accent"]}" color="{light["on_accent"]}" border-radius="8px" \
font-size="17px" font-weight="bold" inner-padding="13px 28px" padding="8px 0 28px" />
<mj-class name="small" font-size="14px" line-height="22px" />
<mj-class name="fine" font-size="13px" line-height="21px" color="{light["muted"]}" />
<mj-class name="title" font-size="18px" line-height="26px" font-weight="bold" padding="0 0 8px" />
</mj-attributes>
<mj-style inline="inline">
h1 {{ margin:0 0 14px; font-family:{fonts["heading_font"]}; font-size:34px; line-height:42px }}
h2 {{ margin:36px 0 14px; font-family:{fonts["heading_font"]}; font-size:25px; line-height:32px }}
h3 {{ margin:8px 0 8px; font-family:{fonts["heading_font"]}; font-size:18px; line-height:25px }}
p {{ margin:0 0 20px }}
ul, ol {{ margin:0 0 20px; padding:0 0 0 28px }}
li {{ margin:0 0 8px }}
a {{ color:{light["link"]} }}
sup {{ font-size:13px; line-height:1px }}
</mj-style>"""


def _section(inner: str, attributes: str = "", column: str = "") -> str:
    return f"<mj-section{attributes}><mj-column{column}>\n{inner}\n</mj-column></mj-section>"


def _text(inner: str, attributes: str = "") -> str:
    return f"<mj-text{attributes}>{inner}</mj-text>"


def _opening(content: Content) -> str:
    issue, words, light = content.issue, content.words, content.looks["light"]
    by = words.say("by", authors=words.listed(issue.authors))
    date = f" \N{MIDDLE DOT} {words.day(issue.date)}" if issue.date else ""
    name = _text(
        escape(content.settings.newsletter.name), f' font-size="16px" font-weight="bold" color="{light["accent_text"]}"'
    )
    link = f'<a href="{content.links["view"]}">{words.say("view_in_browser")}</a>'
    view = _text(link, ' mj-class="fine" align="right"')
    masthead = f"<mj-column>{name}</mj-column><mj-column>{view}</mj-column>"
    byline = _text(
        escape(by + date), f' font-size="15px" line-height="22px" color="{light["muted"]}" padding="0 0 24px"'
    )
    return (
        f'<mj-section padding="20px 32px" border-top="6px solid {light["accent"]}">{masthead}</mj-section>\n'
        + _section(_text(f"<h1>{escape(issue.title)}</h1>") + "\n" + byline, ' padding="12px 32px 0"')
    )


def _body(blocks: Blocks, content: Content) -> str:
    """Neighbours that need no section of their own share one."""
    sections = []
    for own, group in groupby(blocks, key=_needs_a_section):
        if own:
            sections += [_typed_section(block, content) for block in group if isinstance(block, TypedBlock)]
        else:
            sections.append(_section(_in_a_column(tuple(group), content)))
    return "\n".join(sections)


def _needs_a_section(block: Block) -> bool:
    return isinstance(block, TypedBlock) and block.name in _SECTIONS


def _in_a_column(blocks: Blocks, content: Content, text: str = "") -> str:
    """Neighbouring texts become one `mj-text`, whose attributes are `text`."""
    pieces = []
    for plain, group in groupby(blocks, key=lambda block: prose(block, content.numbers) is not None):
        if plain:
            pieces.append(_text("\n".join(prose(block, content.numbers) or "" for block in group), text))
        else:
            pieces += [_component(block, content) for block in group]
    return "\n".join(pieces)


def _component(block: Block, content: Content) -> str:
    if isinstance(block, Divider):
        return "<mj-divider />"
    if isinstance(block, TypedBlock) and block.name in {"button", "figure", "table"}:
        return {"button": _button, "figure": _figure, "table": _table}[block.name](block, content)
    raise NotImplementedError(f"the content has a {type(block).__name__}")


def _attribute(block: TypedBlock, name: str) -> str:
    return escape(plain_words(block.attributes.get(name, ())))


def _label(block: TypedBlock, content: Content) -> str:
    """The one line inside a button or figure."""
    (paragraph,) = block.blocks
    return (prose(paragraph, content.numbers) or "").removeprefix("<p>").removesuffix("</p>")


def _button(block: TypedBlock, content: Content) -> str:
    return f'<mj-button href="{_attribute(block, "href")}">{_label(block, content)}</mj-button>'


def _figure(block: TypedBlock, content: Content) -> str:
    width = _attribute(block, "width")
    image = f'<mj-image src="{content.picture_url}" alt="{_attribute(block, "alt")}" width="{width}px" />'
    credit = content.words.say("credit", credit=_attribute(block, "credit"))
    caption = f"{_label(block, content)}<br />{credit}"
    muted = content.looks["light"]["muted"]
    look = f' font-size="15px" line-height="22px" color="{muted}" padding="0 0 24px"'
    return f"{image}\n{_text(caption, look)}"


def _table(block: TypedBlock, content: Content) -> str:
    (table,) = (inner for inner in block.blocks if isinstance(inner, Table))
    light = content.looks["light"]
    aligns = [align or "left" for align in table.align]
    head = "".join(
        f'<th scope="col" style="padding:10px 12px;text-align:{align}">{inlines(cell, content.numbers)}</th>'
        for cell, align in zip(table.header, aligns, strict=True)
    )
    rows = "\n".join(
        f'<tr style="border-bottom:1px solid {light["rule"]}">'
        + "".join(
            f'<td style="padding:10px 12px;text-align:{align}">{inlines(cell, content.numbers)}</td>'
            for cell, align in zip(row, aligns, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    caption = f'<caption style="text-align:left;font-weight:bold">{_attribute(block, "caption")}</caption>'
    head = f'<tr style="background-color:{light["surface"]};border-bottom:2px solid {light["line"]}">{head}</tr>'
    return f"<mj-table>{caption}\n{head}\n{rows}</mj-table>"


def _typed_section(block: TypedBlock, content: Content) -> str:
    if block.name == "columns":
        shown = [inner for inner in block.blocks if isinstance(inner, TypedBlock)]
        columns = "\n".join(
            f'<mj-column padding="{"0 24px 0 0" if inner is not shown[-1] else "0"}">'
            + _in_a_column(inner.blocks, content, ' font-size="16px" line-height="26px"')
            + "</mj-column>"
            for inner in shown
        )
        return f"<mj-section>{columns}</mj-section>"
    return _quote(block, content) if block.name == "quote" else _callout(block, content)


def _quote(block: TypedBlock, content: Content) -> str:
    light, heading = content.looks["light"], content.looks["theme"]["heading_font"]
    look = f' font-family="{heading}" font-size="19px" line-height="30px" font-style="italic"'
    by = f"\N{EM DASH} {_attribute(block, 'attribution')}"
    inner = _in_a_column(block.blocks, content, look)
    inner += _text(by, f' font-size="15px" line-height="23px" color="{light["muted"]}"')
    edge = f' border-left="4px solid {light["line"]}" padding="2px 20px 0 20px"'
    return _section(inner, ' padding="0 32px 24px"', edge)


def _callout(block: TypedBlock, content: Content) -> str:
    light = content.looks["light"]
    warning = _attribute(block, "style") == "warning"
    ground, edge = (light["caution"], light["caution_line"]) if warning else (light["surface"], light["line"])
    colour = light["caution_text"] if warning else light["accent_text"]
    title = _text(_attribute(block, "title"), f' mj-class="title" color="{colour}"')
    look = f' background-color="{ground}" border-left="4px solid {edge}" border-radius="4px" padding="20px 24px 4px"'
    return _section(f"{title}\n{_in_a_column(block.blocks, content)}", ' padding="0 32px 24px"', look)


def _signature(content: Content) -> str:
    sender, light = content.settings.sender, content.looks["light"]
    phones = [f'<a href="tel:{phone.replace("-", "")}">{phone}</a>' for phone in sender.phone]
    site = f'<a href="{sender.website}">{(sender.website or "").removeprefix("https://")}</a>'
    lines = [sender.postal_address, " \N{MIDDLE DOT} ".join([*phones, site])]
    heading = content.looks["theme"]["heading_font"]
    name = _text(escape(sender.name), f' font-family="{heading}" font-size="19px" font-weight="bold"')
    tagline = _text(escape(sender.tagline or ""), f' font-style="italic" color="{light["accent_text"]}"')
    rest = _text("<br />".join(lines), f' mj-class="small" color="{light["muted"]}" padding="0 0 18px"')
    return _section(f'<mj-divider padding="0 0 24px" />{name}\n{tagline}\n{rest}')


def _references(content: Content) -> str:
    words = content.words
    lines = []
    for number, entry in enumerate(content.entries, 1):
        text, url, label = reference(entry)
        link = f' <a href="{url}">{escape(label)}</a>' if url else ""
        lines.append(f'<li id="ref-{number}">{text}{link}</li>')
    heading = _text(f"<h2>{words.say('references')}</h2>")
    listed = "\n".join(lines)
    return _section(heading + _text(f"<ol>{listed}</ol>", ' mj-class="small"'), ' padding="8px 32px 20px"')


def _disclaimers(content: Content) -> str:
    heading = _text(f"<h2>{content.words.say('disclaimers_heading')}</h2>")
    shown = "\n".join(_disclaimer(one, content) for one in content.disclaimers)
    ground = f' background-color="{content.looks["light"]["surface"]}" padding="8px 32px 18px"'
    return _section(heading + _text(shown, ' mj-class="small"'), ground)


def _disclaimer(disclaimer: Disclaimer, content: Content) -> str:
    body = "\n".join(prose(block, content.numbers, shift=2) or "" for block in disclaimer.body)
    return f"<h3>{escape(disclaimer.title)}</h3>\n{body}"


def _footer(content: Content) -> str:
    words, sender, links = content.words, content.settings.sender, content.links
    reply_to = sender.reply_to or sender.address
    leave = " \N{MIDDLE DOT} ".join(
        f'<a href="{links[name]}">{words.say(key)}</a>'
        for name, key in (("unsubscribe", "unsubscribe"), ("preferences", "preferences"), ("view", "view_in_browser"))
    )
    contact = f'{words.say("contact")}{words.say("colon")} <a href="mailto:{reply_to}">{reply_to}</a>'
    lines = (
        escape(words.say("why", newsletter=content.settings.newsletter.name)),
        leave,
        f"{escape(sender.organisation or sender.name)}, {escape(sender.postal_address)}<br />{contact}",
        f'<a href="#top">{words.say("back_to_top")}</a>',
    )
    ground = f' background-color="{content.looks["light"]["canvas"]}" padding="24px 20px 12px"'
    text = "\n".join(f"<p>{line}</p>" for line in lines)
    return _section(_text(text, ' mj-class="fine" align="center"'), ground)
