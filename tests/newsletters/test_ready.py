"""Just before its first message leaves an edition is read again: what may not go holds it, and what
goes says what is true now."""

from __future__ import annotations

import datetime
import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from nightdesk.newsletters import tokens
from nightdesk.newsletters.delivery.segments import Segments
from nightdesk.newsletters.editions.compiling import compile_edition
from nightdesk.newsletters.editions.contents import stories_in
from nightdesk.newsletters.editions.ready import MustHoldError, make_ready
from nightdesk.newsletters.models import CompiledEdition, Delivery, Edition
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_brief, a_picture, a_story
from tests.newsletters.composing import Html, a_newsletter, an_edition, readers

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(newsroom):
    return a_newsletter(newsroom.locale, contact_words="1 Quay Street\nTernholm")


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path


def test_what_is_sent_says_what_the_story_says_now(letter, section):
    story = a_story(section, "Bridge closed", standfirst="Until spring.")
    edition = an_edition(letter, ("story", story))
    first = make_ready(edition)
    assert "Bridge closed" in first.html and "Until spring." in first.text
    story.title, story.standfirst = "Bridge open", "Since noon."
    story.corrections = [Correction(kind="correction", words="It is open.")]
    story.save_revision().publish()
    again = make_ready(edition)
    assert "Bridge open" in again.html and "Since noon." in again.text
    assert "Bridge closed" not in again.html + again.text
    assert again.made_of == [f"story:{story.pk}"]
    assert again.sha256 != first.sha256


def test_an_editors_own_words_stand_before_the_storys(letter, section):
    story = a_story(section, "Bridge closed", standfirst="Until spring.")
    own = {"story": story.pk, "headline": "Walk instead", "words": "One.\nTwo.", "picture": True}
    ready = make_ready(an_edition(letter, ("story", own)))
    assert "Walk instead" in ready.html and "Bridge closed" not in ready.html
    assert "<p>One.</p><p>Two.</p>" in ready.html and "Until spring." not in ready.html


def _unpublished(story, data):
    story.unpublish()
    return "“Bridge closed” is not published."


def _taken_down(story, data):
    takedown.take_down(kinds.named("story"), story, reason="A court says so.")
    return "“Bridge closed” was taken down."


def _retracted(story, data):
    story.corrections = [Correction(kind="retraction", words="None of it is true.")]
    story.save_revision().publish()
    return "“Bridge closed” was retracted."


def _under_embargo(story, data):
    story.unpublish()
    StoryPage.objects.filter(pk=story.pk).update(
        embargo_until=timezone.now() + datetime.timedelta(days=1)
    )
    return "“Bridge closed” is under embargo until"


def _deleted(story, data):
    story.delete()
    return "A story that stood in it was deleted."


@pytest.mark.parametrize(
    "happens", [_unpublished, _taken_down, _retracted, _under_embargo, _deleted]
)
@pytest.mark.parametrize("block", ["story", "picks"])
def test_what_may_not_go_holds_the_edition_and_is_named(letter, section, data, happens, block):
    story = a_story(section, "Bridge closed")
    value = story if block == "story" else {"heading": "", "count": 5, "stories": [story.pk]}
    edition = an_edition(letter, (block, value), ("text", "<p>More.</p>"))
    make_ready(edition)
    kept = CompiledEdition.objects.get().sha256
    says = happens(StoryPage.objects.get(pk=story.pk), data)
    with pytest.raises(MustHoldError) as held:
        make_ready(edition)
    assert str(held.value).startswith(says)
    assert CompiledEdition.objects.get().sha256 == kept


def test_a_brief_or_a_picture_that_is_down_holds_it_too(letter, newsroom, data):
    brief, picture = a_brief(newsroom.locale, "Power is back. All of it."), a_picture()
    edition = an_edition(letter, ("brief", brief), ("picture", picture))
    assert make_ready(edition).made_of == [f"brief:{brief.pk}", f"picture:{picture.pk}"]
    takedown.take_down(kinds.named("picture"), picture, reason="Not ours.")
    takedown.take_down(kinds.named("brief"), brief, reason="Wrong.")
    with pytest.raises(MustHoldError) as held:
        make_ready(edition)
    assert str(held.value) == (
        "The brief “Power is back” was taken down. The picture “A bridge at dawn” was taken down."
    )


def test_an_empty_edition_is_held(letter):
    with pytest.raises(MustHoldError, match="There is nothing in it"):
        make_ready(an_edition(letter))


def test_once_a_message_has_left_nothing_changes_any_more(letter, section):
    story = a_story(section, "Bridge closed")
    edition = an_edition(letter, ("story", story))
    first = make_ready(edition)
    (reader,) = readers(letter, 1)
    row = Delivery.objects.create(edition=edition, subscriber=reader, state=Delivery.State.SENDING)
    story.title = "Bridge open"
    story.save_revision().publish()
    assert make_ready(edition).sha256 == first.sha256
    row.delete()
    assert make_ready(edition).sha256 != first.sha256


def test_picks_are_those_of_the_board_when_it_is_sent_and_stay_so(letter, section, newsroom):
    stories = [a_story(section, f"Pick {n}") for n in range(3)]
    edition = an_edition(letter, ("picks", {"heading": "", "count": 2, "stories": []}))
    ready = make_ready(edition)
    assert "Pick 2" in ready.html and "Pick 1" in ready.html and "Pick 0" not in ready.html
    row = Edition.objects.get(pk=edition.pk)
    assert stories_in(row) == [stories[2].pk, stories[1].pk]


HOSTILE = [
    "</mj-text></mj-column></mj-raw><script>alert(1)</script>",
    "{{ settings.SECRET_KEY }} {% load x %} [[UNSUBSCRIBE]] %recipient.email% *|EMAIL|*",
    "<!-- <![endif]--> <![CDATA[ ]]> --> &lt;b&gt; &amp;amp; \" ' > <",
    '"><img src=https://evil.example/x.gif onerror=alert(1)>',
    f"Half {tokens.MARK} and {tokens.MARK[:7]}{tokens.MARK}{tokens.MARK[7:]}",
    "\u202eright to left\u202c \x00 \x0b null",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_break_out_of_the_mail_and_none_holds_a_readers_token(letter, section, words):
    words = words.replace("\x00", "").replace("\x0b", "")
    story = a_story(section, words[:250], standfirst=words, slug="hostile")
    letter.name, letter.contact_words = words[:120], words
    letter.save()
    edition = an_edition(
        letter,
        ("heading", words[:120]),
        ("story", story),
        ("story", {"story": story.pk, "headline": words, "words": words, "picture": True}),
        ("text", f"<p>{words} <a href='https://evil.example/?{tokens.MARK}'>here</a></p>"),
        ("picture", a_picture(words, caption=words, credit=words)),
        ("picks", {"heading": words[:120], "count": 3, "stories": [story.pk]}),
        subject=words[:200],
        preheader=words[:200],
    )
    ready = make_ready(edition)
    page = Html(ready.html)
    assert page.wrong == []
    assert not {"script", "iframe", "form", "object", "embed", "svg"} & set(page.tags)
    assert all("onerror" not in picture for picture in page.pictures)
    assert ready.html.count(tokens.MARK) == ready.text.count(tokens.MARK) == 2
    assert tokens.MARK not in ready.subject
    marked = [link for link in page.links if tokens.MARK in link]
    assert [urlsplit(link).path.split("/")[-3:-1] for link in marked] == [
        ["unsubscribe", tokens.MARK],
        ["yours", tokens.MARK],
    ]
    assert all(link.startswith(settings.PUBLIC_URL) for link in marked)
    assert page.pictures and all(
        str(picture["src"]).startswith(f"{settings.PUBLIC_URL}/media/") for picture in page.pictures
    )


@pytest.fixture
def full(letter, section, newsroom):
    picture = a_picture("A tram on the bridge")
    story = a_story(section, "Bridge closed", standfirst="Until spring.", lead_picture=picture)
    other = a_story(section, "Ferries double their sailings", standfirst="From six.")
    text = (
        '<p>Good <b>morning</b>, see <a href="https://example.org/a?b=1&amp;c=2">this</a> and '
        f'<a linktype="page" id="{other.pk}">ours</a>.</p>'
        "<ul><li>One <i>thing</i></li><li>Another</li></ul><ol><li>First</li></ol>"
        '<p>Write to <a href="mailto:desk@example.org">the desk</a>.</p>'
    )
    return an_edition(
        letter,
        ("text", text),
        ("story", story),
        ("heading", "Also"),
        ("story", other),
        ("brief", a_brief(newsroom.locale, "Power is back.\nAll of it.", headline="Power is back")),
        ("brief", a_brief(newsroom.locale, "The gates are closed.")),
        ("picture", {"picture": picture.pk, "caption": "", "credit": "", "decorative": True}),
        ("picks", {"heading": "", "count": 5, "stories": [other.pk]}),
    )


def test_every_link_of_the_html_is_in_the_text(full):
    ready = make_ready(full)
    links = set(Html(ready.html).links)
    assert len(links) > 8
    missing = {link for link in links if link.removeprefix("mailto:") not in ready.text}
    assert missing == set()


def test_nothing_is_fetched_but_the_newsrooms_own_pictures(full):
    ready = make_ready(full)
    page = Html(ready.html)
    assert not {"script", "link", "iframe", "form", "input", "object"} & set(page.tags)
    assert not re.search(r"url\(|@import|fonts\.g", ready.html)
    for picture in page.pictures:
        assert str(picture["src"]).startswith(f"{settings.PUBLIC_URL}/media/pictures/")
        assert "alt" in picture and picture["width"] and picture["height"]
        assert int(str(picture["width"])) > 100
    alts = [picture["alt"] for picture in page.pictures]
    assert alts == ["A tram on the bridge", ""]


def test_the_mail_has_a_language_real_headings_and_tables_that_are_only_looks(full):
    page = Html(make_ready(full).html)
    assert page.wrong == []
    assert page.headings == [
        ("h1", "Morning"),
        ("h2", "Bridge closed"),
        ("h2", "Also"),
        ("h3", "Ferries double their sailings"),
        ("h3", "Power is back"),
        ("h2", "Editors’ Picks"),
    ]
    assert page.tables and all(table.get("role") == "presentation" for table in page.tables)
    html = make_ready(full).html
    assert '<html lang="en" dir="ltr"' in html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html


def test_the_text_reads_well_and_says_where_it_comes_from(full):
    text = make_ready(full).text
    assert "this <https://example.org/a?b=1&c=2>" in text
    assert "- One thing\n- Another" in text
    assert "\n1. First\n" in text
    assert "the desk <desk@example.org>" in text
    assert "1 Quay Street\nTernholm" in text
    assert "<p>" not in text and "&amp;" not in text
    words = [line for line in text.splitlines() if "http" not in line and "<" not in line]
    assert max(map(len, words)) <= 72
    assert "Power is back\n\nPower is back.\n\nAll of it.\n\nhttp" in text


def test_a_ukrainian_newsletter_speaks_ukrainian_and_its_links_do_too(newsroom):
    from wagtail.models import Locale

    letter = a_newsletter(Locale.objects.get(language_code="uk"), "Ранок", slug="ranok")
    ready = make_ready(an_edition(letter, ("text", "<p>Добрий ранок.</p>"), subject="Ніч"))
    assert '<html lang="uk"' in ready.html
    assert f"/uk/newsletters/unsubscribe/{tokens.MARK}/" in ready.html
    assert f"/uk/newsletters/yours/{tokens.MARK}/" in ready.text
    assert "/uk/newsletters/ranok/" in ready.text
    assert "Відписатися" in ready.html and "Unsubscribe" not in ready.html + ready.text


def test_a_newsletter_that_is_read_from_right_to_left_runs_so(letter, monkeypatch):
    from nightdesk.newsletters.editions import words

    monkeypatch.setattr(
        words.translation, "get_language_info", lambda _code: {"bidi": True, "name": "x"}
    )
    html = make_ready(an_edition(letter, ("text", "<p>مرحبا</p>"))).html
    assert 'dir="rtl"' in html and "direction:rtl" in html and "text-align:right" in html
    assert "direction:ltr" not in html
    texts = re.findall(r'<td align="(\w+)"', html)
    assert set(texts) == {"right", "center"}  # a rule across the page has no side


def test_a_large_edition_is_said_to_be_too_large(letter):
    small = compile_edition(an_edition(letter, ("text", "<p>Short.</p>")))
    assert small.size < 12_000 and not small.is_too_large
    large = compile_edition(an_edition(letter, *[("text", f"<p>{'long ' * 900}</p>")] * 22))
    assert large.size > 95 * 1024 and large.is_too_large


def test_as_a_mail_it_has_no_defects(full):
    ready = make_ready(full)
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = ready.subject
    message.set_content(ready.text, cte="quoted-printable")
    message.add_alternative(ready.html, subtype="html", cte="quoted-printable")
    read = BytesParser(policy=policy.default).parsebytes(bytes(message))
    assert [part.defects for part in read.walk()] == [[], [], []]
    assert max(map(len, bytes(message).split(b"\r\n"))) <= 998


def test_what_a_reader_gets_has_their_own_links_and_nobody_elses(full):
    (reader,) = readers(full.newsletter, 1)
    full.subject = f"Доброго ранку {tokens.MARK}"
    full.save()
    compiled = make_ready(full)
    segments = Segments(compiled)
    mail = b"".join(segments.content(reader.pk, reader.uid.bytes, reader.email_ascii).each)
    message = BytesParser(policy=policy.default).parsebytes(mail)
    token = tokens.for_reader(reader.uid, full.newsletter.pk)
    assert message["Subject"] == "Доброго ранку"
    for kind in ("plain", "html"):
        part = message.get_body([kind]).get_content()
        assert part.count(token) == 2 and tokens.MARK not in part
        assert part.replace("\r\n", "\n").strip() == (
            (compiled.text if kind == "plain" else compiled.html)
            .replace(tokens.MARK, token)
            .strip()
        )


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_words_stands_out_from_its_ground(full):
    """Light: what stands in elements and style; dark: what the style says for it."""
    html = make_ready(full).html
    dark = html[html.index("@media (prefers-color-scheme: dark)") : html.index("[data-ogsc]")]
    on_dark = set(re.findall(r"[^-]color: (#\w{6}) !important", dark))
    ground = re.search(r"background: (#\w{6})", dark)[1]
    on_light = set(re.findall(r"[;\"{ ]color: ?(#\w{6})[;\" ]", html)) - {"#ffffff"} - on_dark
    assert len(on_dark) == 3 and len(on_light) == 3, (on_dark, on_light)
    assert min(_contrast(colour, ground) for colour in on_dark) >= 4.5
    assert min(_contrast(colour, "#ffffff") for colour in on_light) >= 4.5
