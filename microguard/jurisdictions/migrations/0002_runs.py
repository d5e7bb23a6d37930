from django.db import migrations, models


class Migration(migrations.Migration):
    """Platforms name the kinds of place that they run, so that they are told of the cases from there."""

    dependencies = [("jurisdictions", "0001_initial")]

    operations = [
        migrations.AddField(model_name="office", name="runs", field=models.JSONField(blank=True, default=list))
    ]
