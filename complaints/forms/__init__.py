"""Forms of the complaint."""
