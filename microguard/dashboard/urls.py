"""Pages for those who run the service, drawn like the desk."""

from django.contrib import admin
from django.urls import path

from microguard.dashboard.calendars import calendars

app_name = "ops"
urlpatterns = [path("calendars/", admin.site.admin_view(calendars), name="calendars")]
