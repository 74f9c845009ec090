from django.urls import path

from portal.search_page import views

app_name = "search_page"

urlpatterns = [
    path("recherche/", views.results, name="results"),
    path("recherche/suggestions/", views.suggestions, name="suggestions"),
]
