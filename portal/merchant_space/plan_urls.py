"""Addresses of « Mon option » and of the account that receives the money, behind the shop's slug."""

from django.urls import path

from portal.merchant_space import payout_account, plan, year_sheet

urlpatterns = [
    path("option/", plan.plan, name="plan"),
    path("option/choisir/", plan.plan_choose, name="plan_choose"),
    path("option/abonnement/", plan.plan_subscribe, name="plan_subscribe"),
    path("option/retour/", plan.plan_return, name="plan_return"),
    path("option/changer/", plan.plan_change, name="plan_change"),
    path("option/arret/", plan.plan_end, name="plan_end"),
    path("option/rester-gratuit/", plan.plan_stay_free, name="plan_stay_free"),
    path("option/paiement/", plan.plan_card, name="plan_card"),
    path("versements/compte/", payout_account.payout_account, name="payout_account"),
    path("versements/compte/retour/", payout_account.payout_account_return, name="payout_account_return"),
    path("versements/annee.csv", year_sheet.year_sheet, name="year_sheet"),
]
