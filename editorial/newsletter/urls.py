"""/infolettre/…: what people do about the letter. The letters themselves are pages, under the same address."""

from django.urls import path

from editorial.newsletter import views

app_name = "newsletter"

urlpatterns = [
    path("", views.sign_up, name="sign_up"),
    path("merci/", views.asked, name="asked"),
    path("confirmer/<str:token>/", views.confirm, name="confirm"),
    path("preferences/<str:token>/", views.choose, name="preferences"),
    path("quitter/<str:token>/", views.leave, name="leave"),
    path("adresse/<str:token>/", views.new_address, name="new_address"),
]
