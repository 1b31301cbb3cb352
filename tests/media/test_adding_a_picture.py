"""An editor adds a picture; readers get clean files under names that say nothing."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from nightdesk.media.access import may_see
from nightdesk.media.actions import add_picture
from nightdesk.media.models import Picture

NAME = "minister-bribe-sasha-phone.jpg"


def a_photo(size=(900, 600), colour=(40, 80, 120), serial="SN12345"):
    exif = Image.Exif()
    exif[0x0131] = serial
    exif[0xA431] = serial
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    file.seek(0)
    file.name = NAME
    return file


@pytest.fixture
def editor(client, django_user_model, db):
    user = django_user_model.objects.create_superuser("olha", "olha@post.example", "x")
    client.force_login(user)
    return user


def add(client, file, **fields):
    form = {"title": "", "alt": "A bridge in fog", "credit": "A. Photographer", "file": file}
    return client.post(reverse("wagtailimages:add"), form | fields)


def stored_bytes(picture):
    names = [picture.file.name, *picture.files()]
    return b"".join(default_storage.open(name).read() for name in names)


def test_a_picture_gets_its_sizes_at_upload_and_no_trace_of_the_camera(client, editor):
    assert add(client, a_photo()).status_code == 302
    picture = Picture.objects.get()
    assert {size["format"] for size in picture.made} == {"avif", "webp", "jpeg"}
    assert {size["width"] for size in picture.made} == {320, 640, 900}
    assert b"SN12345" not in stored_bytes(picture)
    assert picture.title == "A bridge in fog"
    assert (picture.width, picture.height) == (900, 600)


def test_no_public_name_comes_from_the_name_of_the_file(client, editor):
    add(client, a_photo())
    picture = Picture.objects.get()
    public = [*picture.files(), picture.file.name, picture.title, picture.alt, picture.src]
    assert not [word for word in public if "minister" in word or "sasha" in word]


def test_the_untouched_upload_is_not_kept(client, editor):
    add(client, a_photo())
    assert not Picture.objects.get().original


def test_unless_the_editor_ticks_it_and_then_privately_under_an_unguessable_name(client, editor):
    add(client, a_photo(), keep_original="on")
    picture = Picture.objects.get()
    assert b"SN12345" in picture.original.read()
    assert "minister" not in picture.original.name
    assert not may_see(picture.original.name, None)
    assert client.get(f"/media/{picture.original.name}").status_code == 404


def test_a_picture_without_words_for_those_who_cannot_see_it_is_asked_for_them(client, editor):
    answer = add(client, a_photo(), alt="")
    assert answer.status_code == 200
    assert not Picture.objects.exists()
    assert "Choose the file again" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<script>alert(1)</script>", "not a picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, ""),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_not_a_picture_is_refused_in_plain_words(client, editor, content, words):
    file = io.BytesIO(content)
    file.name = NAME
    answer = add(client, file)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Picture.objects.exists()


def test_a_truncated_photo_is_refused_and_leaves_nothing_behind(client, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    whole = a_photo((2000, 1500), serial="x").read()
    file = io.BytesIO(whole[: len(whole) // 2])
    file.name = NAME
    assert add(client, file).status_code == 200
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_store_that_cannot_be_written_is_a_message_and_no_error_page(
    client, editor, settings, tmp_path
):
    in_the_way = tmp_path / "media"
    in_the_way.write_text("a file where the folder should be")
    settings.MEDIA_ROOT = in_the_way
    answer = add(client, a_photo())
    assert answer.status_code == 200
    assert "could not store this picture" in answer.content.decode()
    assert not Picture.objects.exists()


def test_replacing_the_file_removes_the_old_ones(
    client, editor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add(client, a_photo())
    picture = Picture.objects.get()
    old = [picture.file.name, *picture.files()]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("wagtailimages:edit", args=[picture.pk]),
            {"title": "", "alt": "A new bridge", "credit": "B", "file": a_photo((700, 500))},
        )
    assert answer.status_code == 302, answer.context["form"].errors
    picture.refresh_from_db()
    assert (picture.width, picture.alt) == (700, "A new bridge")
    assert not [name for name in old if default_storage.exists(name)]
    assert default_storage.exists(picture.file.name)


def test_changing_only_the_words_keeps_the_files(client, editor):
    add(client, a_photo())
    picture = Picture.objects.get()
    made = picture.made
    client.post(
        reverse("wagtailimages:edit", args=[picture.pk]),
        {"title": "", "alt": "Fog", "credit": "C"},
    )
    picture.refresh_from_db()
    assert (picture.alt, picture.made) == ("Fog", made)
    assert default_storage.exists(picture.file.name)


def test_a_deleted_picture_leaves_no_file(db, django_capture_on_commit_callbacks):
    picture = add_picture(a_photo(), alt="Fog", credit="C")
    names = [picture.file.name, *picture.files()]
    with django_capture_on_commit_callbacks(execute=True):
        picture.delete()
    assert not [name for name in names if default_storage.exists(name)]


def test_the_story_form_can_upload_a_picture_too(client, editor):
    answer = client.post(
        reverse("wagtailimages_chooser:create"),
        {
            "image-chooser-upload-title": NAME,
            "image-chooser-upload-alt": "A ferry",
            "image-chooser-upload-credit": "D",
            "image-chooser-upload-file": a_photo(),
        },
    )
    assert answer.json()["step"] == "chosen", answer.content
    assert Picture.objects.get().title == "A ferry"


def test_readers_cannot_fetch_a_picture_that_nothing_published_shows(client, db):
    picture = add_picture(a_photo(), alt="Fog", credit="C")
    for name in [*picture.files(), picture.file.name]:
        assert client.get(f"/media/{name}").status_code == 404


def test_staff_can(client, editor):
    picture = add_picture(a_photo(), alt="Fog", credit="C")
    answer = client.get(f"/media/{picture.made[0]['name']}")
    answer.close()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ["../site.db", "originals/x", "masters/../../site.db", "pictures/x-1.jpg", "", "%00"]
)
def test_nothing_else_in_the_store_can_be_fetched(client, db, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_the_many_files_page_leads_to_the_form_that_asks_for_words(client, editor):
    assert client.get(reverse("wagtailimages:add_multiple")).url == reverse("wagtailimages:add")
