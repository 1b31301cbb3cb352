"""A sentence ends where a reader hears it end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.narration.spoken.sentences import LONGEST, breaths, split

PARAGRAPHS = [
    ["On March 6, U.S. Defense Secretary Lloyd Austin also remarked.", "He left the U.S.", "The end."],
    ["Gen. Mark A. Milley spoke at 4 p.m. in Kyiv.", "Nobody asked."],
    ['"This is tactical for us… after Bakhmut, they could go further.',
     'They could go to Kramatorsk, they could go to Sloviansk," President Zelensky said.'],
    ["“Go!” she said.", "“Why?”", "He did not say."],
    ["See No. 5.", "Then Sen. Smith (R., Texas) left."],
    ["Did he meet Putin?", "No. 5 did.", "No.", "He met nobody."],
    ["He said no.", "She left Nos. 3 and 4, No. XI and No. #7 there.", '"No."', "They met."],
    ["No.", "I was not there.", "(No.", "Nobody was.)"],
    ["He works for Acme Inc. in Texas.", "J.K. Rowling wrote it."],
    ["The U.S.-made missile... fell.", "It cost $1.5 million.", "Wow!"],
    ["Він прибув.", "Ген. Залужний сказав: «Так».", "О. Зеленська поїхала до м. Київ."],
    ["Це коштує 2,5 млрд грн.", "Далі буде."],
    ["He arrived at 5 p.m.", "She did not."],
]  # fmt: skip


@pytest.mark.parametrize("parts", PARAGRAPHS, ids=lambda parts: parts[0][:30])
def test_a_paragraph_falls_into_its_sentences(parts):
    assert split(" ".join(parts)) == parts


@given(st.text(alphabet="AbcІї .!?…\"'»(", max_size=80))
def test_no_word_is_lost_between_sentences(text):
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(st.text(alphabet="abc ,;:.", max_size=2000))
def test_no_voice_is_asked_for_more_than_one_breath_where_there_is_a_space(text):
    parts = breaths(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    for part in parts:
        assert len(part) <= LONGEST or " " not in part[20:-20]
