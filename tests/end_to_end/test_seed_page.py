"""The page that is this product's specification: imported by its one command, read by a reader."""

from __future__ import annotations

import html
import re

import pytest

from tests.end_to_end.whole import open_whole

HEADLINE = "Stoltenberg: Bakhmut could fall 'in the coming days'"


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    data = tmp_path_factory.mktemp("seed") / "data"
    with open_whole(data, NIGHTDESK_TIME_ZONE="Europe/Kyiv", NIGHTDESK_NAME="The Post") as whole:
        yield whole


@pytest.fixture(scope="module")
def said(post, shared_data):
    done = post.command("import", str(shared_data / "seed-page.txt"))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def page(post, said):
    address = re.search(r"http://\S+", said)[0]
    status, text = post.get(address.removeprefix(post.url))
    assert status == 200
    return text


def words_of(page: str) -> str:
    """The text between a page's tags, entities resolved, white space folded."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def source_lines(shared_data):
    text = (shared_data / "seed-page.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_the_import_says_what_it_assumed_and_where_the_story_is(said):
    assert said.startswith(f"Published: {HEADLINE}")
    assert "Europe/Kyiv" in said
    assert "/news/" in said


def test_headline_byline_date_time_zone_and_reading_time_are_right(page):
    assert HEADLINE in html.unescape(page)
    assert re.search(
        r'<a href="/desks/[^"]+"[^>]*>(?:the |The )?Kyiv Independent news desk</a>', page
    )
    shown = words_of(page)
    for word in ("March 8, 2023", "4:16 PM", "EET", "2 min read"):
        assert word in shown
    assert 'datetime="2023-03-08T16:16:00+02:00"' in page or "2023-03-08T14:16:00" in page


def test_all_six_paragraphs_stand_there_in_order(page, shared_data):
    paragraphs = [line for line in source_lines(shared_data) if len(line.split()) > 24][:6]
    assert len(paragraphs) == 6
    shown = words_of(page)
    places = [shown.find(" ".join(paragraph.split())) for paragraph in paragraphs]
    assert -1 not in places
    assert places == sorted(places)


def related_lines(shared_data):
    lines = source_lines(shared_data)
    return [
        line
        for line in lines
        if line.startswith(("Season of offensives", "Brigade that spent", "Ukrainian soldiers in"))
    ]


def test_the_three_related_headlines_are_read_also_lines_in_their_places(page, shared_data):
    shown = words_of(page)
    headlines = related_lines(shared_data)
    assert len(headlines) == 3
    places = [shown.find(headline) for headline in headlines]
    assert -1 not in places and places == sorted(places)
    lead, after = shown.find("On March 6"), shown.find("Zelensky said in an interview")
    assert places[0] < lead < after < places[1] < places[2]
    assert shown.lower().count("read also") >= 1


def test_none_of_the_furniture_came_along(page):
    shown = words_of(page)
    for word in (
        "Skip to content",
        "Edit post",
        "MORE NEWS",
        "12:59 AM",
        "Enter your email",
        "indicates required",
        "Subscribe",
        "arms procurement",
        "This audio is created",
        "Kate Tsurkan",
    ):
        assert word not in shown, word


def test_a_related_line_becomes_a_card_when_its_story_arrives(post, said, shared_data, tmp_path):
    headline = related_lines(shared_data)[0]
    saved = tmp_path / "arrived.txt"
    saved.write_text(
        f"{headline}\n\nby Test Desk March 7, 2023 1:00 PM\n\n"
        + "\n\n".join(
            f"This is paragraph {number} of an invented story that fills its place. "
            "It says nothing that anybody ever printed, and says it at some length."
            for number in range(1, 5)
        )
        + "\n",
        encoding="utf-8",
    )
    done = post.command("import", str(saved))
    assert done.returncode == 0 and done.stdout.startswith("Published"), done.stdout
    address = re.search(r"http://\S+", done.stdout)[0].removeprefix(post.url)
    first = re.search(r"http://\S+", said)[0].removeprefix(post.url)
    page = post.get(first)[1]
    assert re.search(rf'<a[^>]+href="{re.escape(address)}"', page)


def test_importing_it_twice_makes_no_double(post, page, shared_data):
    done = post.command("import", str(shared_data / "seed-page.txt"))
    assert done.returncode == 0
    assert done.stdout.startswith("Already here")


def test_a_source_that_cannot_be_read_is_one_line_and_exit_code_one(post):
    done = post.command("import", "/nowhere/page.txt")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
