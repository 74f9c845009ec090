"""/favoris/: shops and products that one keeps, lists of them, and news of a shop by mail."""

from django.urls import path

from portal.favourites import following, list_views, views

app_name = "favourites"

urlpatterns = [
    path("", views.home, name="home"),
    path("etat/", views.state, name="state"),
    path("garder/", views.keep, name="keep"),
    path("enlever/", views.let_go, name="let_go"),
    path("remettre/", views.put_back, name="put_back"),
    path("effacer/", views.clear, name="clear"),
    path("listes/nouvelle/", list_views.new_list, name="new_list"),
    path("listes/<int:list_pk>/", list_views.one_list, name="list"),
    path("listes/<int:list_pk>/partager/", list_views.share, name="share"),
    path("listes/<int:list_pk>/arreter/", list_views.stop, name="stop"),
    path("listes/<int:list_pk>/supprimer/", list_views.drop, name="drop"),
    path("liste/<str:token>/", list_views.shared, name="shared"),
    path("suivre/<slug:merchant_slug>/", following.follow, name="follow"),
]
