"""Routes of the public record of sellers."""

from django.urls import path

from microguard.statistics.sellers import views

app_name = "sellers"
urlpatterns = [
    path("sellers/", views.sellers, name="look_up"),
    path("sellers/how/", views.how, name="how"),
    path("s/<uuid:key>/", views.page, name="page"),
]
