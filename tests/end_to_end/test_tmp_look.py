from __future__ import annotations
import datetime
from pathlib import Path
from django.utils import timezone
from nightdesk.newsletters.models import *  # noqa
from nightdesk.newsletters.editions.compiling import compile_edition
from tests.end_to_end.conftest import DESK, PHONE
from tests.making import a_brief, a_story
from tests.newsletters.composing import a_newsletter, an_edition, readers, sent
from tests.newsletters.test_edition_desk import under_way
from tests.end_to_end.test_editor_publishes import picture  # noqa
OUT = Path("/tmp/look"); OUT.mkdir(exist_ok=True)

def test_look(newsroom, page_of, picture, settings, live_server):
    settings.PUBLIC_URL = live_server.url
    letter = a_newsletter(newsroom.home.locale, "The Morning Crossing", contact_words="The Test Post, 1 Quay Street, Ternholm\ndesk@example.org")
    section = newsroom.section
    story = a_story(section, "Lantern bridge closed to trams until spring, says the ministry that signed for its repair", standfirst="The deck has lost a third of its strength, and nobody can say since when.", lead_picture=picture)
    other = a_story(section, "Ferries double their sailings", standfirst="From six in the morning, every eight minutes.")
    bad = a_story(section, "Held back")
    blocks = [("text", f'<p>Good morning. <b>Take an umbrella</b>: see <a linktype="page" id="{other.pk}">the gauges</a>.</p><ul><li>One thing</li><li>Another</li></ul>'), ("story", story), ("heading", "Also today"), ("story", other), ("brief", a_brief(newsroom.home.locale, "Power is back in 240 homes.\nAll of it by noon.")), ("picture", {"picture": picture.pk, "caption": "The bridge at dawn", "credit": "", "decorative": False}), ("picks", {"heading": "", "count": 2, "stories": [other.pk, story.pk]})]
    edition = an_edition(letter, *blocks, subject="Twice as many ferries, and a bridge without trams", preheader="What changes today for everybody who crosses the river.")
    readers(letter, 3)
    held = an_edition(letter, ("story", bad), *blocks, subject="Held one", state="held", held_because="“Held back” is not published.")
    bad.unpublish()
    done = sent(an_edition(letter, *blocks, subject="A sent edition"))
    moving = under_way(letter, sent=4, queued=5, uncertain=2)
    rule = DigestRule.objects.create(newsletter=letter)
    DigestRun.objects.create(rule=rule, period="2026-11-27T07:00", said="Skipped: 1 new story since 7:00, and it takes 3.")
    an_edition(letter, *blocks, subject="Digest", kind="digest", state="approving", send_at=timezone.now()+datetime.timedelta(hours=2))
    for device, name in ((DESK, "desk"), (PHONE, "phone")):
        page = page_of(device, newsroom.editor)
        for what, path in {"list": "snippets/newsletters/edition/", "form": f"snippets/newsletters/edition/edit/{edition.pk}/", "overview": f"editions/{edition.pk}/", "dark": f"editions/{edition.pk}/?view=dark", "viewphone": f"editions/{edition.pk}/?view=phone", "text": f"editions/{edition.pk}/?view=text", "send": f"editions/{edition.pk}/send/", "schedule": f"editions/{edition.pk}/schedule/", "held": f"editions/{held.pk}/", "without": f"editions/{held.pk}/send/?without=1", "moving": f"editions/{moving.pk}/", "cancel": f"editions/{moving.pk}/cancel/", "digest": f"snippets/newsletters/digestrule/edit/{rule.pk}/"}.items():
            page.goto(newsroom.admin(path)); page.wait_for_timeout(700)
            page.screenshot(path=OUT / f"{name}-{what}.png", full_page=what in ("form","digest","moving","schedule") )
            if name == "phone":
                wide = page.evaluate("document.scrollingElement.scrollWidth")
                print(what, wide)
        reader = page_of(device)
        for scheme in ("light", "dark"):
            reader.emulate_media(color_scheme=scheme)
            reader.goto(newsroom.url + done.get_absolute_url()); reader.wait_for_timeout(400)
            reader.screenshot(path=OUT / f"{name}-archive-{scheme}.png", full_page=True)
            print(name, scheme, reader.evaluate("document.scrollingElement.scrollWidth"))
        reader.goto(newsroom.url + "/newsletters/the-morning-crossing/editions/"); reader.screenshot(path=OUT / f"{name}-editions.png", full_page=True)
        reader.goto(newsroom.url + "/newsletters/the-morning-crossing/"); reader.screenshot(path=OUT / f"{name}-letter.png", full_page=True)
    html = compile_edition(edition).html
    file = OUT / "mail.html"; file.write_text(html)
    page = page_of({"viewport": {"width": 640, "height": 900}})
    for width in (360, 640):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_content(html); page.wait_for_timeout(500)
            page.screenshot(path=OUT / f"mail-{width}-{scheme}.png", full_page=True)
            print(width, scheme, page.evaluate("document.scrollingElement.scrollWidth"))
