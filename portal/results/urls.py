"""Where the weekly letter is stopped."""

from django.urls import path

from portal.results import stopping

app_name = "results"

urlpatterns = [path("lettre-du-mardi/<str:token>/", stopping.letter, name="letter")]
