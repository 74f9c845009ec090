"""« C’est mon commerce »: who asks for a page that nobody has, shows that it is theirs, and is answered.

Somebody who is signed in sees what stands in the way of their own claim alone. A page that somebody has is said to be
so; whoever works there, or does not agree, leaves words and a number, and is called.
"""

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from phonenumber_field.formfields import PhoneNumberField

from directory import claims, registrations
from directory.claims import AlreadyClaimed, CodeOver, NoSuchWay, TooMany
from directory.enums import ClaimProof, ClaimStatus
from directory.models import Claim, Merchant, Registration
from directory.sent_registrations import owns
from home.tenancy import site_for
from portal.joining import letters
from portal.joining.entrance import JoinForm
from portal.merchant_space.form_fields import DeskForm

MOST_POSTS = gettext_lazy(
    "Trop d’essais de suite d’ici. Attendez une heure, ou appelez-nous\u00a0: on règle ça ensemble."
)


class CodeForm(DeskForm):
    code = forms.CharField(
        label=gettext_lazy("Le code"),
        max_length=20,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Écrivez les huit chiffres du code.")},
    )


class WordsForm(DeskForm):
    """What somebody says of a page that another has, and where to call back."""

    words = forms.CharField(
        label=gettext_lazy("Qu’en est-il?"),
        max_length=1500,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy(
            "Vous y travaillez et voulez rejoindre l’équipe? Ce commerce est le vôtre? Dites-le simplement."
        ),
        error_messages={
            "required": gettext_lazy("Dites en quelques mots ce qu’il en est."),
            "max_length": gettext_lazy("Plus court\u00a0: 1\u00a0500 caractères au plus."),
        },
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Où vous rappeler"),
        region="CA",
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": gettext_lazy("Écrivez dix chiffres, comme 418 555-0123."),
            "invalid": gettext_lazy("Écrivez dix chiffres, comme 418 555-0123."),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    merchant, mine = _merchant_or_404(request, merchant_slug)
    if not request.user.is_authenticated:
        return _page(request, merchant, None, email_form=JoinForm())
    if owns(merchant, request.user):
        return _owned(request, merchant)
    if request.method != "POST":
        return _page(request, merchant, mine)
    if not ratelimit.consume(request, action="claim"):
        return _page(request, merchant, mine, problem=MOST_POSTS, status=429)
    act = ACTS.get(request.POST.get("acte", ""))
    if act is None:
        raise Http404
    return act(request, merchant, mine)


def _merchant_or_404(request: HttpRequest, slug: str) -> tuple[Merchant, Claim | None]:
    """A merchant that shoppers see, or that this person asked for or has; and this person's open claim to it."""
    merchants = Merchant.objects.filter(suspended_at=None, removed_at=None, slug=slug)
    merchant: Merchant | None = merchants.select_related("category", "sector", "site").first()
    if merchant is None:
        raise Http404
    mine = claims.open_claim(merchant, request.user) if request.user.is_authenticated else None
    is_known = mine is not None or (request.user.is_authenticated and owns(merchant, request.user))
    if not is_known and not Merchant.objects.visible().filter(pk=merchant.pk).exists():
        raise Http404
    return merchant, mine


def _page(
    request: HttpRequest, merchant: Merchant, mine: Claim | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    now = timezone.now()
    context = {
        "merchant": merchant,
        "claim": mine,
        "is_proved": mine is not None and mine.status == ClaimStatus.PROVED,
        "way": claims.way_of(mine) if mine else None,
        "can_try": claims.can_try(mine, now) if mine else False,
        "tries_left": claims.MOST_TRIES - mine.code_tries if mine else 0,
        "masked": masked(merchant.email),
        "code_form": CodeForm(),
        "words_form": WordsForm(initial={"words": mine.words, "phone": mine.phone} if mine else None),
        "was_heard": mine is not None and bool(mine.words),
        REDIRECT_FIELD_NAME: request.path,
        **more,
    }
    return render(request, "portal/joining/claim.html", context, status=status)


def masked(email: str) -> str:
    """« i•••@f•••.example »: enough to know one's own address again, and no more."""
    name, at, host = email.partition("@")
    if not at or not name or not host:
        return ""
    first, dot, ending = host.rpartition(".")
    return f"{name[0]}•••@{(first or ending)[0]}•••{dot}{ending if dot else ''}"


# ------------------------------------------------------------------------------------------------ the acts


def _start(request: HttpRequest, merchant: Merchant) -> Claim | HttpResponse:
    """This person's claim, or the page that says why there is none."""
    try:
        return claims.begin(merchant, user=request.user, now=timezone.now())
    except AlreadyClaimed:
        return redirect("joining:claim", merchant_slug=merchant.slug)
    except TooMany:
        words = _("Vous avez déjà plusieurs demandes en cours\u00a0: appelez-nous, on les règle ensemble.")
        return _page(request, merchant, None, problem=words, status=429)


def _by_code(request: HttpRequest, merchant: Merchant, mine: Claim | None) -> HttpResponse:
    """To the public address, by the public telephone, or by post."""
    try:
        proof = ClaimProof(request.POST.get("preuve", ""))
    except ValueError:
        raise Http404 from None
    claim = _start(request, merchant)
    if isinstance(claim, HttpResponse) or claim.status == ClaimStatus.PROVED:
        return _told_proved(request, claim)
    try:
        _ask(request, claim, proof)
    except NoSuchWay:
        raise Http404 from None
    except TooMany:
        words = _(
            "Assez de codes pour aujourd’hui par ce chemin. Le téléphone, la lettre et la Chambre restent ouverts."
        )
        return _page(request, merchant, claim, problem=words, status=429)
    except (SMTPException, OSError):
        words = _("Le courriel ne part pas en ce moment\u00a0: réessayez, ou choisissez un autre chemin.")
        return _page(request, merchant, claim, problem=words, status=503)
    return redirect("joining:claim", merchant_slug=merchant.slug)


@transaction.atomic
def _ask(request: HttpRequest, claim: Claim, proof: ClaimProof) -> None:
    """Raises NoSuchWay, TooMany, and what the mail server raises: then no code was made."""
    now = timezone.now()
    if proof == ClaimProof.EMAIL:
        code = claims.make_code(claim, proof, by_id=_pk(request), now=now)
        letters.post_code(claim, code)
        messages.success(request, _("Le code est parti au courriel du commerce."))
        return
    claims.ask_for(claim, proof, now=now)
    claim.refresh_from_db()
    letters.tell_staff_of_claim(claim, now=now)


def _pk(request: HttpRequest) -> int:
    if request.user.pk is None:
        raise Http404
    return request.user.pk


def _told_proved(request: HttpRequest, claim: Claim | HttpResponse) -> HttpResponse:
    if isinstance(claim, HttpResponse):
        return claim
    letters.tell_staff_of_claim(claim, now=timezone.now())
    return redirect("joining:claim", merchant_slug=claim.merchant.slug)


def _typed(request: HttpRequest, merchant: Merchant, mine: Claim | None) -> HttpResponse:
    """A code: right, wrong with what is left, or no more good."""
    if mine is None:
        return redirect("joining:claim", merchant_slug=merchant.slug)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, merchant, mine, code_form=form, status=422)
    try:
        is_right = claims.try_code(mine, form.cleaned_data["code"], now=timezone.now())
    except CodeOver:
        words = _(
            "Ce code ne vaut plus\u00a0: il a eu ses cinq essais, ou son temps est passé. Demandez-en un autre."
        )
        return _page(request, merchant, mine, problem=words, status=422)
    mine.refresh_from_db()
    if is_right:
        return _told_proved(request, mine)
    form.add_error("code", _("Ce n’est pas ce code. Regardez bien les huit chiffres."))
    return _page(request, merchant, mine, code_form=form, status=422)


def _said(request: HttpRequest, merchant: Merchant, mine: Claim | None) -> HttpResponse:
    """Words for the Chamber, of who works there, does not agree, or can show nothing else."""
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, merchant, mine, words_form=form, status=422)
    phone, words = form.cleaned_data["phone"].as_e164, form.cleaned_data["words"]
    try:
        with transaction.atomic():
            claim = claims.contest(merchant, user=request.user, phone=phone, words=words)
            letters.tell_staff_of_claim(claim, now=timezone.now())
    except TooMany:
        told = _("Vous avez déjà plusieurs demandes en cours\u00a0: appelez-nous, on les règle ensemble.")
        return _page(request, merchant, mine, problem=told, status=429)
    messages.success(request, _("C’est noté\u00a0: une personne de la Chambre vous rappelle."))
    return redirect("joining:claim", merchant_slug=merchant.slug)


def _taken_back(request: HttpRequest, merchant: Merchant, mine: Claim | None) -> HttpResponse:
    if mine is not None and claims.withdraw(mine, by=request.user, now=timezone.now()):
        messages.success(request, _("Votre demande est retirée."))
    return redirect("joining:claim", merchant_slug=merchant.slug)


def _prepared(request: HttpRequest, merchant: Merchant, mine: Claim | None) -> HttpResponse:
    """The questions, while the answer to the claim is awaited."""
    if mine is None or mine.status != ClaimStatus.PROVED:
        return redirect("joining:claim", merchant_slug=merchant.slug)
    return redirect("joining:registration", registration_pk=_begun(request, merchant).pk)


def _owned(request: HttpRequest, merchant: Merchant) -> HttpResponse:
    """The page is this person's: to be completed question by question, or straight to its desk."""
    if request.method == "POST" and request.POST.get("acte") == "preparer":
        return redirect("joining:registration", registration_pk=_begun(request, merchant).pk)
    done = Registration.objects.filter(merchant=merchant, sent_at__isnull=False).exists()
    return _page(request, merchant, None, is_owner=True, is_done=done)


@transaction.atomic
def _begun(request: HttpRequest, merchant: Merchant) -> Registration:
    now = timezone.now()
    row = registrations.begin(site_for(request), user=request.user, merchant=merchant, now=now)
    letters.send_link(row, now=now)
    return row


ACTS: dict[str, Callable[[HttpRequest, Merchant, Claim | None], HttpResponse]] = {
    "prouver": _by_code,
    "code": _typed,
    "dire": _said,
    "retirer": _taken_back,
    "preparer": _prepared,
}
