"""Addresses of accompaniment, outside the admin."""

from django.urls import path

from portal.care import approval, callback, put_off

app_name = "care"

urlpatterns = [
    path("rappelez-moi/", callback.callback, name="callback"),
    path("approbation/<str:token>/", approval.approval, name="approval"),
    path("mon-commerce/<slug:merchant_slug>/taches/<slug:task>/", put_off.put_off, name="put_off"),
]
