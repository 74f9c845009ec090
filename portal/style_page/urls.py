from django.urls import path

from portal.style_page import views

app_name = "style_page"

urlpatterns = [path("style/", views.style_page, name="sheet")]
