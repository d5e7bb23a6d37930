"""Of clocks started before: what is needed to reckon their ends again, and their next alarm."""

from django.db import migrations

# An obligation's end was agreed. The end of a correction may have been brought forward; which were is not
# stored, and none may end later than it was told. Alarms of the past stay unraised.
AGREED = "UPDATE deadlines_deadline SET until = due_at WHERE rule = 'settlement.performance'"
BROUGHT_FORWARD = "UPDATE deadlines_deadline SET not_after = due_at WHERE rule = 'complaint.correction'"
ALARMS = """
UPDATE deadlines_deadline SET alarm_days = (
    SELECT max(days) FROM unnest(ARRAY[15, 5, 1]) AS days
    WHERE due_strict_date - days > (now() AT TIME ZONE 'Asia/Shanghai')::date
)
WHERE rule = 'mediation.term' AND met_at IS NULL AND lapsed_at IS NULL AND cancelled_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_suspensions_and_extensions")]

    operations = [
        migrations.RunSQL([AGREED, BROUGHT_FORWARD, ALARMS], migrations.RunSQL.noop),
    ]
