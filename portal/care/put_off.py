"""« Plus tard », and « remettre dans ma liste »: what a merchant does not want to be reminded of."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from directory.models import TaskPutOff
from portal.care.tasks import keys_that_wait
from portal.merchant_space.access import desk_or_404

LATER, BACK = "plus-tard", "remettre"


@login_required
@require_POST
def put_off(request: HttpRequest, merchant_slug: str, task: str) -> HttpResponse:
    """Twice is once. What may not wait has no such address."""
    desk = desk_or_404(request, merchant_slug)
    act = request.POST.get("acte", "")
    if task not in keys_that_wait() or act not in {LATER, BACK}:
        raise Http404
    if act == LATER:
        TaskPutOff.objects.get_or_create(merchant=desk.merchant, task=task)
    else:
        TaskPutOff.objects.filter(merchant=desk.merchant, task=task).delete()
    return redirect("merchant:home", merchant_slug=desk.merchant.slug)
