"""What the rules about links know by name: shorteners, placeholders, words that say nothing. Gathered 2026-11-24, by hand."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    """Separated by bars; line ends mean nothing."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


#: hosts that hide where a link leads; those of one firm for its own pages (youtu.be, wa.me, nyti.ms) are not among them
SHORTENERS = _words(
    """
    adf.ly bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cutt.ly dlvr.it goo.gl is.gd j.mp lc.chat
    lnkd.in ow.ly qr.ae rb.gy rebrand.ly s.id short.io shorturl.at shrtco.de snip.ly soo.gd surl.li t.co
    t.ly t1p.de tiny.cc tiny.one tinyurl.com tr.im urlz.fr v.gd vu.fr x.gd
    """
)

#: hosts, with what may stand before them, through which mail programs, networks and mailing services lead a click
WRAPPERS = (
    "safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "linkprotect.cudasvc.com",
    "protect-eu.mimecast.com", "protect-us.mimecast.com", "l.facebook.com", "lm.facebook.com", "l.instagram.com",
    "ct.sendgrid.net", "hubspotlinks.com", "awstrack.me", "mjt.lu", "cmail19.com", "cmail20.com", "createsend1.com",
    "rs6.net", "klclick.com", "sendibm1.com",
)  # fmt: skip

#: a whole host without a dot that stands for an address to come
PLACEHOLDER_HOSTS = _words(
    """
    address adresse beispiel direccion domain ejemplo enlace example exemple here hier host insert lien
    link page placeholder site tba tbc tbd tk todo url web website
    """
)

#: endings of hosts that there are not: slips of the keyboard, and files
NO_ENDINGS = _words("cmo comm con doc docx gif htm html jpg nett ocm ogr orgg pdf php png")

#: say nothing by themselves, in the languages of the mail's own words and their neighbours
VAGUE = _phrases(
    """
    click|click here|click this|click me|click this link|click the link|click below|tap here|press here|go here|here
    |right here|this|this link|this page|the link|link|more|read more|read on|continue|continue reading|see here|see more
    |view more|more here|read it here|read here|find it here|url
    |hier|hier klicken|klick hier|klicke hier|klicken sie hier|bitte hier klicken|mehr|weiter|weiterlesen|hier weiterlesen
    |mehr lesen|lesen sie mehr|lies mehr|zum link|dieser link|diese seite|hier lesen|hier entlang
    |aquí|aqui|haga clic aquí|haz clic aquí|haga clic|clic aquí|pulse aquí|pincha aquí|más|leer más|lea más|sigue leyendo
    |seguir leyendo|continuar leyendo|enlace|este enlace|ver más
    |ici|en savoir plus|cliquez ici|cliquer ici|clique ici|cliquez|plus|lire plus|lire la suite|la suite|ce lien|lien|voir plus
    |qui|clicca qui|leggi di più|leggi tutto|continua|continua a leggere|di più
    |clique aqui|mais|leia mais|ler mais|saiba aqui|ver mais
    |klik hier|lees meer|lees verder|meer|verder|deze link
    |klikk her|klik her|klicka här|her|här|les mer|læs mere|läs mer|täältä|lue lisää
    |kliknij tutaj|tutaj|czytaj więcej|więcej|klikněte zde|zde|kattintson ide|itt|tıklayın|buraya tıklayın
    |здесь|тут|нажмите здесь|читать далее|подробнее|далее|натисніть тут|читати далі
    |כאן|לחצו כאן|לחץ כאן|לחצי כאן|הקליקו כאן|הקישו כאן|עוד|קרא עוד|קראו עוד|קראי עוד|להמשך קריאה|המשך קריאה|המשך|לקריאה נוספת
    |קישור|הקישור|בקישור הזה|בקישור|ראו כאן
    |هنا|اضغط هنا|انقر هنا|المزيد|اقرأ المزيد
    |ここ|こちら|点击这里|這裡|这里
    """
)
#: promise a little, and stand on many a button: worth knowing
NEARLY_VAGUE = _phrases(
    """
    learn more|find out more|more info|more information|more details|details|info|information|discover more|start
    |mehr erfahren|mehr dazu|mehr infos|mehr informationen|weitere informationen|infos
    |más información|saber más|saiba mais|descubra más|conozca más|mais informações
    |plus d'informations|plus d'infos|savoir plus|découvrir|scopri di più|per saperne di più|maggiori informazioni
    |meer informatie|meer weten|ontdek meer|узнать больше|więcej informacji
    |למידע נוסף|מידע נוסף|לפרטים|לפרטים נוספים|פרטים נוספים|לעוד פרטים
    """
)

#: other names of the same site
SAME_SITE = {
    "youtu.be": "youtube.com", "fb.com": "facebook.com", "fb.me": "facebook.com", "m.me": "facebook.com", "twitter.com": "x.com",
    "wa.me": "whatsapp.com", "instagr.am": "instagram.com", "t.me": "telegram.org", "telegram.me": "telegram.org",
    "maps.app.goo.gl": "google.com", "redd.it": "reddit.com",
}  # fmt: skip
