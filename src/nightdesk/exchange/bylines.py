"""Names under a headline: who wrote it, and whether that is a person or a desk."""

import re

from .found import FoundByline

_LABEL = re.compile(
    r"^\s*(?:(?:written |story |text |words |reported |reporting )?by\b|authors?\s*:|text\s*:|words\s*:"
    r"|автор(?:ка|и|ки|ство)?\s*:|авторка?\b(?=\s+[А-ЯІЇЄҐ])|текст\s*:|підготува(?:в|ла|ли)\s*:?|von\b|par\b)"
    r"\s*:?\s*",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\b(?:desk|staff|newsroom|news ?team|team|editors|editorial|editorial board|agency|agencies|wire"
    r"|bureau|correspondents|reporters|office|department|ministry|council|committee|center|centre"
    r"|institute|university|society|association|commission|working group|program(?:me)?|library"
    r"|project|foundation|government|administration|service|press|news|media|times|radio|tv"
    r"|archivist of|reuters|afp|associated press|ukrinform|interfax|bloomberg|dpa|pap"
    r"|редакція|редакції|відділ|служба|агентство|бюро|команда|новини|укрінформ|суспільне|центр"
    r"|міністерство|інститут|радіо|редакційна)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:(?:deputy |senior |chief |staff |political |war |foreign |business )*"
    r"(?:editor|reporter|correspondent|journalist|writer|columnist|producer|photographer|analyst)"
    r"(?:-in-chief)?|редактор\w*|кореспондент\w*|журналіст\w*|оглядач\w*|фотограф\w*|репортер\w*)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"^(?:jr|sr|ph\.?\s?d|m\.?d|esq|ii|iii|iv)\.?$", re.IGNORECASE)
_PARTICLE = r"(?:de|da|di|del|der|den|van|von|la|le|el|al|bin|ibn|ben|dos|du|af|ter|zu)"
_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯІЇЄҐЁ][\w’'ʼ.-]*)"
_PERSON = re.compile(rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_WORD}){{1,4}}")
_ADDRESS_LIKE = re.compile(r"@|https?:|www\.|\.(?:gov|com|org|net|ua)\b", re.IGNORECASE)


def is_desk(name: str) -> bool:
    """True for desks, agencies and offices: what gets a desk page and no personal one.

    Names of one word in capitals ("AFP", "FedRAMP") and site names ("AIDS.gov") are desks too.
    """
    name = name.strip()
    if (
        _DESK.search(name)
        or _ADDRESS_LIKE.search(name)
        or re.match(r"(?:the|редакція)\s", name, re.I)
    ):
        return True
    return " " not in name and sum(letter.isupper() for letter in name) >= 2


def looks_like_a_person(text: str) -> bool:
    """True for two to five capitalised words such as "Ann Lee", "Ludwig van Beek", "Олена Коваль"."""
    head, _, suffix = text.strip().rpartition(",")
    name = head if head and _SUFFIX.match(suffix.strip()) else text.strip()
    return bool(_PERSON.fullmatch(name)) and not is_desk(name)


def split_label(line: str) -> tuple[bool, str]:
    """("By Ann Lee") → (True, "Ann Lee"); a line without such a label comes back as it is."""
    match = _LABEL.match(line)
    return (True, line[match.end() :].strip()) if match else (False, line.strip())


def byline(name: str) -> FoundByline:
    """One byline from one name, spaces put right."""
    name = " ".join(name.split()).strip(" ,;|·•–—-")
    return FoundByline(name, is_desk(name))


def read_bylines(text: str, *, labelled: bool) -> tuple[FoundByline, ...]:
    """The names of a text such as "Ann Lee, Bo Chan in Kyiv and the news desk"; () if it is none.

    After a label ("By …") desks are taken as well as persons; without one only a line made of
    nothing but names of persons, or of one desk, counts.
    """
    names = [name for part in _split(text) if (name := _without_place(part))]
    names = [name for name in names if not _is_a_role(name)]
    good = [name for name in names if looks_like_a_person(name) or _may_be_a_desk(name)]
    if labelled and len(names) == 1 and not good and _may_be_a_pen_name(names[0]):
        good = names
    if not good or len(good) < len(names):
        return ()
    if not labelled and any(is_desk(name) for name in good):
        is_short = len(good) == 1 and len(good[0].split()) <= 7 and good[0][0].isupper()
        return (byline(good[0]),) if is_short and _names_a_desk(good[0]) else ()
    return tuple(dict.fromkeys(byline(name) for name in good))


def _split(text: str) -> list[str]:
    if is_desk(text) and not re.search(r"[,;|]", text):
        parts = re.split(r"\s+(?:and|та|і)\s+(?=the\b|[A-ZА-ЯІЇЄҐ]\w+ [A-ZА-ЯІЇЄҐ])", text)
        return parts if any(looks_like_a_person(part) for part in parts) else [text]
    parts = re.split(r"\s*(?:[,;|·•]|\s(?:and|with|&|та|і|й|und|et)\s)\s*", text)
    whole: list[str] = []
    for part in parts:
        if whole and _SUFFIX.match(part):
            whole[-1] += f", {part}"
        else:
            whole.append(part)
    return whole


def _without_place(name: str) -> str:
    """ "Ann Lee in Kyiv" → "Ann Lee"; "in Kyiv" → ""."""
    if not is_desk(name):
        name = re.sub(rf"(?:^|\s+)(?:in|у|в)\s+{_WORD}.*$|\s*@\S+.*$", "", name).rstrip(" .")
    return name.strip(" ,;|·•–—-\t")


def _may_be_a_desk(name: str) -> bool:
    """A desk's name begins with a capital, or is the bare word: "staff", "news desk"."""
    first = re.sub(r"^(?:the|a)\s+", "", name, flags=re.IGNORECASE)
    has_sense = bool(_DESK.search(name)) or " " not in first
    is_named = first[:1].isupper() or len(first.split()) <= 2
    return (
        is_desk(name)
        and has_sense
        and is_named
        and len(name.split()) <= 9
        and name[-1] not in ".!?"
    )


def _is_a_role(name: str) -> bool:
    return bool(_ROLE.search(name)) and not looks_like_a_person(_ROLE.sub("", name))


def _names_a_desk(name: str) -> bool:
    return bool(
        re.search(r"\b(?:desk|staff|newsroom|team|editors|reporters|редакція|відділ)\b", name, re.I)
    )


def _may_be_a_pen_name(name: str) -> bool:
    return len(name.split()) <= 3 and name[:1].isupper() and not name.endswith((".", "!", "?", ":"))
