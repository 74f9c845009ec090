"""The audit trail as people read it: which lines are for whom, and each act in plain words."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from directory.models import Merchant
from home.models import AuditEntry, PortalRole

MONEY = (
    "checkout", "debt", "dispute", "effect", "event", "export", "ledger", "order", "payout", "plan", "refund",
    "transfer",
)  # fmt: skip
"""What the Chamber never looks at."""
PEOPLE = ("data", "invitation", "staff", "user")
"""Who works for the portal, and what was done with somebody's data: for the Journal's direction."""

CHAMBERS_OWN = ("follow_up", "note", "merchant_document")
"""How the Chamber follows a merchant: its people never learn of it, not even that there is something."""

WORDS: dict[str, Any] = {
    "callback.asked": gettext_lazy("a demandé à être rappelé"),
    "callback.done": gettext_lazy("a rappelé le commerce"),
    "agreement.accepted": gettext_lazy("a accepté le contrat du portail"),
    "checkout.synced": gettext_lazy("a redemandé à Stripe où en est un paiement"),
    "claim.approve": gettext_lazy("a remis une page à son commerce"),
    "claim.begin": gettext_lazy("a dit «\u00a0c’est mon commerce\u00a0»"),
    "claim.code": gettext_lazy("a fait faire un code de preuve"),
    "claim.contest": gettext_lazy("a demandé à être entendue au sujet d’une page"),
    "claim.prove": gettext_lazy("a prouvé que la page est la sienne"),
    "claim.refuse": gettext_lazy("a répondu non à «\u00a0c’est mon commerce\u00a0»"),
    "claim.withdraw": gettext_lazy("a retiré sa demande de page"),
    "consent.withdrawn": gettext_lazy("a repris un consentement"),
    "data.erased": gettext_lazy("a fait effacer ses renseignements"),
    "data.exported": gettext_lazy("a téléchargé ses renseignements"),
    "debt.settled_by_hand": gettext_lazy("a réglé une dette à la main"),
    "departure.closed": gettext_lazy("un départ est devenu définitif"),
    "departure.left": gettext_lazy("a dit que le commerce part"),
    "departure.undone": gettext_lazy("a remis le commerce comme avant son départ"),
    "dispute.answered": gettext_lazy("a répondu à une contestation"),
    "effect.retried": gettext_lazy("a relancé un envoi"),
    "event.retried": gettext_lazy("a relancé un événement de Stripe"),
    "export": gettext_lazy("a exporté une liste"),
    "follow_up.assigned": gettext_lazy("a changé qui suit le commerce"),
    "follow_up.called": gettext_lazy("a appelé le commerce"),
    "follow_up.done": gettext_lazy("a fait le prochain geste du suivi"),
    "follow_up.exported": gettext_lazy("a exporté la liste des commerces"),
    "follow_up.figures_exported": gettext_lazy("a exporté un tableau du suivi des inscriptions"),
    "follow_up.imported": gettext_lazy("a rapporté le suivi d’un fichier Excel"),
    "follow_up.next_act": gettext_lazy("a changé le prochain geste du suivi"),
    "follow_up.printed": gettext_lazy("a imprimé des lettres d’invitation"),
    "follow_up.put_off": gettext_lazy("a remis un appel à plus tard"),
    "help.asked": gettext_lazy("a proposé l’aide de la Chambre"),
    "help.began": gettext_lazy("est entrée dans les écrans du commerce pour l’aider"),
    "help.consented": gettext_lazy("a accepté l’aide de la Chambre"),
    "help.ended": gettext_lazy("a mis fin à l’accord d’aide"),
    "help.left": gettext_lazy("a quitté les écrans du commerce"),
    "hours.date": gettext_lazy("a changé l’horaire d’une journée"),
    "hours.week": gettext_lazy("a changé les heures d’ouverture"),
    "import.done": gettext_lazy("a importé une liste de commerces"),
    "import.dropped": gettext_lazy("a abandonné une liste de commerces"),
    "import.received": gettext_lazy("a donné une liste de commerces"),
    "import.refused": gettext_lazy("a donné une liste de commerces qui ne se lit pas"),
    "import.started": gettext_lazy("a lancé l’importation d’une liste de commerces"),
    "incident.changed": gettext_lazy("a complété un incident de confidentialité"),
    "incident.recorded": gettext_lazy("a inscrit un incident de confidentialité"),
    "invitation.accept": gettext_lazy("a accepté une invitation"),
    "invitation.resend": gettext_lazy("a renvoyé une invitation"),
    "invitation.revoke": gettext_lazy("a retiré une invitation"),
    "invitation.send": gettext_lazy("a invité quelqu’un"),
    "ledger.export": gettext_lazy("a téléchargé le grand livre"),
    "mail.refused": gettext_lazy("une adresse ne veut plus de lettres"),
    "newsletter.confirmed": gettext_lazy("une adresse a confirmé son abonnement"),
    "newsletter.exported": gettext_lazy("a téléchargé la liste des adresses abonnées"),
    "newsletter.left": gettext_lazy("une adresse s’est désabonnée"),
    "newsletter.moved": gettext_lazy("une adresse abonnée a changé"),
    "newsletter.scheduled": gettext_lazy("a demandé l’envoi d’une lettre"),
    "newsletter.set_aside": gettext_lazy("a mis une adresse abonnée de côté, ou l’a remise"),
    "newsletter.stopped": gettext_lazy("a arrêté l’envoi d’une lettre"),
    "membership.remove": gettext_lazy("a retiré quelqu’un de l’équipe"),
    "membership.set_role": gettext_lazy("a changé un rôle dans l’équipe"),
    "merchant.still_true": gettext_lazy("a confirmé que sa page est encore vraie"),
    "merchant_document.added": gettext_lazy("a ajouté un document au dossier"),
    "merchant_document.read": gettext_lazy("a ouvert un document du dossier"),
    "merchant_document.removed": gettext_lazy("a retiré un document du dossier"),
    "merchant.contact": gettext_lazy("a changé les coordonnées"),
    "merchant.removed": gettext_lazy("a retiré une fiche à la demande du commerce"),
    "merchant.restored": gettext_lazy("a rouvert un commerce"),
    "merchant.suspended": gettext_lazy("a suspendu un commerce"),
    "merchant.trusted": gettext_lazy("a donné sa confiance à un commerce"),
    "merchant.untrusted": gettext_lazy("a retiré sa confiance à un commerce"),
    "note.written": gettext_lazy("a écrit une note au dossier"),
    "order.canceled_by_shopper": gettext_lazy("commande annulée par la personne qui l’a passée"),
    "order.fulfilled": gettext_lazy("a remis une commande"),
    "order.paid": gettext_lazy("a remis une commande à préparer"),
    "order.ready": gettext_lazy("a préparé une commande"),
    "order.refund": gettext_lazy("a remboursé une commande"),
    "order.refund_requested": gettext_lazy("a remboursé une commande"),
    "own_site.asked": gettext_lazy("a demandé qu’on lise le site du commerce"),
    "own_site.taken": gettext_lazy("a repris ce que dit le site du commerce"),
    "package.asked": gettext_lazy("a demandé tout ce que le commerce a ici"),
    "package.made": gettext_lazy("le fichier à emporter est prêt"),
    "package.taken": gettext_lazy("a téléchargé tout ce que le commerce a ici"),
    "page_report.settled": gettext_lazy("a répondu à un signalement du public"),
    "page.approved": gettext_lazy("a approuvé une page de commerce"),
    "page.edited": gettext_lazy("a changé la page du commerce"),
    "page.published": gettext_lazy("a publié la page du commerce sans attendre"),
    "page.refused": gettext_lazy("a demandé un changement à une page de commerce"),
    "page.sent": gettext_lazy("a envoyé la page du commerce au Journal"),
    "page.withdrawn": gettext_lazy("a retiré sa demande au Journal"),
    "photo.add": gettext_lazy("a ajouté une photo"),
    "photo.first": gettext_lazy("a choisi la première photo"),
    "photo.remove": gettext_lazy("a retiré une photo"),
    "plan.changed": gettext_lazy("a changé d’option payante"),
    "plan.chosen": gettext_lazy("a choisi une option"),
    "plan.ends": gettext_lazy("a demandé la fin de son abonnement"),
    "plan.fell": gettext_lazy("a vu son option revenir à la fiche gratuite"),
    "plan.free_until": gettext_lazy("a changé la période gratuite d’un commerce"),
    "plan.goes_on": gettext_lazy("a repris son abonnement avant sa fin"),
    "plan.price": gettext_lazy("a changé un forfait"),
    "plan.rose": gettext_lazy("a retrouvé son option"),
    "plan.stays_free": gettext_lazy("a choisi de rester gratuit"),
    "portal_redirects.kept": gettext_lazy("a enregistré une redirection"),
    "portal_redirects.removed": gettext_lazy("a retiré une redirection"),
    "poster.printed": gettext_lazy("a pris l’affiche de la vitrine"),
    "product.change": gettext_lazy("a changé un produit"),
    "product.copy": gettext_lazy("a copié un produit"),
    "product.create": gettext_lazy("a ajouté un produit"),
    "product.hide": gettext_lazy("a caché un produit"),
    "product.publish": gettext_lazy("a mis un produit en vente"),
    "product.still_true": gettext_lazy("a confirmé que c’est toujours en vente"),
    "product.word_allowed": gettext_lazy("a permis un mot dans un produit"),
    "product.word_forbidden": gettext_lazy("a retiré une permission donnée à un produit"),
    "proposal.approved": gettext_lazy("a approuvé ce qui était préparé pour le commerce"),
    "proposal.begun": gettext_lazy("a commencé une proposition pour le commerce"),
    "proposal.changes_asked": gettext_lazy("a demandé un changement à ce qui était préparé"),
    "proposal.reopened": gettext_lazy("a repris une proposition déjà envoyée"),
    "proposal.sent": gettext_lazy("a envoyé une proposition au commerce"),
    "proposal.withdrawn": gettext_lazy("a retiré une proposition"),
    "rate.add": gettext_lazy("a ajouté un tarif d’envoi"),
    "rate.change": gettext_lazy("a changé un tarif d’envoi"),
    "rate.remove": gettext_lazy("a retiré un tarif d’envoi"),
    "rate.restore": gettext_lazy("a remis un tarif d’envoi"),
    "refund.asked_again": gettext_lazy("a redemandé un remboursement"),
    "refund.closed_by_hand": gettext_lazy("a fermé un remboursement réglé à la main"),
    "registration.approve": gettext_lazy("a accepté une inscription"),
    "registration.begin": gettext_lazy("a commencé une inscription"),
    "registration.give_up": gettext_lazy("a abandonné une inscription"),
    "registration.invite": gettext_lazy("a invité un commerce à s’inscrire"),
    "registration.refuse": gettext_lazy("a demandé une correction à une inscription"),
    "registration.revoke": gettext_lazy("a repris une invitation à s’inscrire"),
    "registration.send": gettext_lazy("a envoyé son inscription"),
    "registration.send_again": gettext_lazy("a renvoyé son inscription, corrigée"),
    "registration.take_up": gettext_lazy("a répondu à une invitation à s’inscrire"),
    "results.resumed": gettext_lazy("reçoit de nouveau la lettre de ses résultats"),
    "results.stopped": gettext_lazy("ne veut plus la lettre de ses résultats"),
    "search_picks.kept": gettext_lazy("a enregistré un coup de pouce à la recherche"),
    "impact_money.kept": gettext_lazy("a inscrit une somme d’argent public"),
    "impact_money.removed": gettext_lazy("a retiré une somme d’argent public"),
    "impact_quotes.kept": gettext_lazy("a enregistré une parole de commerce pour le bilan"),
    "impact_quotes.removed": gettext_lazy("a retiré une parole de commerce du bilan"),
    "impact_share.kept": gettext_lazy("a inscrit la part qui reste dans la région"),
    "impact_share.removed": gettext_lazy("a retiré la part qui reste dans la région"),
    "search_synonyms.kept": gettext_lazy("a enregistré un synonyme de la recherche"),
    "search_synonyms.removed": gettext_lazy("a retiré un synonyme de la recherche"),
    "search_picks.removed": gettext_lazy("a retiré un coup de pouce à la recherche"),
    "shop.pickup": gettext_lazy("a changé la cueillette"),
    "payout.account_asked": gettext_lazy("est allée ouvrir le compte de versement chez Stripe"),
    "permit.keep": gettext_lazy("a inscrit un permis d’alcool"),
    "permit.remove": gettext_lazy("a retiré un permis d’alcool"),
    "product.file": gettext_lazy("a changé le fichier à télécharger d’un produit"),
    "tax_number.state": gettext_lazy("a changé un numéro de taxe"),
    "shop.returns": gettext_lazy("a changé les retours et l’annulation"),
    "shop.feed": gettext_lazy("a changé la place de ses produits dans les flux"),
    "staff.withdraw": gettext_lazy("a retiré un rôle dans l’équipe du portail"),
    "stock.count": gettext_lazy("a changé une quantité en stock"),
    "transfer.sent_again": gettext_lazy("a relancé un virement"),
    "user.add_factor": gettext_lazy("a ajouté une façon d’entrer dans son compte"),
    "user.change_email": gettext_lazy("a changé son courriel"),
    "user.change_password": gettext_lazy("a changé son mot de passe"),
    "user.edit": gettext_lazy("a changé le compte de quelqu’un"),
    "user.end_sessions": gettext_lazy("a fermé ses autres sessions"),
    "user.remove_factor": gettext_lazy("a retiré une façon d’entrer dans son compte"),
    "user.renew_factor": gettext_lazy("a refait ses codes de secours"),
    "user.reset_password": gettext_lazy("a choisi un nouveau mot de passe"),
    "user.sign_in": gettext_lazy("est entrée avec son compte"),
    "vacation.leave": gettext_lazy("a noté des vacances"),
    "vacation.return": gettext_lazy("est de retour de vacances"),
    "vacation.undo": gettext_lazy("a annulé un changement de vacances"),
    "variant.add": gettext_lazy("a ajouté un format"),
    "variant.change": gettext_lazy("a changé un format"),
    "variant.offer": gettext_lazy("a remis ou retiré un format"),
    "zone.add": gettext_lazy("a ajouté un secteur de livraison"),
    "zone.change": gettext_lazy("a changé un secteur de livraison"),
    "zone.remove": gettext_lazy("a retiré un secteur de livraison"),
    "zone.restore": gettext_lazy("a remis un secteur de livraison"),
}
"""After the name of who did it."""


def seen_by(roles: Iterable[str]) -> QuerySet[AuditEntry]:
    """Of the portal in scope, newest first, what these roles of its staff may read; the City reads none of it."""
    entries: QuerySet[AuditEntry] = AuditEntry.objects.select_related("actor", "on_behalf_of", "merchant")
    held = set(roles)
    if PortalRole.MANAGER in held:
        return entries
    if PortalRole.EDITOR in held:
        return entries.exclude(_about(PEOPLE))
    if PortalRole.ADVISER in held:
        return entries.filter(merchant__isnull=False).exclude(_about(MONEY)).exclude(_about(PEOPLE))
    return entries.none()


def of_merchant(merchant: Merchant) -> QuerySet[AuditEntry]:
    """What was done about a merchant or in its name, newest first, as its owner may read it."""
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(Q(merchant=merchant) | Q(on_behalf_of=merchant))
    return entries.exclude(_about(CHAMBERS_OWN)).select_related("actor", "on_behalf_of")


def _about(nouns: tuple[str, ...]) -> Q:
    condition = Q()
    for noun in nouns:
        condition |= Q(action=noun) | Q(action__startswith=f"{noun}.")
    return condition


def words_of(entry: AuditEntry) -> str:
    """What was done, to stand after who did it. An act without words yet shows its own name."""
    return str(WORDS.get(entry.action, entry.action))


def changes_of(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """What differs: name, before, after; an empty side is None."""
    names = {**entry.before, **entry.after}
    both = ((name, entry.before.get(name), entry.after.get(name)) for name in names)
    return [(name, before, after) for name, before, after in both if before != after]
