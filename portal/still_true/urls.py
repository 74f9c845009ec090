"""The weekly letter's address."""

from django.urls import path

from portal.still_true import views

app_name = "still_true"

urlpatterns = [path("encore-vrai/<str:token>/", views.answer, name="answer")]
