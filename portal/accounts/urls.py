from django.contrib.auth.views import LogoutView
from django.urls import path

from portal.accounts import views

app_name = "account"

urlpatterns = [
    path("", views.home, name="home"),
    path("connexion/", views.SignIn.as_view(), name="login"),
    path("deconnexion/", LogoutView.as_view(next_page="/"), name="logout"),
]
