from django.urls import path

from shop.views import cart, catalogue, checkout, downloads, feeds, orders, receipts

app_name = "shop"

urlpatterns = [
    path("boutique/", catalogue.catalogue, name="catalogue"),
    path("boutique/<slug:merchant_slug>/<slug:product_slug>/", catalogue.product, name="product"),
    path("flux/produits.xml", feeds.of_portal, name="feed"),
    path("flux/<slug:merchant_slug>/produits.xml", feeds.of_merchant, name="merchant_feed"),
    path("panier/", cart.cart, name="cart"),
    path("panier/ajouter/", cart.cart_add, name="cart_add"),
    path("panier/code/", cart.cart_code, name="cart_code"),
    path("panier/<int:item_id>/", cart.cart_update, name="cart_update"),
    path("paiement/", checkout.checkout, name="checkout"),
    path("paiement/retour/<str:token>/", checkout.checkout_return, name="checkout_return"),
    path("paiement/abandon/<str:token>/", checkout.checkout_cancel, name="checkout_cancel"),
    path("commande/<str:token>/", orders.order, name="order"),
    path("commande/fichier/<str:token>/", downloads.download, name="download"),
    path("commande/<str:token>/annuler/<slug:number>/", orders.order_cancel, name="order_cancel"),
    path("commande/<str:token>/recu/<slug:number>/", receipts.receipt, name="receipt"),
    path("commande/<str:token>/recu/<slug:number>.pdf", receipts.receipt_pdf, name="receipt_pdf"),
]
