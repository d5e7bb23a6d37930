"""Routes of filing, of the receipt and of the way in."""

from django.urls import path

from complaints.views import filing, pages
from complaints.views.from_rights import from_rights

app_name = "complaints"
urlpatterns = [
    path("file/", filing.step, {"slug": "seller"}, name="file"),
    path("file/check/", filing.check, name="check"),
    path("file/resume/", filing.resume, name="resume"),
    path("file/done/<str:number>/", pages.done, name="done"),
    path("file/evidence/<uuid:key>/", pages.draft_file, name="draft_file"),
    path("file/evidence/<uuid:key>/remove/", filing.remove_file, name="remove_file"),
    path("file/from-rights/", from_rights, name="from_rights"),
    path("file/<slug:slug>/", filing.step, name="step"),
    path("enter/", pages.enter, name="enter"),
    path("mine/", pages.mine, name="mine"),
    path("track/", pages.track, name="track"),
]
