"""What was covered before is brought into the search by the worker, like what is new."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

#: One statement each, however much there is: nothing that a start waits for.
_ALL_IS_DUE = """
INSERT INTO coverage_searchdue (coverage_id, entry_id, at)
SELECT coverage_id, id, CURRENT_TIMESTAMP FROM coverage_entry
"""
_EACH_WHOLE_IS_DUE = """
INSERT INTO coverage_searchdue (coverage_id, entry_id, at)
SELECT id, NULL, CURRENT_TIMESTAMP FROM coverage_coverage
"""


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_cover_events")]

    operations = [
        migrations.CreateModel(
            name="SearchDue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "coverage",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="coverage.coverage",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="coverage.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "due in the search",
                "verbose_name_plural": "due in the search",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(_ALL_IS_DUE, migrations.RunSQL.noop),
        migrations.RunSQL(_EACH_WHOLE_IS_DUE, migrations.RunSQL.noop),
    ]
