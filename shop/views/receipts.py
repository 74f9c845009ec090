"""The receipt and contract of one order, under its checkout's signed link: the page that was kept, or its PDF."""

import base64
import hashlib
import re

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from home import pdf
from shop import contracts
from shop.models import ContractCopy
from shop.tokens import checkout_for

PDF_KEPT_S = 600
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str, number: str) -> HttpResponse:
    return page_response(_copy_or_404(token, number))


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The same page as PDF; where none can be made, the page itself, which prints."""
    copy = _copy_or_404(token, number)
    if not pdf.can_print():
        return redirect("shop:receipt", token=token, number=number)
    return pdf_response(copy, number)


def page_response(copy: ContractCopy) -> HttpResponse:
    """The kept page, with the one style it carries let through by its hash, and nothing else."""
    response = HttpResponse(copy.html)
    style = _STYLE.search(copy.html)
    digest = base64.b64encode(hashlib.sha256((style[1] if style else "").encode()).digest()).decode()
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return _private(response)


def pdf_response(copy: ContractCopy, number: str) -> HttpResponse:
    """Made once in ten minutes: it takes a third of a second."""
    content = cache.get_or_set(f"receipt-pdf-{copy.pk}", lambda: pdf.pdf_of(copy.html), PDF_KEPT_S)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="recu-{number}.pdf"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _copy_or_404(token: str, number: str) -> ContractCopy:
    checkout = checkout_for(token)
    order = checkout and checkout.orders.select_related("checkout", "slot").filter(number=number).first()
    copy = contracts.copy_of(order, now=timezone.now()) if order else None
    if copy is None:
        raise Http404
    return copy
