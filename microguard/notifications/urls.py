"""Routes of the pages of offices outside."""

from django.urls import path

from microguard.notifications import views

app_name = "notifications"
urlpatterns = [
    path("p/", views.platform, name="platform"),
    path("notices/<int:pk>/", views.notice, name="notice"),
]
