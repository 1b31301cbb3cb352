import os

from nightdesk.kernel import disk


def test_the_scarcest_of_several_disks_counts_and_what_is_not_there_is_no_disk(
    tmp_path, monkeypatch
):
    held = os.statvfs(tmp_path)
    assert disk.share(tmp_path) == held.f_bavail / held.f_blocks
    missing = tmp_path / "missing"
    assert disk.scarcest(missing) == 1.0
    assert disk.scarcest(tmp_path, missing) == disk.share(tmp_path)
    shares = {"a": 0.3, "b": 0.2}
    monkeypatch.setattr(disk, "share", lambda place: shares[place.name])
    assert disk.scarcest(tmp_path / "a", tmp_path / "b") == 0.2
