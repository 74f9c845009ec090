"""Below a merchant's own address: its hours, its products, how they reach people."""

from django.urls import path

from portal.merchant_space import (
    digital,
    hours,
    photos,
    products,
    settings,
    shelves,
    still_true,
    undoing,
    vacation,
    variants,
)

PRODUCT = "produits/<int:product_pk>/"

urlpatterns = [
    path("annuler/", undoing.take_back, name="undo"),
    path("heures/", hours.week, name="hours"),
    path("heures/aujourdhui/", hours.today, name="hours_today"),
    path("heures/dates/", hours.dates, name="hours_dates"),
    path("heures/dates/<slug:day>/", hours.date, name="hours_date"),
    path("heures/dates/<slug:day>/oublier/", hours.date_forget, name="hours_date_forget"),
    path("heures/feries/<slug:day>/", still_true.holiday, name="holiday"),
    path("encore-vrai/", still_true.confirm, name="still_true"),
    path("vacances/", vacation.vacation, name="vacation"),
    path("vacances/retour/", vacation.come_back, name="vacation_return"),
    path("coordonnees/", settings.contact, name="contact"),
    path("remise/", settings.remise, name="remise"),
    path("remise/cueillette/", settings.pickup, name="pickup"),
    path("remise/retours/", settings.returns, name="returns"),
    path("remise/flux/", settings.feed, name="feed"),
    path("remise/livraison/", settings.zones, name="zones"),
    path("remise/livraison/ajouter/", settings.zone, name="zone_add"),
    path("remise/livraison/<int:zone_pk>/", settings.zone, name="zone"),
    path("remise/livraison/<int:zone_pk>/retirer/", settings.zone_remove, name="zone_remove"),
    path("remise/poste/", settings.rates, name="rates"),
    path("remise/poste/ajouter/", settings.rate, name="rate_add"),
    path("remise/poste/<int:rate_pk>/", settings.rate, name="rate"),
    path("remise/poste/<int:rate_pk>/retirer/", settings.rate_remove, name="rate_remove"),
    path("produits/", products.products, name="products"),
    path("produits/encore-vrai/", shelves.still_sold, name="products_still_true"),
    path("produits/ajouter/", products.add, name="product_add"),
    path(PRODUCT, products.product, name="product"),
    path(f"{PRODUCT}textes/", products.product_texts, name="product_texts"),
    path(f"{PRODUCT}autres/", products.product_more, name="product_more"),
    path(f"{PRODUCT}fichier/", digital.product_file, name="product_file"),
    path(f"{PRODUCT}etat/", products.product_status, name="product_status"),
    path(f"{PRODUCT}copie/", products.product_copy, name="product_copy"),
    path(f"{PRODUCT}photos/", photos.product_photos, name="product_photos"),
    path(f"{PRODUCT}photos/<int:photo_pk>/", photos.photo_act, name="product_photo"),
    path(f"{PRODUCT}formats/ajouter/", variants.variant, name="variant_add"),
    path(f"{PRODUCT}formats/<int:variant_pk>/", variants.variant, name="variant"),
    path(f"{PRODUCT}formats/<int:variant_pk>/offre/", variants.variant_offer, name="variant_offer"),
    path("stock/<int:variant_pk>/", variants.stock_count, name="stock"),
]
