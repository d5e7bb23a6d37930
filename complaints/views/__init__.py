"""Doors of the complaint."""
