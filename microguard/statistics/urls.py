"""Routes of figures and exports."""

from django.urls import path

from microguard.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.home, name="home"),
    path("export/<slug:preset>.<str:kind>", views.export, name="export"),
]
