"""Routes of the public record of sellers."""

from django.urls import path

from microguard.statistics.sellers import corrections, replies, views

app_name = "sellers"
urlpatterns = [
    path("sellers/", views.sellers, name="look_up"),
    path("sellers/how/", views.how, name="how"),
    path("s/<uuid:key>/", views.page, name="page"),
    path("s/<uuid:key>/statement/", replies.statement, name="statement"),
    path("s/<uuid:key>/correction/", corrections.correction, name="correction"),
    path("s/<uuid:key>/correction/<uuid:receipt>/", corrections.receipt, name="receipt"),
]
