"""What the three options cost in the portal, and a merchant's own free period: for the Journal's manager.

A new price is for those who subscribe from then on. What was free does not become due overnight: where an option gets
its first price, the free period still has a month to run.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory import tiers
from directory.entitlements import entitlement
from directory.enums import Tier
from directory.models import Merchant, Plan
from home import audit
from home.models import PortalRole, PortalSettings
from home.tenancy import current_site_id, unjoined
from portal.merchant_space.plan_words import BENEFITS, TITLES, day_words, standing_words
from portal.staff_desk.rights import for_roles, has_role
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL
from shop.models import PlanInvoice, StaysFree
from shop.payments.plans import standing
from shop.plan_facts import subscription_of

LEAST_NOTICE = timedelta(days=30)
PRICED = (Tier.LINKED_SHOP, Tier.TRANSACTIONAL)
INVOICES_SHOWN = 12


class PlansForm(forms.Form):
    """The prices of the two options that may cost, and what each of the three brings."""

    def __init__(self, data: Any = None) -> None:
        self.plans = {Tier(plan.tier): plan for plan in Plan.objects.all()}
        super().__init__(data, label_suffix="")
        for tier in Tier:
            if tier in PRICED:
                self.fields[f"price_{tier}"] = self._price(tier)
            self.fields[f"benefits_{tier}"] = self._benefits(tier)

    def _price(self, tier: Tier) -> forms.Field:
        plan = self.plans.get(tier)
        return forms.DecimalField(
            label=_("%s\u00a0: prix par mois, en dollars, avant taxes") % TITLES[tier],
            help_text=_("0\u00a0: gratuit. Un nouveau prix vaut pour les prochains abonnements seulement."),
            min_value=0,
            max_value=500,
            max_digits=5,
            decimal_places=2,
            localize=True,
            initial=Decimal(plan.monthly_price_cents if plan else 0).scaleb(-2),
            error_messages={
                "required": _("Écrivez un prix, ou 0 si c’est gratuit."),
                "invalid": _("Écrivez un montant, comme 39 ou 39,50."),
                "min_value": _("Un prix n’est jamais négatif\u00a0: 0 si c’est gratuit."),
                "max_value": _("500\u00a0$ par mois au plus."),
                "max_decimal_places": _("Deux chiffres après la virgule au plus."),
                "max_digits": _("500\u00a0$ par mois au plus."),
                "max_whole_digits": _("500\u00a0$ par mois au plus."),
            },
        )

    def _benefits(self, tier: Tier) -> forms.Field:
        plan = self.plans.get(tier)
        return forms.CharField(
            label=_("%s\u00a0: ce que l’option apporte") % TITLES[tier],
            help_text=_("Un avantage par ligne. Vide\u00a0: nos mots, «\u00a0%s\u00a0»…") % BENEFITS[tier][0],
            required=False,
            max_length=1000,
            widget=forms.Textarea({"rows": 3}),
            initial=plan.benefits if plan else "",
            error_messages={"max_length": _("Plus court\u00a0: 1000 caractères au plus.")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for tier in PRICED:
            self._refuse_overnight(tier, cleaned.get(f"price_{tier}"))
        return cleaned

    def _refuse_overnight(self, tier: Tier, price: Decimal | None) -> None:
        known = self.plans.get(tier)
        until = PortalSettings.objects.values_list("free_until", flat=True).get(site=current_site_id())
        is_new = bool(price) and not (known and known.monthly_price_cents)
        if is_new and until is not None and until < timezone.localdate() + LEAST_NOTICE:
            words = _(
                "C’était gratuit\u00a0: ce serait à payer dès le %s. Repoussez d’abord, dans les réglages du portail, "
                "la fin de la période gratuite à un mois d’ici au moins."
            )
            self.add_error(f"price_{tier}", words % day_words(max(until, timezone.localdate())))

    def rows(self) -> Iterator[tuple[Tier, int, str]]:
        """Of each option: cents a month, and its benefits."""
        for tier in Tier:
            price = self.cleaned_data.get(f"price_{tier}") or Decimal(0)
            yield tier, int(price * 100), self.cleaned_data[f"benefits_{tier}"].strip()


class FreePeriodForm(forms.Form):
    free_until = forms.DateField(
        label=gettext_lazy("Gratuit jusqu’au (compris), pour ce commerce"),
        help_text=gettext_lazy("Vide\u00a0: comme tout le portail."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Écrivez une date, comme 2027-04-30.")},
    )

    def clean_free_until(self) -> date | None:
        day: date | None = self.cleaned_data["free_until"]
        if day is not None and day.year > timezone.localdate().year + 5:
            raise ValidationError(_("Cinq ans au plus."))
        return day


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(PortalRole.MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    form = PlansForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _keep(request, form)
        messages.success(request, _("C’est enregistré. Les abonnements en cours gardent leur prix."))
        return redirect("plans:index")
    settings = PortalSettings.for_request(request)
    return screen(
        request,
        "plans",
        _("Forfaits"),
        status=422 if form.errors else 200,
        form=form,
        free_day=day_words(settings.free_until),
        settings_url=reverse("wagtailsettings:edit", args=["home", "portalsettings", current_site_id()]),
    )


@transaction.atomic
def _keep(request: HttpRequest, form: PlansForm) -> None:
    for tier, cents, benefits in form.rows():
        row, _made = Plan.objects.get_or_create(tier=tier, site_id=current_site_id())
        before = {"monthly_price_cents": row.monthly_price_cents, "benefits": row.benefits}
        after = {"monthly_price_cents": cents, "benefits": benefits}
        if before != after:
            row.monthly_price_cents, row.benefits = cents, benefits
            row.save(update_fields=list(after))
            audit.note("plan.price", row, actor_id=request.user.pk, before=before, after=after)
    for merchant in Merchant.objects.exclude(chosen_tier=""):  # What became free comes back at once.
        standing.settle(merchant, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*JOURNAL)
def of_merchant(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """What a merchant pays and has; its own free period is the manager's to set."""
    merchant: Merchant = get_object_or_404(Merchant.objects.select_related("site"), pk=merchant_pk)
    is_manager = has_role(request.user, PortalRole.MANAGER)
    if request.method == "POST" and not is_manager:
        raise Http404
    form = FreePeriodForm(
        request.POST if request.method == "POST" else None,
        initial={"free_until": merchant.free_until},
        label_suffix="",
    )
    if form.is_bound and form.is_valid():
        _set_free_until(request, merchant, form.cleaned_data["free_until"])
        messages.success(request, _("C’est enregistré."))
        return redirect("plans:merchant", merchant_pk=merchant.pk)
    return _merchant_screen(request, merchant, form, is_manager=is_manager)


@transaction.atomic
def _set_free_until(request: HttpRequest, merchant: Merchant, day: date | None) -> None:
    tiers.lock(merchant)
    if merchant.free_until == day:
        return
    before, merchant.free_until = merchant.free_until, day
    unjoined(Merchant).filter(pk=merchant.pk).update(free_until=day)
    audit.note(
        "plan.free_until",
        merchant,
        actor_id=request.user.pk,
        merchant_id=merchant.pk,
        before={"free_until": before.isoformat() if before else ""},
        after={"free_until": day.isoformat() if day else ""},
    )
    standing.settle(merchant, now=timezone.now())


def _merchant_screen(
    request: HttpRequest, merchant: Merchant, form: FreePeriodForm, *, is_manager: bool
) -> HttpResponse:
    facts = tiers.facts_of(merchant)
    holds = entitlement(facts, now=timezone.now())
    stays_free = StaysFree.objects.filter(merchant=merchant).exists()
    return screen(
        request,
        "plan_of_merchant",
        _("Option de %s") % merchant.name,
        under=((reverse("merchant_file:file", args=[merchant.pk]), merchant.name),),
        status=422 if form.errors else 200,
        merchant=merchant,
        held=TITLES[holds.tier],
        lacks=TITLES[holds.lacks] if holds.lacks else "",
        standing=standing_words(holds, stays_free=stays_free),
        may_sell=holds.may_sell,
        free_day=day_words(facts.free_until),
        subscription=subscription_of(merchant.pk),
        invoices=PlanInvoice.objects.filter(merchant=merchant, total_cents__gt=0)[:INVOICES_SHOWN],
        form=form if is_manager else None,
    )


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("<int:merchant_pk>/", of_merchant, name="merchant"),
    ]
