from django.urls import include, path

from portal.joining import poster
from portal.merchant_space import (
    activity,
    helping,
    money,
    numbers,
    own_site,
    page,
    papers,
    refunds,
    results,
    team,
    views,
)

app_name = "merchant"

ORDER = "<slug:merchant_slug>/commandes/<slug:number>/"
PAGE = "<slug:merchant_slug>/page/"
PHOTO = f"{PAGE}galerie/<int:image_pk>/"

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:merchant_slug>/", views.home, name="home"),
    path("<slug:merchant_slug>/", include("portal.merchant_space.shelf_urls")),
    path("<slug:merchant_slug>/", include("portal.merchant_space.plan_urls")),
    path("<slug:merchant_slug>/", include("portal.leaving.urls")),
    path("<slug:merchant_slug>/aide/", helping.consent, name="help"),
    path("<slug:merchant_slug>/resultats/", results.results, name="results"),
    path("<slug:merchant_slug>/resultats/jours.csv", results.results_csv, name="results_csv"),
    path("<slug:merchant_slug>/resultats/lettre/", results.results_letter, name="results_letter"),
    path("<slug:merchant_slug>/activite/", activity.activity, name="activity"),
    path("<slug:merchant_slug>/equipe/", team.team, name="team"),
    path("<slug:merchant_slug>/equipe/<int:pk>/", team.member, name="team_member"),
    path("<slug:merchant_slug>/equipe/invitation/<int:pk>/", team.invitation_move, name="team_invitation"),
    path("<slug:merchant_slug>/liste-du-jour/", papers.pick_list, name="pick_list"),
    path("<slug:merchant_slug>/taxes/", numbers.numbers, name="numbers"),
    path("<slug:merchant_slug>/taxes/numeros/", numbers.taxes, name="taxes"),
    path("<slug:merchant_slug>/taxes/permis/", numbers.permit, name="permit"),
    path(
        "<slug:merchant_slug>/taxes/permis/<int:permit_pk>/retirer/",
        numbers.permit_remove,
        name="permit_remove",
    ),
    path("<slug:merchant_slug>/mon-site/", own_site.index, name="own_site"),
    path("<slug:merchant_slug>/mon-site/prendre/", own_site.taking, name="own_site_take"),
    path("<slug:merchant_slug>/mon-site/photo/<int:position>/", own_site.picture, name="own_site_picture"),
    path("<slug:merchant_slug>/affiche/", poster.poster, name="poster"),
    path("<slug:merchant_slug>/affiche/<slug:size>.pdf", poster.poster_pdf, name="poster_pdf"),
    path(PAGE, page.index, name="page"),
    path(f"{PAGE}textes/", page.text, name="page_text"),
    path(f"{PAGE}photo/", page.cover, name="page_cover"),
    path(f"{PAGE}personne/", page.person, name="page_person"),
    path(f"{PAGE}galerie/", page.gallery, name="page_gallery"),
    path(f"{PAGE}galerie/remettre/", page.gallery_undo, name="page_gallery_undo"),
    path(PHOTO, page.photo, name="page_photo"),
    path(f"{PHOTO}deplacer/", page.photo_move, name="page_photo_move"),
    path(f"{PHOTO}retirer/", page.photo_remove, name="page_photo_remove"),
    path(f"{PAGE}apercu/", page.preview, name="page_preview"),
    path(f"{PAGE}envoyer/", page.send, name="page_send"),
    path(f"{PAGE}retirer/", page.withdraw, name="page_withdraw"),
    path("<slug:merchant_slug>/versements/", money.payouts, name="payouts"),
    path("<slug:merchant_slug>/versements/grand-livre.csv", money.payouts_csv, name="payouts_csv"),
    path(ORDER, views.order, name="order"),
    path(f"{ORDER}etat/", views.order_move, name="order_move"),
    path(f"{ORDER}pas-prete/", views.order_undo, name="order_undo"),
    path(f"{ORDER}remboursement/", refunds.order_refund, name="order_refund"),
    path(f"{ORDER}bon/", papers.packing_slip, name="packing_slip"),
    path(f"{ORDER}recu/", papers.receipt, name="order_receipt"),
]
