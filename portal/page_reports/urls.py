"""/signaler/: a word about a page that nobody has claimed."""

from django.urls import path

from portal.page_reports import views

app_name = "page_report"

urlpatterns = [
    path("<slug:merchant_slug>/", views.tell, name="tell"),
    path("<slug:merchant_slug>/merci/", views.thanks, name="thanks"),
]
