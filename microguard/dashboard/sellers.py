"""The registry of sellers at the desk: the list, one page per seller, and what a person says of it there."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from merchants.models import Merchant
from merchants.rules.handles import handle_hash
from merchants.selectors.identity import to_look_at
from merchants.states import HandleType, ProfileState
from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.accounts.middleware import acting
from microguard.core import clock
from microguard.core.errors import NotFound, Refusal
from microguard.core.templatetags.mg import moment
from microguard.dashboard.agents import AGENT_DEEDS
from microguard.dashboard.own_identity import IDENTITY_DEEDS
from microguard.dashboard.seller_deeds import LINKING_DEEDS
from microguard.dashboard.seller_page import seller_page
from microguard.dashboard.signals import signals_of_seller

DEEDS = LINKING_DEEDS | AGENT_DEEDS | IDENTITY_DEEDS


class ProfileFilter(WordFilter):
    """Claimed by somebody, or not."""

    title = _("Profile")
    parameter_name = "state"
    words = tuple(ProfileState.choices)


class ToLookAtFilter(WordFilter):
    """What waits for a person about who a seller is."""

    title = _("Registration and licences")
    parameter_name = "identity"
    words = (
        ("objection", _("An objection waits for our answer")),
        ("late", _("Not updated in time")),
        ("awaited", _("An update is awaited")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the sellers of whom the chosen thing holds now."""
        if self.value() is None:
            return queryset
        return queryset.filter(pk__in=to_look_at(str(self.value()), at=clock.now()))


@admin.register(Merchant)
class MerchantAdmin(PolicyAdmin):
    """Sellers with the handles under which they were seen, masked; found by one exact handle."""

    heading = _("Sellers")
    reading = "registry.read"
    list_display = ("seller", "profile", "handles_masked", "registered")
    list_filter = (ProfileFilter, ToLookAtFilter)
    search_fields = ("pk",)
    search_help_text = _("One exact handle: a WeChat ID, a phone number, a nickname")

    def get_urls(self) -> list[URLPattern]:
        """Add what a person says of a seller."""
        deed = self.admin_site.admin_view(self.deed_view)
        return [path("<int:pk>/do/<slug:slug>/", deed, name="merchants_merchant_deed"), *super().get_urls()]

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

    @method_decorator(require_GET)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the seller."""
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        merchant = self._merchant(int(object_id))
        context = seller_page(merchant, acting(request))
        context["signals"] = signals_of_seller(merchant.pk, at=clock.now())
        return self.page(request, "desk/seller.html", str(merchant), **context)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def deed_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """Ask for what a step needs, take it by one action, and go back to the seller."""
        merchant = self._merchant(pk)
        if slug not in DEEDS:
            raise Http404
        deed, given = DEEDS[slug], request.POST if request.method == "POST" else request.GET
        form = deed.form(given if request.method == "POST" else None, merchant=merchant, named=given)
        if request.method == "POST" and form.is_valid():
            try:
                deed.perform(form, acting(request), clock.now())
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, str(deed.done))
                return redirect("admin:merchants_merchant_change", pk)
        if deed.is_press and request.method == "POST":
            for sentence in [str(each) for found in form.errors.values() for each in found]:
                messages.error(request, sentence)
            return redirect("admin:merchants_merchant_change", pk)
        context = {"form": form, "deed": deed, "merchant": merchant}
        return self.page(request, "desk/seller_deed.html", str(deed.label), 422 if form.errors else 200, **context)

    def _merchant(self, pk: int) -> Merchant:
        try:
            return Merchant.by_pk(pk)
        except NotFound as error:
            raise Http404 from error
