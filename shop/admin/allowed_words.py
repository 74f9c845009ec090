"""« Mots à vérifier »: products that a word keeps from being shown, and the words that staff allowed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shop import allowances, catalogue
from shop.admin.pages import for_staff, page
from shop.admin.rights import may_move
from shop.allowances import Held
from shop.enums import ProductStatus
from shop.models import AllowedWord

TITLE = gettext_lazy("Mots à vérifier")
SHOWN = 100


class AllowForm(forms.Form):
    """Why a word of a product is nothing prohibited; which word, as it stood on the page."""

    word = forms.CharField(widget=forms.HiddenInput, max_length=60)
    reason = forms.CharField(
        label=gettext_lazy("Ce que c’est en fait"),
        min_length=5,
        max_length=200,
        help_text=gettext_lazy("Par exemple\u00a0: un jus de pomme. Restera écrit au registre."),
        error_messages={
            "required": gettext_lazy("Écrivez ce que c’est\u00a0: quelqu’un le demandera un jour."),
            "min_length": gettext_lazy("Écrivez-en un peu plus\u00a0: quelqu’un le demandera un jour."),
        },
    )


@require_http_methods(["GET", "POST"])
@for_staff(may_move)
def words(request: HttpRequest) -> HttpResponse:
    found = list(allowances.held())
    posted = next((item for item in found if _prefix(item) == request.POST.get("what")), None)
    if request.method == "POST" and posted is None:
        messages.warning(request, _("C’était déjà fait, ou le texte du produit a changé."))
        return redirect("money_desk:words")
    rows = [(item, _form(request, item, is_posted=item is posted)) for item in found[:SHOWN]]
    form = next((form for item, form in rows if item is posted), None)
    if posted and form and form.is_valid():
        _allow(request, posted, form.cleaned_data)
        return redirect("money_desk:words")
    allowed = AllowedWord.objects.select_related("product__merchant", "allowed_by")[:SHOWN]
    return page(
        request, "words", TITLE, rows=rows, hidden=len(found) - len(rows), allowed=allowed,
        status=422 if form else 200,
    )  # fmt: skip


def _prefix(item: Held) -> str:
    return f"{item.product.pk}-{item.ban.value}"


def _form(request: HttpRequest, item: Held, *, is_posted: bool) -> AllowForm:
    data = request.POST if is_posted else None
    return AllowForm(data, prefix=_prefix(item), initial={"word": item.word}, label_suffix="")


def _allow(request: HttpRequest, item: Held, said: dict[str, Any]) -> None:
    named = {"word": said["word"], "product": item.product.title}
    try:
        done = allowances.allow(
            item.product, said["word"], reason=said["reason"], actor_id=request.user.pk, now=timezone.now()
        )
    except allowances.NotHeld:
        done = False
    if done:
        told = _("«\u00a0%(word)s\u00a0» est permis pour %(product)s\u00a0: le commerce peut le publier.")
        messages.success(request, told % named)
    else:
        messages.warning(request, _("C’était déjà fait, ou le texte du produit a changé."))


@require_POST
@for_staff(may_move)
@transaction.atomic
def forbid_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The word holds the product again, which is hidden if it was shown."""
    row: AllowedWord = get_object_or_404(AllowedWord.objects.select_related("product"), pk=pk)
    product = row.product
    was_shown = product.status == ProductStatus.PUBLISHED
    if allowances.forbid(row, actor_id=request.user.pk) and was_shown and allowances.bans_on(product):
        catalogue.hide(product)
    messages.success(request, _("«\u00a0%(word)s\u00a0» n’est plus permis.") % {"word": row.word})
    return redirect("money_desk:words")
