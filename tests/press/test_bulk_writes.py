"""A bulk write sends no signal, so whoever makes one says who is told of it instead.

The source is read, not run: every call of a method that writes many rows at once must stand within
``changing(…)``, in a function that notes the change itself, or in the list below with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import nightdesk

SOURCE = Path(nightdesk.__file__).parent

BULK = {"bulk_create", "bulk_update", "update", "abulk_create", "aupdate", "_raw_delete"}
SAYS_SO = {"note", "changing", "compare", "telling"}

#: (file, function) → why nobody has to be told.
NEED_NOT = {
    ("audit/chain.py", "append"): "another database, which nothing that readers see is read from",
    ("audit/chain.py", "remember"): "likewise",
    ("exchange/store.py", "_add"): "which revision is live is nothing that readers see",
    ("briefs/takedown.py", "take_away"): "what the clock will not publish is nothing readers see",
    ("coverage/actions.py", "_withdraw"): "likewise",
    ("coverage/moving.py", "_turn"): "where old addresses lead is told by who calls it",
    ("coverage/moving.py", "_stop"): "likewise",
    ("coverage/searching.py", "_note_due"): "what the search is to learn is on no page",
    ("coverage/searching.py", "_forget"): "nor is what it knows: a search is never stored",
    ("coverage/takedown.py", "take_away"): "likewise",
    ("stories/takedown.py", "take_away"): "likewise; what is unpublished there says so itself",
    ("press/schedule.py", "_publish"): "likewise",
    ("mail/actions.py", "_forget_older"): "mail on its way to somebody is on no page",
    ("mail/awaited.py", "_next"): "likewise",
    ("mail/awaited.py", "try_now"): "likewise",
    ("mail/awaited.py", "forget"): "likewise",
    ("mail/books.py", "turn"): "how a relay takes mail is on no page",
    ("mail/books.py", "_note"): "likewise",
    ("mail/command.py", "_note"): "likewise",
    ("mail/lease.py", "renew"): "who sends mail is on no page",
    ("mail/lease.py", "give_up"): "likewise",
    ("narration/flow.py", "claim"): "how the making of a sound stands is on no page",
    ("narration/flow.py", "settle"): "likewise",
    ("narration/flow.py", "alive"): "likewise",
    ("narration/flow.py", "give_back"): "likewise",
    ("narration/reader.py", "_failed"): "likewise",
    ("narration/reader.py", "_not_read"): "likewise; what was heard is pulled beside it",
    ("narration/archive.py", "backfill"): "likewise",
    ("narration/reader.py", "_flip"): "likewise; what is shown from now on is told beside it",
    ("narration/persons/actions.py", "hold"): "likewise; the sound is pulled beside it",
    ("narration/persons/actions.py", "on_published"): "likewise",
    ("narration/persons/preparing.py", "_prepare"): "likewise",
    ("narration/persons/preparing.py", "_refuse"): "likewise",
    ("narration/takedown.py", "_name_anew"): "what was taken down has no sound that a page shows",
    (
        "narration/protecting.py",
        "_rewritten",
    ): "a spoken version is on no page; the sound is pulled",
    ("narration/protecting.py", "register_words"): "how a name is said is on no page",
    ("people/notices.py", "seen"): "what an account is told is on no page",
    ("people/sessions.py", "note"): "where an account is signed in is on no page",
    ("people/sessions.py", "end_all"): "likewise",
    ("people/sessions.py", "end_others"): "likewise",
    ("stories/embargo.py", "settle"): "until when a story is held back is nothing that readers see",
    ("stories/embargo.py", "_has_changed"): "nor what the clock will publish when",
    ("stories/actions.py", "lift_embargo"): "nor that it is held back no longer",
    ("checking/actions.py", "note_opened"): "a link for checking is on no page",
    ("checking/actions.py", "end"): "a link for checking is on no page",
    ("checking/actions.py", "forget"): "a link for checking is on no page",
    ("people/protecting/own.py", "_no_account_signs_so"): "accounts are on no page",
    ("people/protecting/actions.py", "_save_drafts"): "drafts and their age are on no page",
    ("stories/protecting.py", "_sign"): "`_tell` beside it tells of all at once",
    ("newsletters/tables/bringing.py", "write"): "who reads what is on no page",
    ("newsletters/counting.py", "write_down"): "how many readers there are is on no page",
    ("newsletters/delivery/actions.py", "cancel"): "`_move` tells; who got what is on no page",
    ("newsletters/delivery/actions.py", "send_again_to_uncertain"): "likewise",
    ("newsletters/delivery/preparing.py", "_claim"): "which sender has it is on no page",
    ("newsletters/delivery/source.py", "_take_over"): "likewise",
    ("newsletters/delivery/actions.py", "reported"): "who got what is on no page",
    ("newsletters/signup/actions.py", "_see_to"): "when a sign-up is tried again is on no page",
    ("newsletters/signup/limits.py", "note_confirmed"): "whom we have mailed is on no page",
    ("demo/load.py", "_date"): "fills a newsroom that was never printed",
    ("demo/load.py", "_let_one_be_heard"): "likewise",
}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_bulk_write(call: ast.Call) -> bool:
    """``rows.update(field=…)`` is a write; ``words.update(other)`` fills a dict or a set."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in BULK:
        return False
    if call.func.attr.endswith("update") and call.func.attr != "bulk_update":
        return bool(call.keywords) and not call.args
    return True


def _runs_sql_that_writes(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"execute", "executemany"}:
        return False
    said = ast.unparse(call.args[0]).upper() if call.args else ""
    return any(f"{verb} " in said for verb in ("INSERT", "UPDATE", "DELETE", "REPLACE INTO"))


def _names_called(function: ast.AST) -> set[str]:
    return {
        getattr(call.func, "attr", getattr(call.func, "id", ""))
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
    }


def bulk_writes(file: Path) -> Iterator[tuple[str, int]]:
    """(function, line) of each bulk write in a file that is told to nobody."""
    for function in _functions(ast.parse(file.read_text(encoding="utf-8"))):
        if SAYS_SO & _names_called(function):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and (_is_bulk_write(call) or _runs_sql_that_writes(call)):
                yield function.name, call.lineno


def rooms() -> Iterator[Path]:
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE).as_posix()
        django_free = name.startswith(
            ("newsstand/", "kernel/", "press/shelf/", "press/purging/", "bench/")
        )
        if "/migrations/" not in f"/{name}" and not django_free:
            yield file


def test_every_bulk_write_tells_the_press_or_says_why_not():
    silent = [
        f"{name}:{line} ({function})"
        for file in rooms()
        for name in [file.relative_to(SOURCE).as_posix()]
        for function, line in bulk_writes(file)
        if (name, function) not in NEED_NOT
    ]
    assert silent == [], (
        "Wrap it in press.learn.changing(…), call outbox.note(…) beside it, or add it to NEED_NOT "
        "with the reason why no page shows what it writes."
    )


def test_a_bulk_write_is_found_where_there_is_one(tmp_path):
    file = tmp_path / "careless.py"
    file.write_text(
        "def careless(rows, words):\n"
        "    words.update({'a': 1})\n"
        "    rows.filter(pk=1).update(title='x')\n"
        "    rows.bulk_create([])\n"
        "    cursor.execute('UPDATE stories SET x = 1')\n"
        "def careful(rows):\n"
        "    with changing(rows[0]):\n"
        "        rows.update(title='x')\n"
    )
    assert list(bulk_writes(file)) == [("careless", 3), ("careless", 4), ("careless", 5)]
