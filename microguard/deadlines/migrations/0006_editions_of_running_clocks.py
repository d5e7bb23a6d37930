"""Clocks that run already were counted by some earlier calendar: 0, so that the next bell counts them anew.

The end of a payment was agreed, and that of a correction may have been brought forward: no calendar sets them.
"""

from django.db import migrations

FORWARDS = """
UPDATE deadlines_deadline SET calendar_edition = 0
WHERE met_at IS NULL AND lapsed_at IS NULL AND cancelled_at IS NULL
  AND rule NOT IN ('settlement.performance', 'complaint.correction')
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0005_notices_append_only")]
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
