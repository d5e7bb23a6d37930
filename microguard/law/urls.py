"""Routes of the pages made from the law data."""

from django.urls import path

from microguard.law.views import checklist, duties

app_name = "law"
urlpatterns = [
    path("duties/", duties.parties, name="parties"),
    path("duties/<slug:party>/", duties.duties, name="duties"),
    path("m/checklist/", checklist.checklist, name="checklist"),
]
