"""Django app of the complaint: what is alleged."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    """From the first typed word to the decision on acceptance."""

    name = "complaints"
    verbose_name = _("Complaints")
