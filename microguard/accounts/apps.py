"""Django app of those who act: staff, outside offices, and parties who prove a phone number."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who acts, and the one place that says no."""

    name = "microguard.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Load the permission table, so that a mistake in it stops the process at start."""
        from microguard.accounts import policies

        policies.table()
