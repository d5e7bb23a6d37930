"""Routes of demo mode; all of them answer 404 outside it."""

from django.urls import path

from microguard.demo import platform, views

app_name = "demo"
urlpatterns = [
    path("become/<slug:role>/", views.become, name="become"),
    path("clock/", views.advance, name="clock"),
    path("mail/", views.mail, name="mail"),
    path("hook/", platform.hook, name="hook"),
]
