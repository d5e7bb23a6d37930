from django.db import migrations


def carry_over(apps, schema_editor):
    """Make the mail address of each office its first way, and let its old messages know it."""
    office_model = apps.get_model("jurisdictions", "Office")
    endpoint_model = apps.get_model("notifications", "Endpoint")
    dispatch_model = apps.get_model("notifications", "Dispatch")
    dispatch_model.objects.update(circuit="mail")
    for office in office_model.objects.exclude(email=""):
        endpoint_model.objects.create(office=office, place=1, channel="EMAIL", address=office.email)
        key = f"office:{office.pk}"
        told = dispatch_model.objects.filter(effect_key__endswith=f":{key}:EMAIL")
        told.update(office=office, recipient=key)


class Migration(migrations.Migration):
    """There is no way back: messages to inboxes, by webhook and by letter have no place in the older tables."""

    dependencies = [("notifications", "0002_ways_of_offices")]

    operations = [migrations.RunPython(carry_over)]
