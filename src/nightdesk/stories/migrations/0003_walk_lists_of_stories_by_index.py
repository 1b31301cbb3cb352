from django.db import migrations, models

from nightdesk.stories.indexes import make_missing


def on_pages(apps, editor) -> None:
    make_missing(editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("stories", "0002_choose_stories_from_one_list")]

    operations = [
        migrations.AddIndex(
            model_name="storypage",
            index=models.Index(fields=["updated_at"], name="stories_story_updated"),
        ),
        migrations.RunPython(on_pages, migrations.RunPython.noop),
    ]
