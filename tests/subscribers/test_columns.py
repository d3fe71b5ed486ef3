"""Which column holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import OptionUnusable
from newsletter.model.importing import Mark, Standing
from newsletter.model.subscriber import SuppressionReason
from newsletter.settings.schema import Attribute, AttributeType
from newsletter.subscribers.columns import How, Kind, columns_of
from newsletter.subscribers.columns.standings import REFUSED
from tests.support.readers import ATTRIBUTES

if TYPE_CHECKING:
    from newsletter.subscribers.columns import Columns


def of(headings: str, *rows: str, **options: Any) -> Columns:
    return columns_of(headings.split(","), ATTRIBUTES, sample=[row.split(",") for row in rows], **options)


def fields(columns: Columns) -> dict[str, str]:
    return {column.heading: column.field for column in columns.known}


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "email",
            "E-Mail",
            "EMAIL ADDRESS",
            "Email *",
            "E-Mail-Adresse",
            "Correo electrónico",
            "Adresse e-mail",
            "Courriel",
        ),
        *(
            "Indirizzo email",
            "E-mailadres",
            "Endereço de e-mail",
            "E-postadress",
            "Adresse électronique",
            "\ufeffemail",
        ),
    ],
)
def test_addresses_are_found_by_their_headings(heading: str) -> None:
    assert [column.kind for column in of(heading).known] == [Kind.ADDRESS]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("email,Name", {"Name": "name"}),
        ("email,Full Name", {"Full Name": "name"}),
        ("email,Nombre", {"Nombre": "name"}),
        ("email,Nombre,Apellidos", {"Nombre": "first_name", "Apellidos": "last_name"}),
        ("email,Name,Vorname", {"Name": "last_name", "Vorname": "first_name"}),
        ("email,Nom,Prénom", {"Nom": "last_name", "Prénom": "first_name"}),
        ("email,Naam,Achternaam", {"Naam": "first_name", "Achternaam": "last_name"}),
        ("email,Nome,Cognome", {"Nome": "first_name", "Cognome": "last_name"}),
        ("email,First Name,Last Name,Name", {"First Name": "first_name", "Last Name": "last_name"}),
        ("email,First Name,Name", {"First Name": "first_name"}),
        ("email,Full Name,Name", {"Full Name": "name"}),
    ],
)
def test_a_name_is_whole_or_the_half_that_is_missing(headings: str, expected: dict[str, str]) -> None:
    assert fields(of(headings)).items() >= expected.items()
    assert len(of(headings).known) == len(expected) + 1


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        *(("Sprache", "language"), ("Langue", "language"), ("Zeitzone", "timezone"), ("Labels", "tags")),
        *(
            ("Tags", "tags"),
            ("Subscribed at", "joined_at"),
            ("Fecha de alta", "joined_at"),
            ("Created At", "joined_at"),
        ),
        *(("unsubscribed_at", "left_at"), ("Abmeldedatum", "left_at"), ("IP address", "ip"), ("Status", "status")),
        *(("Opt-in", "status"), ("subscribed", "status"), ("Unsubscribed", "status"), ("Bounced", "status")),
    ],
)
def test_other_fields_are_found_by_their_headings(heading: str, kind: str) -> None:
    assert fields(of(f"email,{heading}"))[heading] == kind


def test_of_several_dates_the_likeliest_is_taken() -> None:
    assert fields(of("email,created_at,confirmed_at,signup_date")) == {"email": "email", "confirmed_at": "joined_at"}


def test_an_attribute_wins_over_a_word_and_a_field_over_an_attribute() -> None:
    text = Attribute(type=AttributeType.TEXT)
    columns = columns_of(
        ["email", "status", "tags", "nombre"], {"status": text, "tags": text, "nombre": text, "email": text}
    )
    assert [column.kind for column in columns.known] == [Kind.ADDRESS, Kind.ATTRIBUTE, Kind.ATTRIBUTE, Kind.ATTRIBUTE]
    assert columns.mark is None
    (said,) = columns.described
    assert said.endswith('--map "status=subscription status"')
    given = columns_of(["email", "status"], {"status": text}, given={"status": "subscription status"})
    assert given.known[1].kind is Kind.STATUS


def test_what_no_heading_tells_the_cells_tell() -> None:
    columns = of("Contact,Where to write", "Ada,ada@example.org", "Bob,bob@example.org", "Eve,")
    assert [(column.heading, column.how) for column in columns.known] == [("Where to write", How.CELLS)]
    assert columns.described == ("The addresses stand in the column `Where to write`, by the look of its cells.",)
    assert columns.ignored == ("Contact",)


def test_what_is_given_wins() -> None:
    columns = of("email,Work mail,X,Y,Status", given={"work MAIL": "e-mail", "3": "Sport", "Y": "tags", "Status": "-"})
    assert fields(columns) == {"Work mail": "email", "X": "sport", "Y": "tags"}
    assert {column.how for column in columns.known} == {How.GIVEN}
    assert columns.ignored == ("email", "Status")
    assert columns.mark is None


def test_a_given_whole_name_is_kept_beside_its_halves() -> None:
    assert fields(of("email,first_name,Name", given={"Name": "name"}))["Name"] == "name"


def test_a_file_without_headings_is_read_when_its_columns_are_given() -> None:
    columns = of("ada@example.org,Ada,status,x", given={"1": "email", "2": "first_name"})
    assert columns.headless
    assert fields(columns) == {"column 1": "email", "column 2": "first_name"}
    assert columns.ignored == ("column 3", "column 4")
    assert not of("email,x", given={"1": "email"}).headless


@pytest.mark.parametrize(
    ("headings", "rows", "given", "why"),
    [
        ("name,city", ["Ada,Rome"], {}, "no column holds the addresses; call it `email` (the columns found are: `name`, `city`)"),
        ("a,b", ["a@example.org,b@example.org"], {}, "several columns hold addresses: `a`, `b`; say which are the readers'"),
        ("ada@example.org,Ada", [], {}, "its first line is a reader, not a header; put a line such as"),
        ("email,E-Mail", [], {}, "the columns `email` and `E-Mail` both hold email; keep one of them, or say which: --map \"E-M"),
        ("email,city,City", [], {}, "the columns `city` and `City` both hold city; keep one of them"),
        ("email,a,b", [], {"a": "city", "b": "city"}, "the columns `a` and `b` both hold city"),
        ("email,a", [], {"x": "city"}, "--map: no column is called `x` (the columns are: `email`, `a`)"),
        ("email,a", [], {"7": "city"}, "--map: no column is called `7`"),
        ("email,a", [], {"a": "cty"}, "--map: there is no field `cty`; there are email, first_name"),
        ("email,a,A", [], {"a ": "city", "A": "sport", "2": "age"}, "--map: the column `a` is named twice"),
        ("email,X y,x_y", [], {"X-Y": "city"}, "--map: several columns are called `X-Y`; name it by its number: --map 2=..."),
        ("email,\x1b[2Jx", [], {}, "its first line is not a header: a heading has a control character (U+001B) in it"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked_in_words(headings: str, rows: list[str], given: dict[str, str], why: str) -> None:
    with pytest.raises(OptionUnusable if why.startswith("--map") else ValueError) as caught:
        of(headings, *rows, given=given)
    assert str(caught.value).startswith(why)
    assert "ada@" not in str(caught.value)


def test_line_breaks_in_headings_are_spaces() -> None:
    assert fields(columns_of(["E-Mail\nAddress", "Operated\r\non"], ATTRIBUTES)) == {
        "E-Mail Address": "email",
        "Operated on": "operated_on",
    }


SUBSCRIBED, PENDING = Mark(standing=Standing.SUBSCRIBED), Mark(standing=Standing.PENDING)
UNSUBSCRIBED, UNSAID = Mark(standing=Standing.UNSUBSCRIBED), Mark()


def suppressed(reason: SuppressionReason) -> Mark:
    return Mark(standing=Standing.SUPPRESSED, reason=reason)


@pytest.mark.parametrize(
    ("heading", "cell", "mark"),
    [
        ("status", "Subscribed", SUBSCRIBED),
        ("status", " confirmed ", SUBSCRIBED),
        ("status", "abonniert", SUBSCRIBED),
        ("status", "Abonné", SUBSCRIBED),
        ("status", "inactive", UNSUBSCRIBED),
        ("status", "Opted-out", UNSUBSCRIBED),
        ("status", "unconfirmed", PENDING),
        ("status", "VIP", PENDING),
        ("status", "", PENDING),
        ("status", "soft bounced", PENDING),
        ("status", "hard-bounced", suppressed(SuppressionReason.HARD_BOUNCE)),
        ("status", "Cleaned", suppressed(SuppressionReason.HARD_BOUNCE)),
        ("status", "Spam complaint", suppressed(SuppressionReason.COMPLAINT)),
        ("status", "blocklisted", suppressed(SuppressionReason.BY_HAND)),
        ("opt_in", "yes", SUBSCRIBED),
        ("opt_in", "Nein", REFUSED),
        ("opt_in", "abgemeldet", UNSUBSCRIBED),
        ("status", "0", REFUSED),
        ("opt_in", "none", PENDING),
        ("opt_in", "perhaps", PENDING),
        ("unsubscribed", "no", UNSAID),
        ("unsubscribed", "2024-05-01", UNSUBSCRIBED),
        ("unsubscribed_at", "2024-05-01", UNSUBSCRIBED),
        ("unsubscribed_at", "", UNSAID),
        ("active", "yes", UNSAID),
        ("active", "no", UNSUBSCRIBED),
        ("confirmed", "no", PENDING),
        ("bounced", "yes", suppressed(SuppressionReason.HARD_BOUNCE)),
        ("bounced", "soft", PENDING),
        ("bounced", "0", UNSAID),
        ("complained", "true", suppressed(SuppressionReason.COMPLAINT)),
        ("blacklisted", "1", suppressed(SuppressionReason.BY_HAND)),
    ],
)
def test_what_a_column_says_of_a_person(heading: str, cell: str, mark: Mark) -> None:
    read = of(f"email,{heading}").mark
    assert read is not None
    assert read(["a@example.org", cell]) == mark


def test_of_several_the_gravest_is_believed() -> None:
    read = of("email,subscribed,unsubscribed,bounced,left_at").mark
    assert read is not None
    assert read(["a", "yes", "", "", ""]) == SUBSCRIBED
    assert read(["a", "yes"]) == SUBSCRIBED
    assert read(["a", "yes", "no", "", "2024-01-01"]) == UNSUBSCRIBED
    assert read(["a", "yes", "yes", "yes"]).reason is SuppressionReason.HARD_BOUNCE


@pytest.mark.parametrize(
    ("word", "mark"),
    [
        ("unsubscribed", UNSUBSCRIBED),
        ("pending", PENDING),
        ("bounced", suppressed(SuppressionReason.HARD_BOUNCE)),
        ("blocked", suppressed(SuppressionReason.BY_HAND)),
    ],
)
def test_a_person_may_say_how_everybody_stands_but_not_that_they_are_subscribed(word: str, mark: Mark) -> None:
    for headings in ("email", "email,status"):
        read = of(headings, given={"*": word}).mark
        assert read is not None
        assert read(["a@example.org", "subscribed"]) == mark
    for refused, why in (
        ("subscribed", "--consent"),
        ("yes", "--consent"),
        ("gone", "none of pending"),
        ("", "none of"),
    ):
        with pytest.raises(OptionUnusable, match=why):
            of("email", given={"*": refused})


@given(st.text(max_size=30))
def test_only_known_words_subscribe(cell: str) -> None:
    read = of("email,status").mark
    assert read is not None
    if read(["a", cell]) == SUBSCRIBED:
        assert cell.strip().isprintable()
        assert len(cell.strip(" ._:/()[]*-\t\r\n")) <= 12


def test_a_column_of_statuses_is_told_with_the_way_out() -> None:
    (said,) = of("email,Status").described
    assert '--map "Status=-"' in said


@given(st.lists(st.text(max_size=20), max_size=8), st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=4))
def test_any_headings_are_columns_or_are_refused_in_words(headings: list[str], rows: list[list[str]]) -> None:
    try:
        columns = columns_of(headings, ATTRIBUTES, sample=rows)
    except ValueError as why:
        assert str(why)  # noqa: PT017
    else:
        assert len(columns.known) + len(columns.ignored) == columns.width == len(headings)


def test_googles_first_address_is_taken_and_of_columns_with_more_addresses_one_is_asked_about() -> None:
    rows = [["* a ::: b", "a@example.org", "b@example.org"], ["", "x@example.org ::: y@example.org", ""]]
    google = columns_of(["Labels", "E-mail 1 - Value", "E-mail 2 - Value"], ATTRIBUTES, sample=rows)
    assert next(column.heading for column in google.known if column.field == "email") == "E-mail 1 - Value"
    assert google.known[0].read("* a ::: b") == ("a", "b")
    many = [["a@example.org", "b@example.org"], ["c@example.org", ""], ["none", ""]]
    with pytest.raises(ValueError, match="several columns hold addresses"):
        columns_of(["One", "Two"], ATTRIBUTES, sample=many)


def test_headings_below_a_title_are_pointed_at() -> None:
    with pytest.raises(ValueError, match=r"further down .`Nr.`, `E-Mail`.: delete the lines above"):
        columns_of(["List of readers"], ATTRIBUTES, sample=[["As of May"], ["Nr.", "E-Mail"], ["1", "a@example.org"]])


def test_two_columns_of_one_name_are_told_by_their_number() -> None:
    with pytest.raises(ValueError, match='--map "2=email"'):
        columns_of(["email", "email"], ATTRIBUTES)
