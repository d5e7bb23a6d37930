"""Pages for those who run the service, drawn like the desk."""

from django.contrib import admin
from django.urls import path

from microguard.dashboard.calendars import calendars
from microguard.dashboard.claims import claim, claim_file, claims

app_name = "ops"
urlpatterns = [
    path("calendars/", admin.site.admin_view(calendars), name="calendars"),
    path("claims/", admin.site.admin_view(claims), name="claims"),
    path("claims/<int:claim_id>/", admin.site.admin_view(claim), name="claim"),
    path("claims/<int:claim_id>/<int:file_id>/", admin.site.admin_view(claim_file), name="claim_file"),
]
