"""Addresses of the Journal that are no pages."""

from django.urls import path

from editorial.feeds import StoryFeed
from editorial.views import gift_finder

app_name = "editorial"

urlpatterns = [
    path("cadeaux/", gift_finder, name="gifts"),
    path("histoires/rss/", StoryFeed(), name="rss"),
]
