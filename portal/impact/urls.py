"""/bilan/ and below."""

from django.urls import include, path

from portal.impact import views

urlpatterns = [path("bilan/", include((views.urls(), "impact")))]
