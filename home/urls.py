"""Addresses of the ground floor. Names are global: templates of every floor use them."""

from django.urls import path, re_path

from home import views

urlpatterns = [
    re_path(r"^portail-(?P<digest>[0-9a-f]{1,64})\.css$", views.portal_css, name="portal_css"),
    re_path(
        r"^(?P<bundle>agir|comptoir)-(?P<digest>[0-9a-f]{1,64})\.css$", views.bundle_css, name="bundle_css"
    ),
    path("robots.txt", views.robots, name="robots"),
    path("media/<path:path>", views.media, name="media"),
]
