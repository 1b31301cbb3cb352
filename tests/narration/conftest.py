import pytest

TONE = "tone:tone"


@pytest.fixture
def voice(db):
    """English is read by the voice for tests: a tone, made in milliseconds in a real process."""
    from nightdesk.narration.models import VoiceChoice

    return VoiceChoice.objects.create(language="en", voice=TONE)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA = tmp_path
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session", autouse=True)
def let_voices_go():
    yield
    from nightdesk.narration.studio import record

    record.close()


@pytest.fixture(autouse=True)
def room_on_the_disk(monkeypatch):
    """However full the disk of the machine is that the tests run on."""
    from nightdesk.kernel import disk

    monkeypatch.setattr(disk, "share", lambda _place: 0.5)
