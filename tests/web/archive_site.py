"""An archive with its pages: three lists, one of each kind, and an issue that has everything a mail can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.keys import Keys
from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL, Context, Slot
from newsletter.model.subscriber import Archive
from newsletter.web.app import create_app
from tests.support.archive import Press, a_content, at
from tests.web.sample_mailing import BASE_URL, IMAGE_NAME, a_picture, client, settings

if TYPE_CHECKING:
    from newsletter.model.rendered import Rendered
    from newsletter.store.database import Store

SLOTS = {name: Slot(name=name, context=Context.URL) for name in (UNSUBSCRIBE_URL, PREFERENCES_URL, VIEW_URL)}
PREHEADER = 'Six studies, "what" they <say> & don\'t'


def a_mail(base_url: str = BASE_URL, language: str = "en") -> Rendered:
    """The word `</body>` stands in it where it is no tag, and the logo before the picture."""
    html = (
        (
            f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<title>Knees</title>\n<!--[if mso]></head><body><![endif]-->\n'
            '<style>.x:after{content:"</body>"}</style>\n</HEAD >\n<body class="canvas">\n<p>Dear '
        ),
        Slot(name="first_name", context=Context.HTML, fallback="reader"),
        (
            f'</p><img class="logo" src="{base_url}/i/logo.png" alt=""><img src="{base_url}/i/{IMAGE_NAME}" alt="A knee">'
            '<p title="</body>">Runners<a id="cite-1" href="#ref-1">1</a></p>\n<p><a href="'
        ),
        SLOTS[UNSUBSCRIBE_URL],
        '">leave</a> <a href="',
        SLOTS[PREFERENCES_URL],
        '">choose</a> <a href="',
        SLOTS[VIEW_URL],
        '">view</a></p><p><a id="ref-1" href="#cite-1">back</a></p></body>\n</html>\n',
    )
    return a_content("Knees, again", html, PREHEADER, language)


@dataclass
class ArchiveSite:
    store: Store
    press: Press
    web: Any = field(repr=False)
    base_url: str

    def get(self, path: str, **headers: str) -> Any:
        return self.web.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def archive_site(store: Store, base_url: str = BASE_URL, language: str = "en", **sections: Any) -> ArchiveSite:
    """`knees` went to a public list, `by-address` to an unlisted one, `rota` to a hidden one."""
    press = Press(store)
    press.list_("friends", public=True, title="Friends <of> the clinic")
    press.list_("known", Archive.UNLISTED)
    press.list_("staff", Archive.HIDDEN)
    press.send("knees", "friends", "staff", hours=1, content=a_mail(base_url), pictures=(a_picture(),))
    press.send("by-address", "known", hours=2, content=a_mail(base_url, "de"))
    press.send("rota", "staff", hours=3)
    given = settings(base_url=base_url, language=language, **sections)
    app = create_app(store, Keys(["a secret for tests"]), given, (), lambda: at(9))
    return ArchiveSite(store=store, press=press, web=client(app), base_url=base_url)
