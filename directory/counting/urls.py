"""The same addresses in every language: they are asked for by browsers, not by people."""

from django.urls import path, re_path

from directory.counting import views

app_name = "counting"

urlpatterns = [
    re_path(r"^vu/(?P<token>[\w.-]{1,100})\.gif$", views.seen, name="seen"),
    path("sortie/<str:token>/", views.leave, name="leave"),
]
