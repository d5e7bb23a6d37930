"""Django app of the registry: who is complained about."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MerchantsConfig(AppConfig):
    """Sellers, known by handle until somebody claims them."""

    name = "merchants"
    verbose_name = _("Sellers")
