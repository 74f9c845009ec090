"""Addresses of the Journal that are no pages."""

from django.urls import path

from editorial.feeds import StoryFeed

app_name = "editorial"

urlpatterns = [
    path("histoires/rss/", StoryFeed(), name="rss"),
]
