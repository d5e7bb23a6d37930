"""The roles, each with what it is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Every role the permission table knows."""

    VISITOR = "visitor", _("Visitor")
    COMPLAINANT = "complainant", _("Buyer")
    RESPONDENT = "respondent", _("Seller")
    INTAKE_CLERK = "intake_clerk", _("Intake clerk")
    OFFICER = "officer", _("Officer")
    MEDIATOR = "mediator", _("Mediator")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")
    REGULATOR = "regulator", _("Regulator")
    PLATFORM = "platform", _("Platform")
    SYSTEM = "system", _("MicroGuard")


# Roles that a person holds by an account; the others follow from a proven phone number or from being us.
STAFF = frozenset(
    {
        Role.INTAKE_CLERK,
        Role.OFFICER,
        Role.MEDIATOR,
        Role.SUPERVISOR,
        Role.OPERATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDITOR,
    }
)
OUTSIDE = frozenset({Role.REGULATOR, Role.PLATFORM})
PARTIES = frozenset({Role.COMPLAINANT, Role.RESPONDENT})
# System, security and audit administration lie in different hands (one person holds at most one).
SEPARATED = frozenset({Role.OPERATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})
