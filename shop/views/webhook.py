import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.exceptions import BadSignature
from shop.payments.webhooks import receive

logger = logging.getLogger(__name__)

MAX_BYTES = 512 * 1024


@csrf_exempt  # Stripe has no session here; its signature over the raw body is the proof.
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Store the event and answer; the worker applies it."""
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > MAX_BYTES:
        return HttpResponse(status=413)
    try:
        receive(request.body, request.headers.get("Stripe-Signature", ""), now=timezone.now())
    except BadSignature as error:
        logger.warning("webhook refused: %s", error)
        return HttpResponse(status=400)
    return HttpResponse(status=200)
