"""A new newsroom's lexicon begins with the names that voices get wrong most often."""

from django.db import migrations


def give(apps, schema_editor):
    from nightdesk.narration.lexicon.given import given_names

    pronunciation = apps.get_model("narration", "Pronunciation")
    pronunciation.objects.bulk_create(
        [
            pronunciation(language="en", term=term, says=says)
            for term, says in given_names("en").items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("narration", "0001_narrations")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
