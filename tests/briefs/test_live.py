"""What open pages learn: what is new, what was corrected and what was withdrawn, and no "now"."""

from __future__ import annotations

import datetime
import json
import re
import uuid

import pytest
from django.utils import timezone, translation
from wagtail.models import Locale

from nightdesk.briefs import live
from nightdesk.briefs.actions import correct_brief, send_brief, withdraw_brief
from nightdesk.briefs.models import Brief
from tests.making import a_brief

NOON = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def a_row(number: int, hours: float, changed: float | None = None) -> live.Row:
    """One that stands ``hours`` before noon and changed so long before."""
    at = NOON - hours * HOUR
    changed_at = at if changed is None else NOON - changed * HOUR
    return live.Row(f"e{number}", at, changed_at, f"<p>{number}</p>", "v")


def told(document: dict) -> list[str]:
    return [item["id"] for item in document["items"]]


class TestWhatIsTold:
    def test_the_newest_rows_however_old_they_are(self):
        rows = [a_row(n, 100 * n) for n in range(30)]
        document = live.live_document(rows[::-1])
        assert told(document) == [f"e{n}" for n in range(20)]
        assert document["since"] == document["items"][-1]["at"]

    def test_an_old_row_that_changed_lately_in_its_place(self):
        rows = [a_row(n, n) for n in range(20)]
        document = live.live_document(
            [*rows, a_row(90, 900, changed=23), a_row(91, 901, changed=25)]
        )
        assert told(document) == [*(f"e{n}" for n in range(20)), "e90"]

    def test_what_was_withdrawn_within_the_horizon_of_the_latest_thing(self):
        gone = [a_row(50, 2), a_row(51, 23), a_row(52, 25)]
        document = live.live_document([a_row(1, 0)], gone)
        assert [each["id"] for each in document["withdrawn"]] == ["e50", "e51"]

    def test_a_withdrawal_may_be_the_latest_thing(self):
        document = live.live_document([a_row(1, 30)], [a_row(2, 1)])
        assert document["at"] == "2026-11-28T11:00:00.000000+00:00"
        assert document["from"] == "2026-11-27T11:00:00.000000+00:00"

    def test_what_does_not_fit_moves_the_moment_from_which_all_is_told(self):
        rows = [a_row(n, n / 10) for n in range(20)]
        rows += [a_row(100 + n, 900 + n, changed=3 + n / 100) for n in range(41)]
        document = live.live_document(rows)
        assert len(document["items"]) == live.MOST
        assert "e140" not in told(document)
        assert document["from"] > live._iso(rows[-1].changed)
        assert document["from"] <= live._iso(rows[-2].changed)

    def test_nothing(self):
        document = live.live_document([])
        assert (document["at"], document["items"], document["withdrawn"]) == ("", [], [])

    def test_the_same_again_is_the_same(self):
        rows = [a_row(n, n) for n in range(25)]
        assert live.live_document(rows) == live.live_document(rows[::-1])
        assert live.live_document(rows)["seq"] != live.live_document(rows, ended=True)["seq"]

    def test_texts_of_moments_stand_in_their_order(self):
        moments = [NOON, NOON + datetime.timedelta(microseconds=1), NOON + HOUR]
        moments.append(NOON.astimezone(datetime.timezone(5 * HOUR)) + 2 * HOUR)
        assert [live._iso(moment) for moment in moments] == sorted(map(live._iso, moments))

    def test_a_row_without_a_place_for_its_version_is_refused(self):
        with pytest.raises(ValueError, match="data-version"):
            live.row("components/older.html", "e1", NOON)


@pytest.fixture
def briefs(newsroom):
    now = timezone.now()
    return [
        a_brief(newsroom.locale, f"Report {n}.", published_at=now - (n + 1) * HOUR)
        for n in range(30)
    ]


def document(client, path: str = "/news-feed/live/") -> dict:
    answer = client.get(path)
    assert answer.status_code == 200
    return json.loads(answer.content)


def rows_on(client, path: str) -> dict[str, str]:
    """Id → version of the rows of a page."""
    found = re.findall(r'data-item="(b\d+)"(?: open)? data-version="(\w+)"', page(client, path))
    return dict(found)


def page(client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.django_db
class TestTheNewsFeed:
    def test_pages_and_document_have_the_same_rows(self, client, briefs):
        items = {item["id"]: item["v"] for item in document(client)["items"]}
        assert len(items) == live.NEWEST
        assert items.items() <= rows_on(client, "/news-feed/").items()
        assert len(rows_on(client, "/").items() & items.items()) == 8

    def test_a_page_that_is_open_starts_from_where_it_was_printed(self, client, briefs):
        known = re.search(r'data-at="([^"]+)" data-one', page(client, "/news-feed/"))
        assert known[1] == document(client)["at"]

    def test_older_pages_are_put_right_and_offer_nothing_new(self, client, briefs):
        older = page(client, client.get("/news-feed/").context["older_url"])
        assert '<nd-live src="/news-feed/live/"' in older
        assert "data-live-more" not in older
        assert "events=" not in older

    def test_a_correction_of_an_old_brief_is_told(self, client, briefs):
        old = briefs[-1]
        old.save_revision().publish()
        correct_brief(old.pk, text="Put right.", note="It was wrong.", key=uuid.uuid4())
        item = next(item for item in document(client)["items"] if item["id"] == f"b{old.pk}")
        assert "Put right." in item["html"]
        assert "data-correction" in item["html"]
        assert "It was wrong." in item["html"]

    def test_a_withdrawal_is_told_with_its_time(self, client, briefs):
        gone = withdraw_brief(briefs[3].pk, key=uuid.uuid4())
        said = document(client)
        (told_so,) = said["withdrawn"]
        assert told_so["id"] == f"b{gone.pk}"
        assert f"b{gone.pk}" not in told(said)
        time = timezone.localtime(gone.withdrawn_at).isoformat(timespec="seconds")
        assert re.search(rf'withdrawn at <time datetime="{re.escape(time)}">', told_so["html"])

    def test_a_deletion_is_told_like_a_withdrawal(self, client, briefs):
        number = briefs[3].pk
        briefs[3].delete()
        assert [each["id"] for each in document(client)["withdrawn"]] == [f"b{number}"]

    def test_published_again_it_is_withdrawn_no_more(self, client, briefs):
        gone = withdraw_brief(briefs[3].pk, key=uuid.uuid4())
        gone.save_revision().publish()
        said = document(client)
        assert said["withdrawn"] == []
        assert f"b{gone.pk}" in told(said)

    def test_nothing_of_what_readers_never_had_is_told(self, client, newsroom, briefs):
        a_brief(newsroom.locale, "Kanareika draft.", live=False)
        a_brief(newsroom.locale, "Kanareika later.", published_at=timezone.now() + HOUR)
        withdrawn = a_brief(newsroom.locale, "Kanareika withdrawn.")
        withdraw_brief(withdrawn.pk, key=uuid.uuid4())
        assert "kanareika" not in client.get("/news-feed/live/").content.decode().lower()

    def test_each_edition_has_its_own(self, client, briefs):
        uk = Locale.objects.get(language_code="uk")
        brief = a_brief(uk, "Вода піднімається.")
        gone = a_brief(uk, "Помилка.")
        withdraw_brief(gone.pk, key=uuid.uuid4())
        said = document(client, "/uk/news-feed/live/")
        assert told(said) == [f"b{brief.pk}"]
        assert "Це повідомлення відкликано о" in said["withdrawn"][0]["html"]
        assert document(client)["withdrawn"] == []

    def test_the_button_counts_in_each_language(self, client, briefs):
        a_brief(Locale.objects.get(language_code="uk"), "Вода піднімається.")
        english, ukrainian = page(client, "/news-feed/"), page(client, "/uk/news-feed/")
        for words in ('data-one="1 new update"', 'data-many="5 new updates"'):
            assert words in english
        forms = [
            re.search(rf'data-{form}="([^"]+)"', ukrainian)[1] for form in ("one", "few", "many")
        ]
        assert len({form.split()[1] for form in forms}) == 3


@pytest.mark.django_db
class TestItsOwnAddress:
    def test_a_corrected_brief_says_so_on_its_own_page(self, client, briefs):
        brief = correct_brief(briefs[0].pk, text="Right.", note="It was wrong.", key=uuid.uuid4())
        own = page(client, brief.get_absolute_url())
        assert "Corrected on" in own
        assert "It was wrong." in own

    @pytest.mark.parametrize("way", ["withdrawn", "deleted"])
    def test_what_readers_had_says_that_it_was_withdrawn(self, client, briefs, way):
        brief, url = briefs[0], briefs[0].get_absolute_url()
        if way == "withdrawn":
            withdraw_brief(brief.pk, key=uuid.uuid4())
        else:
            brief.delete()
        answer = client.get(url)
        assert answer.status_code == 410
        said = answer.content.decode()
        assert "This update was withdrawn on" in said
        assert "Report 0" not in said
        with translation.override("uk"):
            assert client.get(f"/uk{url}").status_code == 404

    def test_what_they_never_had_is_not_there(self, client, newsroom):
        draft = a_brief(newsroom.locale, live=False)
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.get("/news-feed/999999/").status_code == 404


@pytest.mark.django_db
def test_the_document_of_a_busy_day_stays_small(client, newsroom):
    """60 rows of some 400 letters are what it can hold; readers get it packed."""
    import gzip

    for n in range(70):
        brief, _new = send_brief(uuid.uuid4(), "en", f"Report {n}. " + "Something happened. " * 20)
        correct_brief(brief.pk, text=brief.text + " More.", note="A word.", key=uuid.uuid4())
    answer = client.get("/news-feed/live/").content
    assert len(json.loads(answer)["items"]) == live.MOST
    assert len(gzip.compress(answer)) < 12_000
    assert Brief.objects.count() == 70
