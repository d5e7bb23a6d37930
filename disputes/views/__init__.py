"""Doors of the dispute."""
