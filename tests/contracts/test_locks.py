"""What is installed is pinned by hash and says nothing about where it came from."""

import re
import subprocess

from tests.conftest import ROOT


def tracked():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_every_locked_package_has_a_hash_and_no_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text
        packages = re.findall(r"^[a-z0-9].*?==", text, re.M | re.I)
        blocks = re.findall(r"^[a-z0-9][^\n]*?==[^\n]*\\\n\s+--hash=sha256:", text, re.M | re.I)
        assert len(packages) == len(blocks) > 50


def test_no_lock_that_records_download_addresses_is_committed():
    names = {path.rsplit("/", 1)[-1] for path in tracked()}
    assert not names & {"uv.lock", "pylock.toml", "poetry.lock"}


def test_every_direct_dependency_has_a_lower_bound():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for extra in project["project"]["optional-dependencies"].values():
        direct += extra
    assert [line for line in direct if ">=" not in line] == []
