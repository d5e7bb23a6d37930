from django.db import migrations


class Migration(migrations.Migration):
    """The address of an office is one of its ways now (notifications.Endpoint), which is filled already."""

    dependencies = [("jurisdictions", "0002_runs"), ("notifications", "0003_mail_becomes_a_way")]

    operations = [migrations.RemoveField(model_name="office", name="email")]
