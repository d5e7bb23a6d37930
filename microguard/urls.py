"""Routes; every one of them has a row in the permission table (accounts/policy.yaml)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from microguard import views
from microguard.statistics import views as statistics

handler400 = "microguard.core.failures.bad_request"
handler500 = "microguard.core.failures.server_failure"
urlpatterns = [
    path("healthz", views.health, name="health"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("help/", views.help_page, name="help"),
        path("rules/", views.rules, name="rules"),
        path("routes/", views.routes, name="routes"),
        path("stats/", statistics.stats, name="stats"),
        path("governance/", statistics.governance, name="governance"),
        path("law-gaps/", statistics.law_gaps, name="law_gaps"),
        path("law-gaps.csv", statistics.law_gaps_file, name="law_gaps_file"),
        path("care/", views.care, name="care"),
        path("start/", views.start, name="start"),
        path("", include("microguard.law.urls")),
        path("", include("complaints.urls")),
        path("", include("disputes.urls")),
        path("accounts/", include("allauth.urls")),
        path("desk/", admin.site.urls),
        path("admin/", RedirectView.as_view(pattern_name="admin:index"), name="admin_redirect"),
        path("ops/", include("microguard.dashboard.urls")),
        path("reg/", include("microguard.statistics.urls")),
        path("", include("microguard.statistics.sellers.urls")),
        path("", include("microguard.seller.urls")),
        path("", include("microguard.notifications.urls")),
        path("demo/", include("microguard.demo.urls")),
        prefix_default_language=False,
    ),
]
