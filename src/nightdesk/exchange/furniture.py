"""The lines of a news page that are not the story: what they look like, one idea a row.

Each row is a name (for notes and tests) and a pattern that must match the whole line. The wording
is that of common English and Ukrainian sites, never that of one page. A row here costs text if it
is too wide, so every pattern is either a whole phrase or bound to words such as "our newsletter".
"""

import re

_DROPPED = {
    "skip link": r"(skip|jump|go|перейти) (to|до) .{0,25}(content|navigation|menu|footer|search|story"
    r"|article|контенту|вмісту|змісту|головного).{0,12}",
    "edit link": r"(\[?edit\]?|edit (this )?(post|page|article|story|entry)|редагувати( .{0,20})?"
    r"|view post|customi[sz]e|preview)",
    "sign in": r"((log|sign) ?(in|out|up)( now)?|register|my account|account|create (an )?account"
    r"|увійти|вийти|вхід|реєстрація|зареєструватися|мій кабінет|already a (subscriber|member)\?.*)",
    "menu": r"(menu|main menu|open menu|close( menu)?|search( for:?)?|home|homepage|sections?"
    r"|меню|головне меню|пошук|знайти|головна|розділи|back to top|top|next|previous|prev|назад|далі"
    r"|about( us)?|contacts?( us)?|advertise( with us)?|careers|jobs|shop|store|video|videos|photos?"
    r"|gallery|podcasts?|про нас|контакти|реклама|вакансії|магазин|відео|фото|подкасти?|🔍|☰|×|✕|x)",
    "language switch": r"((eng(lish)?|en|ukr|uk|ua|укр(аїнська|аїнською)?|рус(ский)?|ru|de|pl|fr)"
    r"([\s|/·]+|$))+",
    "audio note": r"((this|the)? ?(audio|article|story|narration|recording)( version)?"
    r" (is|was|has been) .{0,30}(created|generated|produced|narrated|read|voiced) .{0,12}"
    r"\b(AI|artificial|automat\w*|by an? \w+ voice|text-to-speech).{0,60}|listen( to (this|the) (article|story|audio|piece|post|news))?( now)?"
    r"( ?[(·|-]? ?\d+ ?(min|sec|:\d\d).{0,12})?|play audio|audio version"
    r"|(це |цей )?(аудіо|текст|матеріал|запис)\w* .{0,30}(створен|озвучен|згенерован)\w* .{0,20}"
    r"(ШІ|AI|штучн\w+|автоматичн\w+|диктор\w*).{0,40}|(про)?слухати( .{0,30})?|озвучено .{0,40}|\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d|0?0:00)",
    "share button": r"(share( (this|on|via|by|article|story|post|link|now)\b.{0,40})?:?"
    r"|copy( the)? link|link copied!?|copied!?|(facebook|twitter|x|telegram|whatsapp|viber|linkedin"
    r"|messenger|reddit|instagram|youtube|tiktok|threads|bluesky|mastodon|e-?mail|print|pinterest"
    r"|flipboard|pocket|rss)([\s,|/·]+|$))+|(tweet|post|pin|like|save|bookmark|follow)( (this|it))?"
    r"( (article|story|post|page))?|(поділитися|поширити|надрукувати|друк|зберегти|вподобати)"
    r"( .{0,30})?:?|(скопіювати|копіювати) посилання|(фейсбук|твіттер|телеграм|вайбер|пошта)"
    r"|\d+[.,]?\d*k? (shares?|likes?|views?|поширень|переглядів|перегляди|перегляд)|click to (share|"
    r"print|email) .{0,60}",
    "follow appeal": r"(follow|find|join|read|add|like) us (on|in|as|at) .{0,60}"
    r"|(стежте|слідкуйте|читайте|підписуйтесь|підписуйтеся|приєднуйтесь|приєднуйтеся)"
    r"( за| на| до| нас)* .{0,20}(нами|нас|наш\w*|telegram|телеграм|facebook|фейсбук|канал).{0,60}",
    "reading time": r"(reading time:? ?|estimated reading time:? ?|time to read:? ?"
    r"|час (читання|на читання):? ?)?~?\d+ ?(-|–)?"
    r" ?(min(ute)?s?|хв(илин[аи]?)?)\.?( (read(ing)?|to read|читання|на читання))?",
    "sign-up form": r"(\*.{0,30}\b(indicates|required|обов.язков).{0,30}|(please,? )?(enter|type|your)"
    r" (your |a |an |correct |valid )*e-?mail.{0,60}|e-?mail( address)?\s*\*?:?|first name\s*\*?"
    r"|last name\s*\*?|subscribe( .{0,60}(newsletters?|now|today|free|updates?|inbox|emails?))?!?"
    r"|subscribed!?|success?ful+y subscribed.{0,20}|unsubscribe.{0,40}"
    r"|thank(s| you) for (signing up|subscribing|joining).{0,120}"
    r"|we.{0,4}ve sent you .{0,60}|(sign|signed) up( (for|to) .{0,60})?!?"
    r"|(get|join|receive) .{0,60}(newsletter|in your inbox|by email|to your inbox).{0,60}"
    r"|newsletters?( sign-?up)?|by (signing up|subscribing|clicking|submitting|entering)\b.{0,60}\b(you|I) agree\b.*"
    r"|.{0,40}(введіть|вкажіть|ваш\w*) .{0,20}(e-?mail|електронн\w+|пошт\w+|імейл).{0,60}"
    r"|підписатися( .{0,60})?|підпишіться( .{0,80})?|підписка|розсилка|дякуємо за підписку.{0,40}"
    r"|no spam.{0,60}|you can unsubscribe .{0,60}|success!?|submit|send|go|надіслати|готово!?"
    r"|something went wrong.{0,60}|this field is required.{0,20}|loading\.*|please wait\.*)",
    "cookie notice": r"(.{0,120}\b(we|our|you|your|this (web)?site|ми|наш\w*|цей сайт|сайт)\b.{0,60}"
    r"\b(cookies?|куки|файл\w* cookie\w*)\b.{0,300}|(accept|reject|allow|manage|decline)"
    r"( all| necessary)?( cookies| preferences| settings)?|cookie (settings|policy|preferences|notice)"
    r"|прийняти( все| всі)?|погоджуюся|відхилити( все| всі)?|got it!?|i agree|ok|agree"
    r"( and continue)?|this (site|website) is protected by recaptcha.*)",
    "donation appeal": r"(donate( now| today)?!?|(become|be) a (member|patron|supporter).{0,80}"
    r"|support (us|our (work|journalis\w+|reporting|newsroom)|independent (media|journalis\w+)).{0,40}!?"
    r"|(задонатити|донат|підтримати( нас)?|підтримайте( нас| наш.{0,60}"
    r"| .{0,60}(журналіст|редакці|видання).{0,60})?|стати .{0,20}(підписник|учасник|патрон)\w*.{0,60})"
    r"[!.]?)",
    "advertising mark": r"(advertisements?|advertising|ads?( by .{0,30})?|sponsored( content| by .*)?"
    r"|promoted|реклама|рекламний блок|на правах реклами|партнерський матеріал|story continues below"
    r".{0,30}|article continues (below|after).{0,30})",
    "comment count": r"((leave|post|add|write) (a |your )?(comment|reply).{0,30}"
    r"|(no|\d+|be the first to) ?(comments?|replies|comment)|comments? ?[(:]? ?\d*\)?"
    r"|(коментар\w*|залишити коментар|додати коментар) ?[(:]? ?\d*\)?|\d+ коментар\w*)",
    "legal line": r"((©|\(c\)|copyright\b).{0,160}|.{0,120}\ball rights reserved\b.{0,60}"
    r"|.{0,120}(усі|всі) права (захищен|застережен).{0,80}|privacy( policy| notice)?|terms"
    r"( (of|and|&) .{0,20})?|imprint|sitemap|site map|accessibility|rss|політика конфіденційності"
    r"|умови використання|карта сайту|правила (сайту|користування)|(report|found) an? (error|typo)"
    r".{0,60}|.{0,80}(ctrl ?\+ ?enter).{0,60})",
    "read more button": r"((read|see|view|show|load) (more|all|full (story|article))( .{0,30})?"
    r"|more|more (news|stories|from .{0,60})|continue reading|expand|collapse|докладніше|детальніше"
    r"|більше новин|усі новини|всі новини|читати далі|показати (ще|більше)|завантажити ще)( ?[→»>›])?",
}
_ENDS = {
    "news feed": r"(the )?(news ?feed|latest( news| stories| updates)?|breaking news|live updates?"
    r"|newswire|today.s news|стрічка( новин)?|останні новини|новини( дня)?|свіжі новини|головне зараз"
    r"|новини партнерів)",
    "picks": r"(editors?[’'ʼ]?s?[’'ʼ]?|our|staff|reader\w*) (picks?|choice|selection)|recommended"
    r"( for you| reading| stories| by .{0,30})?|(вибір|обране) редакції|рекомендуємо( .{0,30})?|featured( stories)?|trending( now)?"
    r"|don.t miss|top stories|highlights",
    "most read": r"(most|the most) (read|popular|viewed|shared|commented|discussed)( .{0,30})?|popular"
    r"( now| news| stories| posts)?|найпопулярніше|популярн[еі]( .{0,20})?|найчитаніш[еі]( .{0,20})?|топ новин",
    "more stories": r"(you (may|might) also (like|be interested in).{0,20}|related (stories|articles"
    r"|news|posts|coverage|content|topics)|similar (stories|articles)|more (on|about) this"
    r"( story| topic)?|keep reading|up next|next (article|story|post)|(схожі|пов.язані|інші)"
    r" (матеріали|новини|статті|публікації)|за темою|що ще почитати)",
    "comments": r"(comments|discussion|join the (discussion|conversation).{0,30}|(leave|post) a "
    r"(comment|reply).{0,30}|коментарі|обговорення|\d+ (comments|коментар\w*))",
    "about the author": r"(about the (authors?|writers?|reporters?)|(про|об) автор(а|ку|ів|ок)"
    r"|written by|meet the author)",
    "footer": r"(©|\(c\) ?\d{4}|copyright\b).{0,160}|.{0,120}\ball rights reserved\b.{0,60}"
    r"|.{0,120}(усі|всі) права (захищен|застережен).{0,80}|follow us|contact us|our newsletters"
    r"|стежте за нами|зв.яжіться з нами",
}
# A whole paragraph that asks the reader for money. A quotation mark spares it: people who are quoted
# also ask for help.
_APPEAL = re.compile(
    r"(?=.*\b(?:you|your|support|help|join|become|donate|please|ви|ваш\w*|підтримайте|долучайтеся)\b)"
    r"(?=.*\b(?:us|our|we|I|independent|нас|наш\w*|незалежн\w+)\b)"
    r"(?=.*\b(?:becom\w+ (?:a|our) (?:member|patron|supporter)|membership|donat(?:e|ion|ions|ing)"
    r"|(?:support\w*|fund\w*|help\w*) (?:us|our (?:journalis\w+|reporting|newsroom|team|work)"
    r"|independent journalis\w+)|patreon|донат\w*|спільнот\w+ читач\w+|підтримайте нас)\b)"
    r'(?!.*["“”«»]).*',
    re.IGNORECASE,
)
_READ_ALSO = re.compile(
    r"(?:[▶►→»•*📌🔴]\s*)?(?:(?:read|see|watch|listen)(?: (?:also|more|next))(?: here| on this)?"
    r"|also read|also on .{2,30}|related(?: (?:story|article|news))?"
    r"|(?:don.t|do not) miss|in case you missed it|from our archive"
    r"|читайте (?:також|ще|більше)|читати також|дивіться також|також читайте|також за темою"
    r"|більше (?:про це|за темою)|по темі|за темою|до теми|раніше(?: ми писали)?)",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"(?:tags?|topics?|filed under|tagged(?: with| as)?|теги?|мітки|теми?|рубрики?)\s*:\s*(.+)",
    re.IGNORECASE,
)
_CREDIT_WORD = (
    r"photos?(?:graph(?:s|er)?)?|pictures?|images?|illustration|graphics?|collage|video|screenshot|map"
    r"|credit|source photo|courtesy|фото|світлина|зображення|ілюстрація|колаж|графіка|відео|скриншот"
    r"|скріншот|джерело фото|getty|reuters|afp|\bap\b|epa|unsplash|wikimedia|shutterstock|anadolu"
    r"|укрінформ|ukrinform|facebook|telegram|via\b|press service|пресслужба|пресслужби|надано"
)
_CREDIT_LINE = re.compile(
    rf"(?:(?:{_CREDIT_WORD})\s*(?:by|credit|від|:|©|/).{{1,120}}|(?:illustrative )?(?:{_CREDIT_WORD})"
    r"(?: / .{1,60})?|[©📷📸].{1,120})",
    re.IGNORECASE,
)
_CREDIT_AT_END = (
    re.compile(
        r"(?P<caption>.{0,400}?)[\s.]*"
        rf"(?P<credit>\((?=[^()]*(?:\b(?:{_CREDIT_WORD})|\S / \S))[^()]{{2,160}}\))\.?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<caption>.{0,400}?[.!?…”\"»]|)\s*"
        r"(?P<credit>(?:photo|picture|image|credit|фото|світлина)\s*(?:by\b|credit|[:©])[^.]{2,80})\.?",
        re.IGNORECASE,
    ),
)


def _whole(patterns: dict[str, str]) -> dict[str, re.Pattern]:
    return {
        name: re.compile(rf"(?:{pattern})", re.IGNORECASE) for name, pattern in patterns.items()
    }


_DROPPED_LINES = _whole(_DROPPED)
_END_LINES = _whole(_ENDS)


def furniture(line: str) -> str:
    """The name of what this line is when it is no part of a story; "" when it may be."""
    return _first_whole_match(_DROPPED_LINES, line) or (
        "donation appeal" if len(line) <= 700 and _APPEAL.fullmatch(line) else ""
    )


def ending(line: str) -> str:
    """The name of what begins with this line when the story cannot go on after it; else ""."""
    return _first_whole_match(_END_LINES, line.rstrip(" :"))


def read_also(line: str) -> str | None:
    """What follows "Read also:" on a line; "" when the label stands alone, None without a label."""
    match = _READ_ALSO.match(line.strip())
    if not match:
        return None
    rest = line.strip()[match.end() :]
    if rest and rest.lstrip()[:1] not in {":", "—", "–", "|", "›", "»", ">"}:
        return None
    return rest.strip(" :—–|›»>\t")


def tags(line: str) -> tuple[str, ...]:
    """The topics of a line such as "Tags: war, energy" or "#war #energy"; () for other lines."""
    if re.fullmatch(r"(?:#[\w-]+[\s,]*)+", line.strip()):
        return tuple(re.findall(r"#([\w-]+)", line))
    match = _TAGS.fullmatch(line.strip())
    if not match or line.strip().endswith("."):
        return ()
    return tuple(name.strip(" #") for name in re.split(r"[,;|·]", match[1]) if name.strip(" #"))


def credit_of(line: str) -> tuple[str, str] | None:
    """(caption, credit) when a line belongs to a picture, None otherwise.

    "A street in Kyiv. (Ann Lee / Getty Images)" → ("A street in Kyiv", "Ann Lee / Getty Images").
    """
    line = line.strip()
    if len(line) > 500:
        return None
    if _CREDIT_LINE.fullmatch(line):
        return "", line
    for pattern in _CREDIT_AT_END:
        if match := pattern.fullmatch(line):
            return match["caption"].strip(), match["credit"].strip("() ")
    return None


def _first_whole_match(patterns: dict[str, re.Pattern], line: str) -> str:
    line = " ".join(line.split())
    if len(line) > 500:
        return ""
    return next((name for name, pattern in patterns.items() if pattern.fullmatch(line)), "")
