"""Imports run downhill, and every app we build on really loads."""

import importlib
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings

BIN = Path(sys.executable).parent


def test_imports_run_downhill():
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_app_we_build_on_is_imported_and_of_the_expected_series():
    import django
    import wagtail

    for name in settings.INSTALLED_APPS:
        importlib.import_module(name)
    assert apps.ready
    assert django.VERSION[:2] == (5, 2)
    assert wagtail.VERSION[:2] == (8, 0)


def test_the_newsstand_starts_without_django():
    code = (
        "import sys, nightdesk.newsstand, nightdesk.newsstand.command\n"
        "sys.exit(any(name.split('.')[0] in {'django', 'wagtail'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
