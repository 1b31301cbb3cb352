from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "audit",
                "permissions": [
                    ("view_audit", "Can read the audit"),
                    ("freeze_newsroom", "Can freeze the newsroom"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
