"""Pages about templates, translations and rendering."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "template-unknown",
        Level.ERROR,
        """A template that does not exist.

        Take the one that the message suggests; `newsletter templates list` shows all.

        Bad:

            ---
            title: Walking after a knee operation
            template: artikel
            ---

            Walk a little every day.

        Good:

            ---
            title: Walking after a knee operation
            template: article
            ---

            Walk a little every day.
        """,
    ),
    told(
        "template-syntax",
        Level.ERROR,
        """A template of the workspace that cannot be read.

        The message names the file and the line. Correct it, or delete the file to get ours back.

        Bad (templates/email/article.html.j2):

            {% extends "email/base.html.j2" %}
            {% block content %}

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "template-error",
        Level.ERROR,
        """A template of the workspace that failed.

        It uses something that is not there. Correct it, or delete the file to get ours back.

        Bad (templates/email/article.html.j2):

            {% extends "email/base.html.j2" %}
            {% block content %}{{ readers.first.name }}{% endblock %}

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "language-untranslated",
        Level.WARNING,
        """The mail's own words are not there in the issue's language.

        Words such as "Unsubscribe" stay English. Write a translations file; docs/templates.md shows how.

        Bad:

            ---
            title: Marcher
            language: it
            ---

            Cammina ogni giorno.

        Good:

            ---
            title: Walking
            language: en
            ---

            Walk a little every day.
        """,
    ),
    told(
        "translation-incomplete",
        Level.WARNING,
        """A translations file without all words.

        Those that are missing stay English. Add those that the message names.

        Bad:

            ---
            title: Camminare
            language: it
            ---

            Cammina ogni giorno.

        Bad (templates/translations/it.toml):

            unsubscribe = "Annulla l'iscrizione"

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "translation-syntax",
        Level.ERROR,
        """A translations file that cannot be read.

        The message names the line. Correct it.

        Bad:

            ---
            title: Camminare
            language: it
            ---

            Cammina ogni giorno.

        Bad (templates/translations/it.toml):

            unsubscribe = Annulla

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "translation-names",
        Level.ERROR,
        """A translated text with other `{names}` than the English one.

        The names in braces are filled in and must be the same. Use those of the English text.

        Bad:

            ---
            title: Camminare
            language: it
            ---

            Cammina ogni giorno.

        Bad (templates/translations/it.toml):

            by = "di {chi}"

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "rendering-damaged",
        Level.ERROR,
        """A block or a reader's field that got lost on the way.

        Mostly a template of the workspace that does not close what it opens. Nest blocks less deeply, or check the
        template.
        """,
        must=True,
    ),
)
