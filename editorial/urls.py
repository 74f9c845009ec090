"""Addresses of the Journal that are no pages."""

from django.urls import path

from editorial import cards, newsroom_pages
from editorial.feeds import StoryFeed
from editorial.views import gift_finder

app_name = "editorial"

urlpatterns = [
    path("cadeaux/", gift_finder, name="gifts"),
    path("cartes/commerces/<str:token>/", cards.merchant, name="merchant_card"),
    path("cartes/histoires/<str:token>/", cards.story, name="story_card"),
    path("histoires/rss/", StoryFeed(), name="rss"),
    path("histoires/auteurs/<slug:slug>/", newsroom_pages.author, name="author"),
    path("histoires/rubriques/<slug:slug>/", newsroom_pages.section, name="section"),
    path("histoires/series/<slug:slug>/", newsroom_pages.series, name="series"),
    path("histoires/mots-cles/<slug:slug>/", newsroom_pages.tag, name="tag"),
]
