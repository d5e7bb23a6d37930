"""What every list and page of the desk shares: the permission table decides, and nothing is ever counted."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from unfold.admin import ModelAdmin

from microguard.accounts import policies
from microguard.accounts.middleware import acting

BEFORE = "before"  # page downwards from the row with this primary key


class KeyedChangeList(ChangeList):
    """A list, newest first, that pages by primary key: as quick on the millionth row as on the first."""

    older: int | None = None

    def get_filters_params(self, params: Any = None) -> Any:
        """Leave the paging key out of the filters."""
        found = super().get_filters_params(params)
        found.pop(BEFORE, None)
        return found

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[str | Combinable]:
        """Return the one order by which the paging key works."""
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        """Read one page and one row more, which tells whether there are older ones."""
        before = request.GET.get(BEFORE, "")
        rows = (
            self.queryset.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else self.queryset
        )
        found = list(rows[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        self.older = self.result_list[-1].pk if len(found) > self.list_per_page else None
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(self.result_list, self.list_per_page)

    @property
    def older_query(self) -> str:
        """The query string of the next page, "" on the last one."""
        return self.get_query_string({BEFORE: self.older}) if self.older else ""


class WordFilter(SimpleListFilter):
    """A filter by one column of codes: `parameter_name` is the column, `words` its codes in words."""

    words: tuple[tuple[str, str | Promise], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer the codes in words."""
        return self.words

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that hold the chosen code."""
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class PolicyAdmin(ModelAdmin):
    """A list and a read-only page under `heading`, opened by the action `reading` of the permission table.

    With `changing` rows may be added and changed too. Nothing is deleted at the desk.
    """

    heading: str | Promise = ""
    reading = ""
    changing = ""
    actions = None
    list_per_page = 50
    show_full_result_count = False
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that never counts."""
        return KeyedChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list under its heading."""
        return super().changelist_view(request, {"title": self.heading, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the page of one row under the heading of the list."""
        context = {"title": self.heading, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def page(
        self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        """Return a page of the desk beside those that Django's admin draws."""
        shared = self.admin_site.each_context(request) | {"opts": self.opts, "title": title}
        return TemplateResponse(request, template, shared | context, status=status)

    def _may(self, request: HttpRequest, action: str) -> bool:
        return bool(action) and policies.can(acting(request), action)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Ask the permission table."""
        return self._may(request, self.reading)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Ask the permission table."""
        return self._may(request, self.reading)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask the permission table."""
        return self._may(request, self.changing)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Ask the permission table."""
        return self._may(request, self.changing)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False: what happened stays."""
        return False
