from django.urls import path

from portal.merchant_space import views

app_name = "merchant"

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:merchant_slug>/", views.home, name="home"),
    path("<slug:merchant_slug>/commandes/<slug:number>/", views.order, name="order"),
    path("<slug:merchant_slug>/commandes/<slug:number>/etat/", views.order_move, name="order_move"),
]
