"""Columns that no heading of any system tells, and that say who agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import OptionUnusable
from newsletter.model.importing import Standing
from newsletter.settings.schema import Attribute, AttributeType
from newsletter.subscribers.columns import columns_of
from newsletter.subscribers.columns.standings import (
    BLOCKED,
    BOUNCED,
    PENDING,
    REFUSED,
    SUBSCRIBED,
    UNSAID,
    UNSUBSCRIBED,
)
from newsletter.subscribers.formats import FORMATS
from tests.support.readers import ATTRIBUTES

if TYPE_CHECKING:
    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns import Columns

FORM = "Ich möchte den Newsletter"


def of(heading: str, *cells: str, **options: Any) -> Columns:
    sample = [[f"reader{number}@example.org", cell] for number, cell in enumerate(cells)]
    return columns_of(["email", heading], options.pop("attributes", ATTRIBUTES), sample=sample, **options)


def marks(columns: Columns, *cells: str) -> list[Mark]:
    assert columns.mark is not None
    return [columns.mark(["a@example.org", cell]) for cell in cells]


@pytest.mark.parametrize(
    "heading",
    [
        FORM,
        "Newsletter?",
        "Newsletter (ja/nein)",
        "Einwilligung",
        "Ich bin damit einverstanden, dass mir die Praxis ihren Rundbrief per E-Mail schickt, und kann das jederzeit widerrufen",
        "Zustimmung zum E-Mail-Versand",
        "Do you want to receive our newsletter?",
        "Email consent given",
        "Opt-in (email)",
        "¿Acepta recibir el boletín?",
        "Consentimiento",
        "Je souhaite recevoir l'infolettre",
        "J’accepte de recevoir la lettre",
        "Acconsento a ricevere le novità",
        "Ik wil de nieuwsbrief ontvangen",
        "Toestemming",
        "Aceito receber e-mails",
    ],
)
def test_a_column_of_answers_to_a_question_about_consent_is_used_and_told(heading: str) -> None:
    columns = of(heading, "Ja", "Nein", "Ja")
    assert marks(columns, "Ja", "Nein", "", " JA ") == [SUBSCRIBED, REFUSED, PENDING, SUBSCRIBED]
    assert columns.ignored == ()
    (said,) = columns.described
    assert heading[:60] in said
    assert "seems to say who agreed" in said
    assert "=-" in said


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (("x", "", ""), {"x": SUBSCRIBED, "": PENDING}),
        (("checked", "unchecked"), {"checked": SUBSCRIBED, "unchecked": REFUSED}),
        (("true", "false"), {"TRUE": SUBSCRIBED, "FALSE": REFUSED}),
        (("wahr", "falsch"), {"WAHR": SUBSCRIBED, "FALSCH": REFUSED}),
        (("J", "N"), {"j": SUBSCRIBED, "N": REFUSED}),
        (("1", "0"), {"1": SUBSCRIBED, "0": REFUSED}),
        (("✓", ""), {"✓": SUBSCRIBED, "": PENDING}),
        (("Oui", "Non"), {"oui": SUBSCRIBED, "non": REFUSED}),
        (("Ja, gerne", "Nein, danke", "ja!"), {"Ja, ich möchte den Newsletter": SUBSCRIBED, "Nein danke": REFUSED}),
        (("einverstanden", "abgelehnt"), {"einverstanden": SUBSCRIBED, "abgelehnt": REFUSED}),
        (("ja", "abgemeldet"), {"abgemeldet": UNSUBSCRIBED, "opted out": UNSUBSCRIBED}),
        (
            ("ja", "nein"),
            {"ja/nein": PENDING, "no idea": PENDING, "weiß nicht": PENDING, "ja, aber erst 2027": PENDING},
        ),
        (("", ""), {"": PENDING, "ja": SUBSCRIBED}),
    ],
)
def test_only_a_clear_yes_subscribes_and_only_a_clear_no_refuses(cells: tuple[str, ...], read: dict[str, Mark]) -> None:
    assert marks(of(FORM, *cells), *read) == [*read.values()]


@pytest.mark.parametrize(
    ("heading", "cells", "read"),
    [
        ("Newsletter abbestellt", ("ja", "nein"), {"ja": UNSUBSCRIBED, "nein": UNSAID, "": UNSAID}),
        ("Newsletter abbestellt am", ("01.05.2026", ""), {"01.05.2026": UNSUBSCRIBED, "": UNSAID}),
        ("Einwilligung widerrufen", ("x", ""), {"x": UNSUBSCRIBED, "": UNSAID}),
        ("Kein Newsletter", ("x", ""), {"x": REFUSED, "nein": UNSAID, "": UNSAID, "vielleicht": PENDING}),
        ("Please no newsletter", ("yes", "no"), {"yes": REFUSED, "no": UNSAID}),
    ],
)
def test_a_heading_that_turns_the_question_round_is_heeded(
    heading: str, cells: tuple[str, ...], read: dict[str, Mark]
) -> None:
    columns = of(heading, *cells)
    assert marks(columns, *read) == [*read.values()]
    assert any(heading in said for said in columns.described)


def test_a_day_of_consent_says_when_they_joined_and_who_has_none_is_pending() -> None:
    for heading in ("Einwilligung am", "consent_date"):
        columns = of(heading, "02.11.2026", "03.11.2026", "")
        assert [column.field for column in columns.known] == ["email", "joined_at", "status"]
        assert marks(columns, "02.11.2026", "", "-") == [UNSAID, PENDING, PENDING]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("newsletter_source", ("web form", "front desk")),
        ("Newsletter", ("knie", "lauf, knie")),
        ("Newsletter Thema", ("knie", "lauf")),
        ("Newsletter seit", ("2024-01-01", "2025-01-01")),
        ("consent_source", ("web form", "front desk")),
        ("consent wording", ("I agree to get the letter", "I agree to get the letter")),
        ("Einwilligung Fotos", ("ja", "nein")),
        ("Subscription plan", ("gold", "silver")),
        ("Wishes", ("a call back", "none of these")),
        ("Accordion", ("ja", "nein")),
    ],
)
def test_a_column_about_something_else_is_neither_used_nor_asked_about(heading: str, cells: tuple[str, ...]) -> None:
    columns = of(heading, *cells)
    assert columns.mark is None
    assert columns.ignored == (heading,)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Einwilligung", ("siehe Akte", "mündlich", "ja")),
        ("Consent", ("form A", "form B")),
        ("Newsletter", ("regelmäßig", "bitte nicht")),
        ("Newsletter Wunsch", ("regelmäßig", "auf keinen Fall, nein")),
        ("Ich möchte den Newsletter nicht mehr erhalten", ("ja", "nein")),
    ],
)
def test_with_consent_an_unclear_column_is_asked_about_with_both_answers(heading: str, cells: tuple[str, ...]) -> None:
    with pytest.raises(ValueError) as caught:
        of(heading, *cells)
    assert f'--map "{heading}=status"' in str(caught.value)
    assert f'--map "{heading}=-"' in str(caught.value)
    told = of(heading, *cells, consented=False)
    assert any(f'--map "{heading}=status"' in said for said in told.described)
    assert PENDING in marks(of(heading, *cells, given={heading: "status"}), *cells, "")
    assert of(heading, *cells, given={heading: "-"}).mark is None


def test_other_columns_of_yes_and_no_are_told_and_not_used() -> None:
    sample = [["a@example.org", "ja", "x", "f", "1"], ["b@example.org", "nein", "", "f", "1"]]
    columns = columns_of(["email", "Raucher", "Brille", "Sex", "Rating"], ATTRIBUTES, sample=sample)
    assert columns.mark is None
    (said,) = columns.described
    assert said.startswith("The columns `Raucher`, `Brille` hold yes and no, and are not used.")
    assert '--map "Raucher=status"' in said
    assert '--map "Raucher=-"' in said
    assert of("Raucher", "ja", "nein", given={"Raucher": "-"}).described == ()


def test_an_attribute_of_such_a_name_is_filled_and_told() -> None:
    answers = Attribute(type=AttributeType.YES_NO)
    columns = of("newsletter_einwilligung", "ja", "nein", attributes={"newsletter_einwilligung": answers})
    assert columns.mark is None
    (said,) = columns.described
    assert said.endswith('--map "newsletter_einwilligung=subscription status"')


def test_a_long_heading_is_named_by_its_number_so_that_what_is_told_can_be_typed() -> None:
    heading = "Ich willige ein, dass mir die Praxis ihren Newsletter an meine oben genannte E-Mail-Adresse schickt"
    (said,) = of(heading, "ja", "nein").described
    assert '--map "2=-"' in said
    assert of(heading, "ja", "nein", given={"2": "-"}).mark is None


def test_what_a_person_calls_a_column_says_how_it_is_read() -> None:
    assert marks(of("Feld 7", "ja", given={"Feld 7": "unsubscribed"}), "ja", "nein") == [UNSUBSCRIBED, UNSAID]
    assert marks(of("Feld 7", "ja", given={"Feld 7": "opt-in"}), "ja", "einverstanden") == [SUBSCRIBED, SUBSCRIBED]
    assert marks(of("Kein Newsletter", "ja", given={"Kein Newsletter": "status"}), "ja") == [REFUSED]


def test_where_the_system_says_how_people_stand_a_question_is_told_and_not_used() -> None:
    headings = ["Email Address", "MEMBER_RATING", "OPTIN_TIME", "CONFIRM_TIME", "LEID", "EUID", FORM]
    sample = [["a@example.org", "2", "", "", "1", "e1", "Nein"], ["b@example.org", "2", "", "", "2", "e2", "Ja"]]
    columns = columns_of(headings, ATTRIBUTES, sample=sample, name="subscribed_export.csv")
    assert FORM in columns.ignored
    assert any(f'--map "{FORM}=status"' in said for said in columns.described)


@pytest.mark.parametrize(
    ("given", "why", "nearest"),
    [
        ({"Kunden-Nr": "alter"}, 'add `alter = { type = "text" }` under [attributes]', None),
        ({"Kunden-Nr": "ctiy"}, "there is no field `ctiy`", "city"),
        ({"Kundennr": "city"}, "no column is called `Kundennr`", "Kunden-Nr"),
    ],
)
def test_a_wrong_option_is_told_with_what_there_is(given: dict[str, str], why: str, nearest: str | None) -> None:
    with pytest.raises(OptionUnusable) as caught:
        of("Kunden-Nr", "17", given=given)
    assert why in str(caught.value)
    assert (caught.value.option, caught.value.nearest) == ("--map", nearest)


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=6))
def test_nobody_is_subscribed_by_an_empty_cell_whatever_the_heading(heading: str, cells: list[str]) -> None:
    try:
        columns = of(heading, *cells)
    except ValueError as why:
        assert str(why)  # noqa: PT017
        return
    if columns.mark:
        assert columns.mark(["a@example.org", ""]).standing is not Standing.SUBSCRIBED


@pytest.mark.parametrize(
    ("heading", "cells", "read"),
    [
        ("DOUBLE_OPT-IN", ("Yes", "No"), {"Yes": SUBSCRIBED, "No": REFUSED, "2": PENDING}),
        ("May we write to you?", ("Yes", "No"), {"Yes": SUBSCRIBED, "No": REFUSED, "": PENDING}),
        ("Can we email you about events and news?", ("Yes", "No"), {"No": REFUSED}),
        ("Dürfen wir Ihnen schreiben?", ("Ja, gerne", "Nein"), {"Ja, gerne": SUBSCRIBED, "Nein": REFUSED}),
        ("Stay in touch", ("I agree", ""), {"I agree": SUBSCRIBED, "": PENDING}),
        ("GDPR", ("x", ""), {"x": SUBSCRIBED, "": PENDING}),
        ("Deaktiviert am", ("02.01.2024 03:05", "01.01.2024"), {"02.01.2024": UNSUBSCRIBED, "": UNSAID, "0": UNSAID}),
        ("Aktiviert am", ("02.01.2024", "02.01.2024", "0"), {"02.01.2024": UNSAID, "": PENDING, "0": PENDING}),
        ("Subscribed", ("2024-01-02 03:04:05", ""), {"2024-01-02 03:04:05": UNSAID, "": PENDING}),
        ("Blocklisted emails", ("0", "1"), {"0": UNSAID, "1": BLOCKED, "": UNSAID, "2": PENDING}),
        ("Opted out of email: Newsletter", ("true", "false", ""), {"true": UNSUBSCRIBED, "false": UNSAID, "": UNSAID}),
        ("HasOptedOutOfEmail", ("1", "0"), {"1": UNSUBSCRIBED, "0": UNSAID}),
        ("Suppression Reason", ("", "User unsubscribed"), {"": UNSAID, "User unsubscribed": PENDING, "yes": BLOCKED}),
        ("Verstorben", ("x", ""), {"x": UNSUBSCRIBED, "": UNSAID}),
        ("Has opted in", ("true", "false"), {"true": SUBSCRIBED, "false": REFUSED}),
        ("Newsletter gekündigt", ("ja", ""), {"ja": UNSUBSCRIBED, "": UNSAID}),
        ("Do not contact", ("yes", "no", ""), {"yes": REFUSED, "no": UNSAID, "": UNSAID}),
        ("Bitte nicht anschreiben", ("x", ""), {"x": REFUSED, "": UNSAID}),
        ("Werbesperre", ("ja", "nein"), {"ja": REFUSED, "nein": UNSAID}),
        ("Invalid email address", ("true", ""), {"true": BOUNCED, "": UNSAID}),
        ("Bounced Hard", ("", "1"), {"1": BOUNCED, "": UNSAID, "no such user": PENDING}),
    ],
)
def test_more_headings_of_agreeing_leaving_and_trouble(
    heading: str, cells: tuple[str, ...], read: dict[str, Mark]
) -> None:
    columns = of(heading, *cells)
    assert marks(columns, *read) == [*read.values()]
    assert any(f'"{heading}=-"' in said for said in columns.described)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("state", ("active", "cancelled")),
        ("Type", ("active", "unconfirmed", "bounced", "junk")),
        ("Field 7", ("I agree", "I agree", "")),
    ],
)
def test_cells_that_speak_of_agreeing_or_leaving_are_asked_about_below_any_heading(
    heading: str, cells: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="holds words for who agreed, left or bounced"):
        of(heading, *cells)
    assert of(heading, *cells, given={heading: "-"}).mark is None
    assert of(heading, *cells, given={heading: "status"}).mark is not None


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Knee", ("left", "right")),
        ("Contact No.", ("555-01-00", "555-01-01")),
        ("State", ("CA", "NY")),
        ("SMS_BLOCKLISTED", ("true", "false")),
        ("Accepts SMS Marketing", ("yes", "no")),
    ],
)
def test_cells_about_something_else_are_not_asked_about(heading: str, cells: tuple[str, ...]) -> None:
    assert of(heading, *cells).mark is None


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("suppression_spam_reports.csv", ("email", "created")),
        ("suppression_unsubscribes (1).csv", ("email", "created")),
        ("asm_groups_12_suppressions.csv", ("email", "created")),
        ("anything.csv", ("reason", "email", "created")),
        ("anything.csv", ("status", "reason", "email", "created")),
        ("Unsubscribed.csv", ("Email",)),
        ("Abmeldungen 2026.xlsx", ("E-Mail", "Vorname")),
    ],
)
def test_nobody_in_a_table_of_people_who_left_becomes_subscribed(name: str, headings: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="people who must not be mailed"):
        columns_of(headings, ATTRIBUTES, name=name)
    left = columns_of(headings, ATTRIBUTES, name=name, given={"*": "unsubscribed"})
    assert left.mark is not None
    assert left.mark(["x"] * 4) == UNSUBSCRIBED
    assert columns_of(headings, ATTRIBUTES, name=name, format_=FORMATS["plain"]).width == len(headings)


@pytest.mark.parametrize("name", ["readers.csv", "blockbuster.csv", "news_readers.rejected.csv", "spring.csv"])
def test_other_names_say_nothing(name: str) -> None:
    assert columns_of(["email", "created"], ATTRIBUTES, name=name).mark is None
