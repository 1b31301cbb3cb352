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
