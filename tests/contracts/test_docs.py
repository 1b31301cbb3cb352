"""The documentation says everything there is to set and to run."""

import re

from nightdesk.cli import COMMANDS
from nightdesk.settings.document import page
from nightdesk.settings.table import TABLE
from tests.conftest import ROOT


def documents():
    return "\n".join(file.read_text() for file in (ROOT / "docs").rglob("*.md"))


def test_the_settings_page_is_the_settings_table():
    assert (ROOT / "docs/settings.md").read_text() == page()


def test_every_setting_is_documented():
    text = documents()
    assert [s.name for s in TABLE if f"`{s.name}`" not in text] == []


def test_every_command_is_documented():
    text = documents() + (ROOT / "README.md").read_text()
    assert [name for name in COMMANDS if f"nightdesk {name}" not in text] == []


def test_every_make_target_that_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / "README.md").read_text(), re.M))
    assert named
    assert [target for target in named if f"\n{target}:" not in makefile] == []


def test_the_map_names_every_room():
    rooms = {
        path.name
        for path in (ROOT / "src/nightdesk").iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    text = (ROOT / "docs/map.md").read_text()
    assert [room for room in sorted(rooms) if f"`{room}/`" not in text] == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for file in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
            if not (file.parent / target).exists():
                broken.append(f"{file.relative_to(ROOT)} → {target}")
    assert broken == []
