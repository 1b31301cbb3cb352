"""What is typed into the search field becomes words, and nothing else."""

from __future__ import annotations

import pytest

from nightdesk.reading.query import LONGEST, MOST_WORDS, compiled, tidy, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("bridge closed", ["bridge", "closed"]),
        ("bridge bridge", ["bridge"]),
        ('a"b', ["a", "b"]),
        ("NEAR(a b)", ["NEAR", "a", "b"]),
        ("flood* AND -rain", ["flood", "AND", "rain"]),
        ("п'ять мостів", ["п'ять", "мостів"]),
        ("don’t", ["don’t"]),
        ("'quoted'", ["quoted"]),
        ("100 % of 25,000", ["100", "of", "25", "000"]),
        ("🌊🌊", []),
        ("מים זורמים", ["מים", "זורמים"]),
    ],
)
def test_only_words_are_searched_for(typed, expected):
    assert words(typed) == expected


def test_a_query_without_words_is_no_search():
    assert compiled("") is None
    assert compiled('"*" -- ()') is None


def test_very_long_queries_are_cut():
    assert len(tidy("word " * 2000)) <= LONGEST
    assert len(words(tidy(" ".join(f"w{n}" for n in range(500))))) <= MOST_WORDS


def test_the_page_shows_the_query_on_one_line_without_control_characters():
    assert tidy("two\x00 \n lines\u202e") == "two lines"
