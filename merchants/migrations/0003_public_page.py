import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0002_merged_profiles"),
    ]

    operations = [
        migrations.AddField(
            model_name="merchant",
            name="public_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        # Each profile that is there already gets a key of its own: the default above was drawn once for all.
        migrations.RunSQL("UPDATE merchants_merchant SET public_key = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="merchant",
            name="public_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.CreateModel(
            name="PublishedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=30)),
                ("name_form", models.CharField(db_collation="C", max_length=60)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=80)),
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_name",
                        to="merchants.merchant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["name_form", "merchant"],
                        name="merchants_name_by_beginning",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("name_form", ""), _negated=True)
                        ),
                        name="merchants_publishedname_names",
                    )
                ],
            },
        ),
    ]
