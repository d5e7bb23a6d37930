"""Routes of the seller's own pages."""

from django.urls import path

from microguard.seller import commitments, profile, views

app_name = "seller"
urlpatterns = [
    path("m/", views.home, name="home"),
    path("m/profile/", profile.own_profile, name="own_profile"),
    path("m/profile/<uuid:key>/", profile.profile, name="profile"),
    path("m/commitments/", commitments.commitments, name="commitments"),
    path("m/claim/<uuid:key>/", views.claim, name="claim"),
    path("m/contest/<str:token>/", views.contest, name="contest"),
]
