"""/inscription/: how a merchant comes in."""

from django.urls import path

from portal.joining import entrance

app_name = "joining"

urlpatterns = [
    path("courriel/", entrance.Email.as_view(), name="email"),
    path("lien/<str:token>/", entrance.link, name="link"),
]
