"""A notice that clocks were counted by is never changed: the database refuses UPDATE and DELETE."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION deadlines_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'holiday notices are append-only';
END $$;
CREATE TRIGGER deadlines_holidaynotice_append_only BEFORE UPDATE OR DELETE ON deadlines_holidaynotice
    FOR EACH ROW EXECUTE FUNCTION deadlines_append_only();
"""
BACKWARDS = "DROP FUNCTION deadlines_append_only() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0004_loaded_notices")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
