"""Addresses of the Chamber's advisers, under /aide-aux-commerces/."""

from django.urls import path

from portal.merchant_space import helping

app_name = "helping"

urlpatterns = [
    path("", helping.index, name="index"),
    path("<int:pk>/proposer/", helping.ask, name="ask"),
    path("<int:pk>/entrer/", helping.begin, name="begin"),
    path("quitter/", helping.leave, name="leave"),
]
