"""Abbreviations, initials and initialisms in Ukrainian."""

from __future__ import annotations

import re

from nightdesk.narration.spoken.rules import Rule, rule, words

_BEFORE_NAMES = {
    "ген.": "генерал", "полк.": "полковник", "підполк.": "підполковник", "кап.": "капітан",
    "проф.": "професор", "акад.": "академік", "доц.": "доцент", "ім.": "імені", "м.": "місто",
    "с.": "село", "смт": "селище міського типу", "вул.": "вулиця", "просп.": "проспект",
    "пл.": "площа", "бул.": "бульвар", "о.": "острів", "оз.": "озеро", "св.": "святий",
    "гр.": "громадянин", "п.": "пан",
}  # fmt: skip
_TITLED = _BEFORE_NAMES | {
    short.capitalize(): full.capitalize()
    for short, full in _BEFORE_NAMES.items()
    if short not in ("м.", "с.", "о.", "п.")
}
_ANYWHERE = {
    "обл.": "область", "р-н": "район", "та ін.": "та інші",
    "і т. д.": "і так далі", "і т.д.": "і так далі", "та т. д.": "та так далі", "і т. п.": "і таке подібне",
    "напр.": "наприклад", "див.": "дивіться", "тис.": "тисяч", "млн": "мільйонів", "млрд": "мільярдів",
    "н. е.": "нашої ери", "о/об": "о", "т. ч.": "тому числі", "ред.": "редакція", "прим.": "примітка",
    "грн": "гривень", "дол.": "доларів",
}  # fmt: skip
_LETTERS = {
    "А": "а", "Б": "бе", "В": "ве", "Г": "ге", "Ґ": "ґе", "Д": "де", "Е": "е", "Є": "є", "Ж": "же",
    "З": "зе", "И": "и", "І": "і", "Ї": "ї", "Й": "йот", "К": "ка", "Л": "ел", "М": "ем", "Н": "ен",
    "О": "о", "П": "пе", "Р": "ер", "С": "ес", "Т": "те", "У": "у", "Ф": "еф", "Х": "ха", "Ц": "це",
    "Ч": "че", "Ш": "ша", "Щ": "ща", "Ю": "ю", "Я": "я",
}  # fmt: skip
#: Said as a word though they could be spelled, and spelled though they could be a word.
_AS_A_WORD = {
    "НАТО",
    "НАБУ",
    "САП",
    "ГУР",
    "ЗАЕС",
    "ЧАЕС",
    "ХАМАС",
    "ЦАХАЛ",
    "НАЗК",
    "ОДА",
    "РЕБ",
    "ЮНЕСКО",
    "ОБСЄ",
    "МАГАТЕ",
    "СЕСУР",
    "АТО",
    "ЦІК",
    "ФІФА",
    "УЄФА",
}
_SPELLED = {
    "США": "ес-ша-а",
    "ЗСУ": "зе-ес-у",
    "СБУ": "ес-бе-у",
    "ЄС": "є-ес",
    "ООН": "о-о-ен",
    "ОАЕ": "о-а-е",
    "ДБР": "де-бе-ер",
    "УПЦ": "у-пе-це",
    "ОЕСР": "о-е-ес-ер",
}
_VOWELS = set("АЕЄИІЇОУЮЯ")


def spelled(match: re.Match[str]) -> str:
    """МЗС → ем-зе-ес; НАТО stays a word."""
    text = match[0]
    if text in _SPELLED:
        return _SPELLED[text]
    if text in _AS_A_WORD or (len(text) > 3 and _VOWELS & set(text)):
        return text
    if len(text) == 3 and text[1] in _VOWELS and text[0] not in _VOWELS and text[2] not in _VOWELS:
        return text
    return "-".join(_LETTERS[letter] for letter in text)


def _address(match: re.Match[str]) -> str:
    return f"{match['who'].replace('.', ' крапка ')} ет {match['where'].replace('.', ' крапка ')}"


def _so_called(match: re.Match[str]) -> str:
    endings = {"а": "на", "я": "на", "е": "не", "о": "не", "і": "ні", "и": "ні"}
    return f"так зва{endings.get(match['next'][-1], 'ний')}{match['next']}"


_TOP = "com|org|net|ua|gov|info|news|media|eu|uk|de|pl|io|tv|edu|укр"

EARLY: tuple[Rule, ...] = (
    rule(r"(?<!\w)(?P<who>[\w.+-]+)@(?P<where>[\w-]+(?:\.[\w-]+)+)", _address),
    rule(
        r"\bhttps?://(?:www\.)?(?P<name>[\w-]+(?:\.[\w-]+)+)(?:[/?#][^\s,;)]*)?",
        lambda m: m["name"].rstrip(".").replace(".", " крапка "),
    ),
    rule(
        rf"\b(?:www\.)?(?P<name>(?:[\w-]+\.)+(?:{_TOP}))\b(?:/[^\s,;)]*)?(?!\.?\w)",
        lambda m: m["name"].replace(".", " крапка "),
    ),
    rule(r"(?<!\w)#(\w+)", r"гештеґ \1"),
    rule(r"(?<!\w)т\.\s?зв\.(?P<next>\s\w+)", _so_called),
    rule(r"№\s?", "номер "),
    rule(r"(?<![\w.])[Сс]т\.\s?(?=\d)", "стаття "),
    rule(r"(?<=\b[УуВв]\s)м\.\s?(?=[А-ЯІЇЄҐ])", "місті "),
    rule(r"\b([Дд]о|[Зз]|[Іі]з|[Вв]ід|[Бб]іля)\sм\.\s?(?=[А-ЯІЇЄҐ])", r"\1 міста "),
    words(_TITLED, after=r"(?=\s?[А-ЯІЇЄҐ«])"),
    words(
        {
            key: value
            for key, value in _ANYWHERE.items()
            if not key.startswith(("тис", "млн", "млрд", "грн", "дол"))
        }
    ),
    # О. Зеленська, В. О. Зеленський: an initial ends no sentence.
    rule(r"(?<![\w.])([А-ЯІЇЄҐ])\.\s?(?=(?:[А-ЯІЇЄҐ]\.\s?)?[А-ЯІЇЄҐ][а-яіїєґ'])", r"\1 "),
    rule(r"\s&\s", " і "),
)

#: Sums that had no number before them, and what is spelled.
LATE: tuple[Rule, ...] = (
    words(
        {
            key: value
            for key, value in _ANYWHERE.items()
            if key.startswith(("тис", "млн", "млрд", "грн", "дол"))
        }
    ),
    rule(r"(?<![\w-])[А-ЯІЇЄҐ]{2,5}(?![\w])", spelled),
)
