"""The registry of sellers at the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant
from merchants.rules.handles import handle_hash
from merchants.states import HandleType
from microguard.accounts.admin import PolicyAdmin
from microguard.core.templatetags.mg import moment


@admin.register(Merchant)
class MerchantAdmin(PolicyAdmin):
    """Sellers with the handles under which they were seen, masked; found by one exact handle."""

    reading = "registry.read"
    list_display = ("__str__", "state", "handles_masked", "registered")
    list_filter = ("state",)
    search_fields = ("pk",)
    search_help_text = _("One exact handle: a WeChat ID, a phone number, a nickname")
    fields = ("__str__", "state", "handles_masked", "registered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merchant]:
        """Bring the handles along."""
        return super().get_queryset(request).prefetch_related("handles")  # type: ignore[no-any-return]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find sellers by the keyed hash of the handle; part of a handle finds nobody."""
        if not search_term.strip():
            return queryset, False
        hashes = [handle_hash(kind, search_term) for kind in HandleType.values]
        return queryset.filter(handles__value_hash__in=hashes).distinct(), False

    @admin.display(description=_("Handles"))
    def handles_masked(self, merchant: Merchant) -> str:
        """Return the handles with stars."""
        return " · ".join(str(handle) for handle in merchant.handles.all())

    @admin.display(description=_("Registered"))
    def registered(self, merchant: Merchant) -> str:
        """Return when the profile was opened."""
        return moment(merchant.registered_at)
