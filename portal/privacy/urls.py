from django.urls import path

from portal.privacy import views

app_name = "privacy"

urlpatterns = [
    path("confidentialite/", views.policy, name="policy"),
    path("compte/mes-renseignements/", views.my_data, name="my_data"),
    path("compte/mes-renseignements/json/", views.my_data_json, name="my_data_json"),
    path("compte/mes-renseignements/csv/", views.my_data_csv, name="my_data_csv"),
    path("compte/mes-renseignements/effacer/", views.erase, name="erase"),
    path(
        "compte/mes-renseignements/consentements/<int:pk>/reprendre/", views.withdraw_consent, name="withdraw"
    ),
]
