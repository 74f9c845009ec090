from django.urls import path

from portal.merchant_space import activity, helping, money, papers, refunds, views

app_name = "merchant"

ORDER = "<slug:merchant_slug>/commandes/<slug:number>/"

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:merchant_slug>/", views.home, name="home"),
    path("<slug:merchant_slug>/aide/", helping.consent, name="help"),
    path("<slug:merchant_slug>/activite/", activity.activity, name="activity"),
    path("<slug:merchant_slug>/liste-du-jour/", papers.pick_list, name="pick_list"),
    path("<slug:merchant_slug>/versements/", money.payouts, name="payouts"),
    path("<slug:merchant_slug>/versements/grand-livre.csv", money.payouts_csv, name="payouts_csv"),
    path(ORDER, views.order, name="order"),
    path(f"{ORDER}etat/", views.order_move, name="order_move"),
    path(f"{ORDER}pas-prete/", views.order_undo, name="order_undo"),
    path(f"{ORDER}remboursement/", refunds.order_refund, name="order_refund"),
    path(f"{ORDER}bon/", papers.packing_slip, name="packing_slip"),
    path(f"{ORDER}recu/", papers.receipt, name="order_receipt"),
]
