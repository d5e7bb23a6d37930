"""Forms of the dispute."""
