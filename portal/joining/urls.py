"""/inscription/: how a merchant comes in."""

from django.urls import path

from portal.joining import claiming, entrance, questions, sending

app_name = "joining"

OWN = "<int:registration_pk>/"

urlpatterns = [
    path("", entrance.start, name="start"),
    path("courriel/", entrance.Email.as_view(), name="email"),
    path("commencer/", questions.begin, name="begin"),
    path("lien/<str:token>/", entrance.link, name="link"),
    path("commerce/<slug:merchant_slug>/", claiming.claim, name="claim"),
    path(OWN, questions.registration, name="registration"),
    path(f"{OWN}deja-la/", questions.matches, name="matches"),
    path(f"{OWN}apercu/", questions.look, name="preview"),
    path(f"{OWN}plus-tard/", questions.later, name="later"),
    path(f"{OWN}abandonner/", sending.give_up, name="give_up"),
    path(f"{OWN}verification/", sending.review, name="review"),
    path(f"{OWN}attente/", sending.waiting, name="waiting"),
    path(f"{OWN}<slug:question>/", questions.question, name="question"),
]
