"""Accounts of the staff and of outside offices, made and changed by the security administrator."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from microguard.accounts.admin import PolicyAdmin, WordFilter
from microguard.accounts.middleware import acting
from microguard.accounts.models import Membership, User
from microguard.accounts.roles import OUTSIDE, STAFF, Role
from microguard.core import clock
from microguard.events import actions as events
from microguard.notifications.notices import no_notice

no_notice("staff.added", because="an entry in the trail, for the auditor")
no_notice("staff.changed", because="an entry in the trail, for the auditor")

HELD_BY_ACCOUNT = [(role.value, role.label) for role in Role if role in STAFF | OUTSIDE]


LABELS = {
    "name": _("Full name"),
    "landline": _("Landline"),
    "role": _("role"),
    "office": _("Outside office"),
}


class RoleFilter(WordFilter):
    """Roles that are held by an account."""

    title = _("role")
    parameter_name = "memberships__role"
    words = tuple(HELD_BY_ACCOUNT)


class NewPersonForm(UserCreationForm):
    """A new account: user name and first password."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "name")


class PersonForm(UserChangeForm):
    """An account; its password is set on a page of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = format_html(
            '<a href="../password/" class="text-primary-600 dark:text-primary-500">{}</a>', _("Set a new password")
        )


class MembershipInline(TabularInline):
    """The roles that a person holds."""

    model = Membership
    verbose_name = _("role")
    verbose_name_plural = _("Roles")
    extra = 1

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the roles that are held by an account."""
        if db_field.name == "role":
            kwargs["choices"] = [("", "—"), *HELD_BY_ACCOUNT]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name the column."""
        return _labelled(super().formfield_for_dbfield(db_field, request, **kwargs), db_field.name)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return True: the page itself is open to the security administrator only."""
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


def _labelled(field: Any, name: str) -> Any:
    if field is not None and name in LABELS:
        field.label = LABELS[name]
        getattr(field.widget, "widget", field.widget).attrs["aria-label"] = LABELS[name]
    return field


class Account:
    """The chain of facts about one account."""

    def __init__(self, user: User) -> None:
        self.chain = f"user/{user.pk}"


@admin.register(User)
class StaffAdmin(PolicyAdmin, UserAdmin):  # type: ignore[misc]
    """Accounts; one is closed by making it inactive, never deleted."""

    heading = _("Staff")
    reading = changing = "staff.manage"
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "person", "email", "is_active", "roles")
    list_filter = ("is_active", RoleFilter)
    search_fields = ("username", "name")
    ordering = ()
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("username", "name", "email", "landline", "is_active", "password")}),)
    add_fieldsets = ((None, {"fields": ("username", "name", "password1", "password2")}),)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the roles along."""
        return super().get_queryset(request).prefetch_related("memberships")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name the field."""
        return _labelled(super().formfield_for_dbfield(db_field, request, **kwargs), db_field.name)

    @admin.display(description=_("Full name"))
    def person(self, user: User) -> str:
        """Return the person's name."""
        return user.name

    @admin.display(description=_("Roles"))
    def roles(self, user: User) -> str:
        """Return the roles of the account in words."""
        return " · ".join(str(Role(membership.role).label) for membership in user.memberships.all())

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Record the new account."""
        self._record(request, obj, is_new=True)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Record what the account may do now."""
        self._record(request, obj, is_new=False)
        return super().log_change(request, obj, message)

    @transaction.atomic
    def _record(self, request: HttpRequest, user: User, *, is_new: bool) -> None:
        events.record(
            "staff.added" if is_new else "staff.changed",
            Account(user),
            by=acting(request),
            at=clock.now(),
            roles=sorted(user.memberships.values_list("role", flat=True)),
            is_active=user.is_active,
        )
