"""An archive is read line by line; a bad line is named and does not stop the others."""

import gzip
import json
from datetime import UTC, date

import pytest

from nightdesk.exchange.archive import read_archive
from nightdesk.exchange.found import FoundByline, FoundQuote, FoundStory, FoundTable, FoundText
from nightdesk.exchange.source import Archive, open_source

GOOD = {
    "slug": "bridge-opens",
    "published": "2010-10-22 11:33:15 -0400",
    "headline": "The bridge&#8217;s opening &amp; after",
    "standfirst": "A long wait ends.",
    "bylines": ["Ann Lee", "Roads Team"],
    "topics": ["Roads"],
    "words": 20,
    "html": "<p>The bridge was <strong>opened</strong> on Friday, and a great many people came to walk "
    'over it.</p><h4>More</h4><p>See <a href="/x">here</a> and <a href="https://e.example/">there</a>.</p>',
}


def rows(*given: dict | str) -> list:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in given]
    return list(read_archive([f"{line}\n".encode() for line in lines], "old.jsonl"))


def test_a_line_becomes_a_story_with_everything_it_says() -> None:
    ((number, story),) = rows(GOOD)
    assert number == 1
    assert story.headline == "The bridge’s opening & after"
    assert story.bylines == (FoundByline("Ann Lee"), FoundByline("Roads Team", is_desk=True))
    assert story.published.astimezone(UTC).isoformat() == "2010-10-22T15:33:15+00:00"
    assert story.zone_given and story.topics == ("Roads",) and not story.doubts
    assert story.body == (
        FoundText(
            "<p>The bridge was <b>opened</b> on Friday, and a great many people came to walk over it."
            '</p><h3>More</h3><p>See here and <a href="https://e.example/">there</a>.</p>'
        ),
    )


def test_relative_links_are_kept_when_the_line_gives_the_old_address() -> None:
    ((_, story),) = rows({**GOOD, "url": "https://old.example/2010/bridge/"})
    assert '<a href="https://old.example/x">here</a>' in story.body[0].html


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{broken", "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        (json.dumps({**GOOD, "headline": " "}), "no headline"),
        (json.dumps({**GOOD, "published": "last week"}), "cannot be read"),
        (json.dumps({**GOOD, "bylines": {"a": 1}}), "not a list of names"),
        (json.dumps({**GOOD, "html": 7}), "not text"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_a_clear_sentence_and_the_next_one_is_read(line: str, says: str) -> None:
    bad, good = rows(line, GOOD)
    assert bad[0] == 1 and says in bad[1] and "\n" not in bad[1]
    assert good[0] == 2 and isinstance(good[1], FoundStory)


def test_bytes_that_are_no_text_are_a_bad_line() -> None:
    assert next(iter(read_archive([b"\xff\xfe\xfa\n"], "x"))) == (1, "it is not UTF-8 text")


def test_a_line_without_a_date_is_a_doubt() -> None:
    ((_, story),) = rows({**GOOD, "published": ""})
    assert any("date" in doubt for doubt in story.doubts)


def test_a_bare_day_stays_a_day_and_says_that_noon_is_used() -> None:
    ((_, story),) = rows({**GOOD, "published": "2010-10-22"})
    assert story.published == date(2010, 10, 22) and any("noon" in note for note in story.notes)


def test_quotes_and_tables_of_an_archive_become_blocks() -> None:
    ((_, story),) = rows(
        {**GOOD, "html": "<p>One.</p><blockquote><p>Two.</p></blockquote><table><tr><th>A</th><th>B</th></tr>"
         "<tr><td>1</td><td>2</td></tr></table><p>Three.</p>"}
    )  # fmt: skip
    assert story.body == (
        FoundText("<p>One.</p>"),
        FoundQuote("Two."),
        FoundTable((("A", "B"), ("1", "2")), has_header=True),
        FoundText("<p>Three.</p>"),
    )


@pytest.mark.parametrize("name", ["old.jsonl", "old.jsonl.gz", "old.txt"])
def test_packed_or_not_and_whatever_its_name_an_archive_is_recognised(tmp_path, name: str) -> None:
    data = "".join(json.dumps(row) + "\n" for row in [GOOD, {**GOOD, "slug": "b"}]).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    archive = open_source(str(tmp_path / name))
    assert isinstance(archive, Archive)
    with archive.open_lines() as (lines, stored):
        assert len(list(read_archive(lines, name))) == 2
        assert stored.tell() == archive.size


class TestTheSharedArchive:
    """1,806 real articles."""

    @pytest.fixture(scope="class")
    @classmethod
    def stories(cls, shared_data) -> list:
        path = shared_data / "archive.jsonl.gz"
        if not path.exists():
            pytest.skip("the shared archive is not on this machine")
        with open_source(str(path)).open_lines() as (lines, _):
            return [story for _, story in read_archive(lines, "archive")]

    def test_every_line_is_a_story_without_doubts_and_with_an_identity_of_its_own(
        self, stories
    ) -> None:
        assert len(stories) == 1806
        assert [s.headline for s in stories if not isinstance(s, FoundStory) or s.doubts] == []
        assert len({story.identity for story in stories}) == 1806

    def test_no_word_of_its_paragraphs_is_lost(self, stories, shared_data) -> None:
        from nightdesk.exchange.tidy_html import plain
        from nightdesk.kernel.text import fold

        with gzip.open(shared_data / "archive.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        for row, story in zip(rows, stories, strict=True):
            kept = []
            for part in story.body:
                if isinstance(part, FoundText):
                    kept.append(plain(part.html))
                elif isinstance(part, FoundQuote):
                    kept += [part.text, part.speaker, part.role]
                elif isinstance(part, FoundTable):
                    kept += [part.caption, *(cell for table_row in part.rows for cell in table_row)]
            wanted = sorted(fold(plain(row["html"])).split())
            assert sorted(fold(" ".join(kept)).split()) == wanted, story.headline
