"""Django app of the dispute: how it is resolved."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    """From the invitation of the seller to the money paid back."""

    name = "disputes"
    verbose_name = _("Disputes")
