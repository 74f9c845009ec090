"""Addresses of « Partir avec tout », behind the shop's slug."""

from django.urls import path

from portal.leaving import views

urlpatterns = [
    path("emporter/", views.take_along, name="take_along"),
    path("emporter/<int:package_pk>/", views.take_along_file, name="take_along_file"),
    path("partir/", views.leaving, name="leaving"),
    path("partir/revenir/", views.leaving_undo, name="leaving_undo"),
]
