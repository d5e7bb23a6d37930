from django.db import migrations


def carry_over(apps, schema_editor):
    """Make the mail address of each office its first way, and the circuit of mails what they wait for."""
    office_model = apps.get_model("jurisdictions", "Office")
    endpoint_model = apps.get_model("notifications", "Endpoint")
    dispatch_model = apps.get_model("notifications", "Dispatch")
    for office in office_model.objects.exclude(email=""):
        endpoint_model.objects.create(office=office, place=1, channel="EMAIL", address=office.email)
    dispatch_model.objects.update(circuit="mail")


def carry_back(apps, schema_editor):
    endpoint_model = apps.get_model("notifications", "Endpoint")
    for endpoint in endpoint_model.objects.filter(channel="EMAIL").select_related("office"):
        endpoint.office.email = endpoint.address
        endpoint.office.save(update_fields=["email"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_ways_of_offices")]

    operations = [migrations.RunPython(carry_over, carry_back)]
