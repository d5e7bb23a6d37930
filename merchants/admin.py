"""The registry of sellers at the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant
from merchants.rules.handles import handle_hash
from merchants.states import HandleType, ProfileState
from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.core.templatetags.mg import moment


class ProfileFilter(WordFilter):
    """Claimed by somebody, or not."""

    title = _("Profile")
    parameter_name = "state"
    words = tuple(ProfileState.choices)


@admin.register(Merchant)
class MerchantAdmin(PolicyAdmin):
    """Sellers with the handles under which they were seen, masked; found by one exact handle."""

    heading = _("Sellers")
    reading = "registry.read"
    list_display = ("seller", "profile", "handles_masked", "registered")
    list_filter = (ProfileFilter,)
    search_fields = ("pk",)
    search_help_text = _("One exact handle: a WeChat ID, a phone number, a nickname")
    fields = ("seller", "profile", "handles_masked", "registered")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merchant]:
        """Bring the handles along."""
        return super().get_queryset(request).prefetch_related("handles")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find sellers by the keyed hash of the handle; part of a handle finds nobody."""
        if not search_term.strip():
            return queryset, False
        hashes = [handle_hash(kind, search_term) for kind in HandleType.values]
        return queryset.filter(handles__value_hash__in=hashes).distinct(), False

    @admin.display(description=_("Seller"))
    def seller(self, merchant: Merchant) -> str:
        """Return the seller's number in the registry."""
        return str(merchant)

    @admin.display(description=_("Profile"))
    def profile(self, merchant: Merchant) -> str:
        """Return whether somebody has claimed the profile."""
        return str(ProfileState(merchant.state).label)

    @admin.display(description=_("Handles"))
    def handles_masked(self, merchant: Merchant) -> str:
        """Return the handles with stars."""
        return " · ".join(str(handle) for handle in merchant.handles.all())

    @admin.display(description=_("Registered"))
    def registered(self, merchant: Merchant) -> str:
        """Return when the profile was opened."""
        return moment(merchant.registered_at)
