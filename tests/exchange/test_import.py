"""What an operator brings in stands in the newsroom as if it had been published there."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from modelsearch.backends import get_search_backend

from nightdesk.exchange.command import import_command
from nightdesk.exchange.importing import NoNewsroom, import_sources
from nightdesk.exchange.known_names import KnownNames
from nightdesk.fronts.models import HomePage
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import SectionPage, StoryPage, Topic

PAGES = Path(__file__).parent / "pages"
pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("newsroom")]


def bring(*sources: Path | str, **options) -> tuple[list[str], str, bool]:
    """(lines said of stories, what was said of errors, whether all could be read)"""
    out, err = io.StringIO(), io.StringIO()
    all_read = import_sources([str(source) for source in sources], out=out, err=err, **options)
    return out.getvalue().splitlines(), err.getvalue(), all_read


def story_titled(title: str) -> StoryPage:
    return StoryPage.objects.get(title=title)


def story() -> StoryPage:
    return StoryPage.objects.get()


def text_page(folder: Path, *paragraphs: str, headline="Bridge opens after three years of repairs",
              date="March 8, 2023 4:16 PM", by="By Ann Lee") -> Path:  # fmt: skip
    path = folder / "page.txt"
    path.write_text("\n\n".join([headline, f"{by}\n{date}", *paragraphs]), encoding="utf-8")
    return path


LONG = (
    "The bridge over the Tern was opened to traffic on Wednesday, three years after it was closed."
)


def archive(folder: Path, *rows: dict | str, name: str = "old.jsonl") -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def row(number: int, **other) -> dict:
    return {
        "slug": f"bridge-{number}",
        "published": f"2010-10-{number % 28 + 1:02} 11:33:15 -0400",
        "headline": f"Bridge number {number} opens",
        "standfirst": "A long wait ends.",
        "bylines": ["Ann Lee", "Roads Team"],
        "topics": ["Roads", "Rivers"],
        "html": f"<p>{LONG}</p><h2>More</h2><p>Zebrafinch{number} came to walk over it.</p>",
        **other,
    }


class TestTheSeedPage:
    @pytest.fixture
    def page(self, shared_data, client) -> str:
        seed = shared_data / "seed-page.txt"
        if not seed.exists():
            pytest.skip("the shared seed page is not on this machine")
        lines, err, all_read = bring(seed)
        assert all_read and not err and lines[0].startswith("Published: Stoltenberg")
        assert "no zone: taken as Europe/Kyiv" in lines[0]
        path = "/" + lines[0].rsplit(" ", 1)[1].split("/", 3)[3]
        assert path.startswith("/news/")
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode()

    def test_its_page_shows_headline_linked_desk_date_time_and_reading_time(
        self, page: str
    ) -> None:
        desk = Desk.objects.get()
        assert desk.name == "The Kyiv Independent news desk"
        assert f'href="{desk.get_absolute_url()}"' in page
        assert "March 8, 2023" in page and "4:16" in page and "EET" in page
        assert "2 min read" in page
        assert story().first_published_at == datetime(2023, 3, 8, 14, 16, tzinfo=UTC)

    def test_its_page_shows_six_paragraphs_and_three_read_also_lines_in_their_places(
        self, page: str
    ) -> None:
        landmarks = [
            "Bakhmut could potentially", "What we see is", "He added that", "Season of offensives",
            "On March 6", "The battle for", "Despite the heavy", "Brigade that spent", "Ukrainian soldiers in",
        ]  # fmt: skip
        body = page[page.index("Bakhmut could potentially") :]
        places = [body.index(words) for words in landmarks]
        assert places == sorted(places)
        assert page.count("Read also") == 3

    def test_its_page_has_none_of_its_furniture(self, page: str) -> None:
        for words in (
            "AI assistance",
            "12:59",
            "Supervisory",
            "Kate Tsurkan",
            "indicates required",
        ):
            assert words not in page

    def test_a_read_also_line_becomes_a_card_when_that_story_arrives(
        self, page: str, tmp_path, client
    ) -> None:
        seed_story = story()
        headline = "Season of offensives: What to expect from the spring campaign in Ukraine"
        bring(text_page(tmp_path, LONG, headline=headline))
        later = client.get(seed_story.get_url()).content.decode()
        assert later.count("Read also") < page.count("Read also") or "card" in later
        arrived = StoryPage.objects.exclude(pk=seed_story.pk).get()
        assert f'href="{arrived.get_url()}"' in later


class TestPages:
    def test_an_aware_time_needs_no_zone_and_a_naive_one_gets_the_newsrooms(self, tmp_path) -> None:
        (line,), _, _ = bring(PAGES / "iso_date_zone_updated.txt")
        assert "zone" not in line
        assert story().first_published_at == datetime(2023, 3, 8, 14, 16, tzinfo=UTC)
        assert story().updated_at == datetime(2023, 3, 8, 15, 2, tzinfo=UTC)

    def test_the_operator_may_name_the_zone(self) -> None:
        (line,), _, _ = bring(PAGES / "no_byline.txt", tz="America/New_York")
        assert "taken as America/New_York" in line
        assert story().first_published_at == datetime(2024, 3, 12, 11, 5, tzinfo=UTC)

    def test_a_bare_day_is_noon_in_the_newsroom(self) -> None:
        bring(PAGES / "date_without_time.txt")
        assert story().first_published_at == datetime(2023, 3, 8, 10, 0, tzinfo=UTC)

    def test_what_is_unsure_stays_a_draft_and_is_said(self, client) -> None:
        (line,), _, all_read = bring(PAGES / "no_date.txt")
        assert (
            all_read
            and line.startswith("Draft: ")
            and "no date" in line
            and "/admin/pages/" in line
        )
        assert not story().live and story().first_published_at is None
        assert client.get(story().get_url() or "/none/").status_code == 404

    def test_the_operator_may_ask_for_drafts_and_publishing_one_keeps_its_date(self) -> None:
        (line,), _, _ = bring(PAGES / "no_byline.txt", as_draft=True)
        assert line.startswith("Draft: ") and not story().live
        story().get_latest_revision().publish()
        assert story().live and story().first_published_at.date().isoformat() == "2024-03-12"

    def test_a_second_import_changes_nothing_that_an_editor_did(self, tmp_path) -> None:
        page = text_page(tmp_path, LONG)
        bring(page)
        edited = story()
        edited.title, edited.slug = "A better headline", "better"
        edited.save_revision().publish()
        (line,), _, all_read = bring(page)
        assert all_read and line.startswith("Already here: A better headline")
        assert "/news/better/" in line and story().title == "A better headline"

    def test_the_same_page_under_another_name_is_recognised(self, tmp_path) -> None:
        bring(text_page(tmp_path, LONG))
        (tmp_path / "copy").mkdir()
        lines, _, _ = bring(text_page(tmp_path / "copy", LONG))
        assert lines[0].startswith("Already here") and StoryPage.objects.count() == 1

    def test_text_and_html_of_one_page_are_one_story(self) -> None:
        bring(PAGES / "ukrainian_1251.html", PAGES / "ukrainian_date_before_headline.txt")
        assert StoryPage.objects.count() == 1

    def test_a_story_goes_into_the_edition_of_its_language(self) -> None:
        (line,), _, _ = bring(PAGES / "ukrainian_with_read_also.txt")
        assert "/uk/news/" in line
        assert story().locale.language_code == "uk"
        assert set(Topic.objects.values_list("name", "locale__language_code")) == {
            ("освіта", "uk"), ("укриття", "uk"),
        }  # fmt: skip

    def test_a_known_section_is_used_and_an_unknown_one_is_said(self, newsroom) -> None:
        (line,), _, _ = bring(PAGES / "iso_date_zone_updated.txt")
        assert 'no section "Economy"' in line and "/news/" in line
        newsroom.add_child(instance=SectionPage(title="Politics", slug="politics"))
        (line,), _, _ = bring(PAGES / "wordpress.html")
        assert "no section" not in line and "/politics/" in line

    def test_known_authors_and_desks_are_found_again_however_they_are_written(
        self, newsroom, tmp_path
    ) -> None:
        author = Author.objects.create(name="Ann  LEE", slug="ann", locale=newsroom.locale)
        desk = Desk.objects.create(name="Larkmouth Wire staff", slug="wire", locale=newsroom.locale)
        bring(text_page(tmp_path, LONG), PAGES / "iso_date_zone_updated.txt")
        assert [Author.objects.get(), Desk.objects.get()] == [author, desk]

    def test_everything_html_holds_arrives_as_blocks(self) -> None:
        bring(PAGES / "wordpress.html")
        kinds = [block.block_type for block in story().body]
        assert kinds == ["text", "related", "text", "quote", "text"]
        assert story().standfirst == "Boats are to run twice a day from May"
        assert [b.author.name for b in story().bylines.all()] == ["Ann Lee"]
        assert {t.name for t in story().topics.all()} == {"harbour", "ferries"}

    def test_the_editor_can_open_and_publish_an_imported_story_again(self, admin_client) -> None:
        bring(PAGES / "drupal.html", PAGES / "wordpress.html", PAGES / "ghost.html")
        for page in StoryPage.objects.all():
            assert (
                admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code
                == 200
            )
            page.save_revision().publish()

    def test_a_tables_page_is_shown_to_readers(self, client) -> None:
        bring(PAGES / "drupal.html")
        shown = client.get(story().get_url()).content.decode()
        assert "<table" in shown and "236" in shown and "Barley" in shown

    def test_nothing_hostile_reaches_the_readers_page(self, client) -> None:
        bring(PAGES / "hostile.html")
        shown = client.get(story().get_url()).content.decode()
        for trace in (
            "evil",
            "onerror=",
            "onclick=",
            "alert('p')",
            "<iframe",
            'href="javascript',
            " style=",
        ):
            assert trace not in shown.replace("&lt;script&gt;alert('text')", ""), trace

    def test_headlines_longer_than_their_place_are_cut_and_kept_as_drafts(self, tmp_path) -> None:
        path = archive(tmp_path, row(1, headline="Bridge " * 60))
        (line,), _, _ = bring(path)
        assert line.startswith("Draft: ") and "too long" in line and len(story().title) == 255


class TestSourcesThatCannotBeRead:
    def test_one_bad_source_stops_no_other_and_leaves_nothing_behind(self, tmp_path) -> None:
        lines, err, all_read = bring(
            tmp_path / "none.txt", PAGES / "only_furniture.txt", PAGES / "no_byline.txt"
        )
        assert not all_read and len(lines) == 1 and StoryPage.objects.count() == 1
        assert err.splitlines() == [
            f"{tmp_path}/none.txt: there is no such file",
            f"{PAGES}/only_furniture.txt: no story was found in it",
        ]
        assert not Author.objects.exists() and not Topic.objects.exists()

    def test_the_command_answers_with_its_exit_code(self, tmp_path, capsys) -> None:
        assert import_command([str(PAGES / "no_byline.txt")]) == 0
        assert import_command([str(tmp_path / "none.txt")]) == 1
        said = capsys.readouterr()
        assert said.out.startswith("Published: ") and said.err.count("\n") == 1

    def test_an_unknown_zone_is_one_clear_line(self, capsys) -> None:
        with pytest.raises(SystemExit) as stopped:
            import_command(["x.txt", "--tz", "Mars/Olympus"])
        assert stopped.value.code == 2 and 'no time zone "Mars/Olympus"' in capsys.readouterr().err

    def test_without_a_newsroom_it_says_how_to_open_one(self) -> None:
        HomePage.objects.all().delete()
        with pytest.raises(NoNewsroom, match="nightdesk run"):
            bring(PAGES / "no_byline.txt")

    def test_a_folder_without_a_newsroom_stays_as_empty_as_it_was(self, tmp_path) -> None:
        command = [sys.executable, "-m", "nightdesk", "import", "--data", str(tmp_path), "x.txt"]
        done = subprocess.run(
            command,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "nightdesk.settings.site",
                "DATABASE_URL": "",
            },
            capture_output=True,
            text=True,
        )
        assert (
            done.returncode == 1 and done.stderr.count("\n") == 1 and "nightdesk run" in done.stderr
        )
        assert list(tmp_path.iterdir()) == []

    def test_addresses_of_this_machine_are_refused(self) -> None:
        _, err, all_read = bring("http://127.0.0.1:9/page")
        assert not all_read and "private network" in err


class TestArchives:
    def test_every_line_becomes_a_story_with_its_authors_topics_and_date(self, tmp_path) -> None:
        lines, err, all_read = bring(archive(tmp_path, *map(row, range(45))))
        assert all_read and len(lines) == 45 and StoryPage.objects.live().count() == 45
        assert Author.objects.get().name == "Ann Lee" and Desk.objects.get().name == "Roads Team"
        assert set(Topic.objects.values_list("name", flat=True)) == {"Roads", "Rivers"}
        first = StoryPage.objects.get(slug="bridge-3")
        assert first.first_published_at == datetime(2010, 10, 4, 15, 33, 15, tzinfo=UTC)
        assert first.words > 15 and first.headline_key == "bridge number 3 opens"
        assert first.live_revision_id == first.latest_revision_id is not None
        assert "45 published" in err

    def test_a_second_run_makes_no_doubles(self, tmp_path) -> None:
        path = archive(tmp_path, *map(row, range(25)))
        bring(path)
        lines, _, _ = bring(path)
        assert all(line.startswith("Already here") for line in lines)
        assert StoryPage.objects.count() == 25 and Author.objects.count() == 1

    def test_a_bad_line_is_named_and_the_others_are_imported(self, tmp_path) -> None:
        path = archive(tmp_path, row(1), "{broken", row(2, published="soon"), row(3))
        lines, err, all_read = bring(path)
        assert not all_read and len(lines) == 2
        assert f"{path}, line 2: it is not JSON" in err and f"{path}, line 3: its date" in err

    def test_an_import_that_was_stopped_goes_on_where_it_was(self, tmp_path) -> None:
        class Stopping(io.StringIO):
            def write(self, text: str) -> int:
                if self.getvalue().count("\n") >= 25:
                    raise KeyboardInterrupt
                return super().write(text)

        path = archive(tmp_path, *map(row, range(60)))
        with pytest.raises(KeyboardInterrupt):
            import_sources([str(path)], out=Stopping(), err=io.StringIO())
        assert 25 <= StoryPage.objects.count() < 60
        _, _, all_read = bring(path)
        assert all_read and StoryPage.objects.count() == 60
        assert HomePage.objects.first().get_descendants().count() == 61

    def test_control_characters_and_bare_scraps_harm_nothing(self, tmp_path) -> None:
        odd = row(
            1, headline="Bri\0dge\x07 opens", bylines=["A\0nn Lee"], html="<p>Te\0n words.</p>"
        )
        lines, _, all_read = bring(archive(tmp_path, odd, row(1, slug="", html="", headline="x")))
        assert (
            story_titled("Bridge opens").bylines.get().author.name == "Ann Lee"
            and len(lines) == 2
            and all_read
        )

    def test_search_finds_what_was_imported_at_once(self, tmp_path) -> None:
        bring(archive(tmp_path, *map(row, range(5))))
        assert [s.slug for s in StoryPage.objects.search("zebrafinch3")] == ["bridge-3"]
        assert StoryPage.objects.search("Bridge number").count() == 5
        assert len(get_search_backend().search("Ann Lee", Author)) == 1

    def test_what_the_newsroom_writes_afterwards_is_indexed_as_before(
        self, tmp_path, section
    ) -> None:
        bring(archive(tmp_path, row(1)))
        DBTaskResult.objects.all().delete()
        section.add_child(instance=StoryPage(title="Written by hand", slug="by-hand"))
        assert DBTaskResult.objects.filter(task_path__contains="insert_or_update").exists()

    def test_an_import_notifies_nobody_and_queues_nothing(self, tmp_path) -> None:
        DBTaskResult.objects.all().delete()
        bring(archive(tmp_path, *map(row, range(25))), PAGES / "wordpress.html")
        assert not mail.outbox and not DBTaskResult.objects.exists()

    def test_stories_are_related_to_what_was_there_before_them(self, tmp_path) -> None:
        bring(archive(tmp_path, *map(row, range(6))))
        last = StoryPage.objects.get(slug="bridge-5")
        assert len(last.related_stories()) == 4


def test_the_same_person_in_two_editions_is_one_translated_author(newsroom) -> None:
    from nightdesk.exchange.found import FoundByline

    uk = HomePage.objects.get(locale__language_code="uk")
    english = KnownNames(newsroom).who(FoundByline("Ann Lee"))
    ukrainian = KnownNames(uk).who(FoundByline("Ann Lee"))
    assert english.pk != ukrainian.pk and english.translation_key == ukrainian.translation_key


def test_a_name_that_gives_a_reserved_or_taken_address_gets_another(newsroom) -> None:
    names = KnownNames(newsroom)
    assert names.topic("Search").slug == "search-1"
    assert names.topic("A b").slug == "a-b" and names.topic("A  - b!?").slug == "a-b"
    assert names.topic("A-B c").slug == "a-b-c" and names.topic("???").slug == "name"


def test_an_imported_text_is_the_first_version_as_old_as_its_source(tmp_path, client):
    bring(text_page(tmp_path, LONG))
    here = story()
    (version,) = here.versions.all()
    assert (version.number, version.at) == (1, here.first_published_at)
    assert version.body == LONG
    here.body = [("text", f"<p>{LONG.replace('three', 'four')}</p>")]
    here.save_revision().publish()
    page = client.get(f"{here.get_url()}changes/").content.decode()
    assert "March 8, 2023" in page
    assert "four" in page
