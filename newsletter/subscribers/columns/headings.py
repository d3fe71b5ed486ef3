"""What other programs call our fields, in the languages of Western Europe.

Headings are compared without regard to case and accents; spaces, hyphens, dots and underscores are the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEPARATORS_OF_WORDS = re.compile(r"[\s._:/()\[\]*-]+")
_LONGEST = 100


def word_of(heading: str) -> str:
    """A heading as it is looked up: `E-Mail-Adresse` and `e_mail adresse` are the same."""
    plain = unicodedata.normalize("NFKD", heading[:_LONGEST].casefold())
    return _SEPARATORS_OF_WORDS.sub("_", "".join(c for c in plain if not unicodedata.combining(c))).strip("_")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: field -> words; of those that stand in one file the first is taken, for fields of which that is harmless
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "email": _words(
        "email e_mail mail emails email_address e_mail_address mail_address emailaddress email_addresses subscriber_email "
        "contact_email e_mail_1_value email_1_value your_email primary_email user_email member_email "
        "e_mail_adresse email_adresse mailadresse mail_adresse emailadresse deine_e_mail_adresse ihre_e_mail_adresse "
        "correo correo_electronico direccion_de_correo direccion_de_correo_electronico direccion_de_email "
        "courriel adresse_e_mail adresse_email adresse_mail adresse_electronique adresse_de_courriel "
        "indirizzo_email indirizzo_e_mail indirizzo_mail posta_elettronica "
        "e_mailadres emailadres mailadres endereco_de_email endereco_de_e_mail endereco_email correio_eletronico "
        "e_post e_postadress epost epostadress e_postadresse epostadresse e_mailadresse sahkoposti adres_e_mail adres_email"
    ),
    "first_name": _words(
        "first_name firstname first given_name givenname forename fname vorname rufname prenom nombre_de_pila "
        "voornaam fornavn fornamn etunimi imie primeiro_nome"
    ),
    "last_name": _words(
        "last_name lastname last surname family_name familyname lname nachname familienname zuname apellido apellidos "
        "nom_de_famille cognome achternaam sobrenome apelido apelidos etternavn efternavn efternamn sukunimi nazwisko"
    ),
    "language": _words(
        "language lang locale preferred_language language_code sprache idioma lengua langue lingua taal sprak sprog kieli jezyk"
    ),
    "timezone": _words(
        "timezone time_zone tz zeitzone zona_horaria huso_horario fuseau_horaire fuso_orario tijdzone fuso_horario"
    ),
    "tags": _words("tags tag labels schlagworter schlagworte etiquetas etiquettes etichette"),
    "joined_at": _words(
        "joined_at joined confirmed_at confirm_time subscribed_at subscription_date subscribe_date subscribed_on "
        "date_subscribed opt_in_date optin_date opt_in_at optin_time opt_in_time opted_in_at signed_up_at signup_date "
        "sign_up_date signup_time joined_on join_date date_joined anmeldedatum angemeldet_am anmeldung_am "
        "fecha_de_alta fecha_de_suscripcion fecha_de_inscripcion date_d_inscription date_inscription data_iscrizione "
        "data_di_iscrizione inschrijfdatum data_de_inscricao date_added added_at creation_date created_at created"
    ),
    "left_at": _words(
        "left_at left unsubscribed_at unsubscribed_on unsubscription_date unsubscribe_date unsubscribe_time unsub_time "
        "unsub_date opt_out_date optout_date opt_out_time opted_out_at date_unsubscribed abmeldedatum abgemeldet_am "
        "fecha_de_baja date_de_desinscription date_desinscription data_cancellazione uitschrijfdatum"
    ),
    "ip": _words(
        "ip ip_address optin_ip opt_in_ip signup_ip sign_up_ip subscribe_ip ip_adresse direccion_ip adresse_ip"
    ),
}
#: the whole name, unless a column has the other half of it
NAMES = _words(
    "name full_name fullname your_name contact_name subscriber_name display_name nombre nom nome naam navn namn"
)
NAMES_ALWAYS_WHOLE = _words(
    "vollstandiger_name nombre_completo nombre_y_apellidos nom_complet nome_completo volledige_naam"
)
#: first names in languages whose bare word for `name` means the last name beside them: Vorname, Name
FIRST_BESIDE_LAST = frozenset(_words("vorname rufname prenom voornaam fornavn fornamn"))

FIELD_OF: Mapping[str, str] = {word: field for field, words in SYNONYMS.items() for word in words} | dict.fromkeys(
    (*NAMES, *NAMES_ALWAYS_WHOLE), "name"
)
