"""allauth's screens, answering as ours do: kept out of caches, 422 with what to correct, 429 after too many tries."""

from typing import Any

from allauth.account import views as account_views
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage
from allauth.mfa.webauthn import views as webauthn_views
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.favourites import visitor


class Corrects:
    """Mixin: how a form that does not hold is answered."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            codes = {error.code for errors in form.errors.as_data().values() for error in errors}
            response.status_code = 429 if codes & {"too_many_login_attempts", "rate_limited"} else 422
        return response


def corrected(view: type[Any], **options: Any) -> Any:
    """The view function of allauth's class, with our way of answering."""
    ours: Any = type(view.__name__, (Corrects, view), {})
    return ours.as_view(**options)


class MayStartAnew:
    """Mixin: who waits for a code may sign in another way, or ask for another code, without waiting."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> Any:
        if stage.key != LoginByCodeStage.key:
            return super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]
        if request.method == "POST":
            clear_login(request)
        return None


class SignIn(Corrects, MayStartAnew, account_views.LoginView):
    pass


class AskForCode(Corrects, MayStartAnew, account_views.RequestLoginCodeView):
    pass


class SignOut(Corrects, account_views.LogoutView):
    """What the account keeps is no longer counted in this browser, which may be anybody's."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        visitor.forget(response)
        return response


class AddKey(Corrects, webauthn_views.AddWebAuthnView):
    """Every key opens the account by itself: it stays on the device and asks for a finger, a face or a PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if not context["form"].is_bound or context["form"].errors:
            context["js_data"] = {"creation_options": webauthn.begin_registration(self.request.user, True)}  # noqa: FBT003
        return context
