"""The forms of signing in: allauth's, with our words, our labels and one password field rather than two."""

from dataclasses import dataclass, replace
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts import devices, limits


@dataclass(frozen=True, slots=True)
class Words:
    label: Any
    missing: Any
    widget: type[forms.Widget]
    autocomplete: str
    help: Any = ""
    inputmode: str = ""


EMAIL = Words(
    _("Courriel"),
    _("Écrivez votre courriel, comme marie@exemple.ca."),
    forms.EmailInput,
    "username",
    inputmode="email",
)
NEW_PASSWORD = Words(
    _("Nouveau mot de passe"),
    _("Écrivez le mot de passe que vous choisissez."),
    forms.PasswordInput,
    "new-password",
    help=_("Dix caractères ou plus. Une petite phrase se retient mieux qu’un mot compliqué."),
)
CODE = Words(
    _("Code reçu par courriel"),
    _("Écrivez le code reçu par courriel."),
    forms.TextInput,
    "one-time-code",
    inputmode="numeric",
)
SECOND_CODE = Words(
    _("Code de votre application"),
    _("Écrivez le code que montre votre application."),
    forms.TextInput,
    "one-time-code",
    help=_("Six chiffres, qui changent chaque demi-minute. Ou l’un de vos codes de secours."),
    inputmode="numeric",
)
WORDS: dict[str, Words] = {
    "login": EMAIL,
    "email": replace(EMAIL, autocomplete="email"),
    "password": Words(
        _("Mot de passe"), _("Écrivez votre mot de passe."), forms.PasswordInput, "current-password"
    ),
    "oldpassword": Words(
        _("Mot de passe actuel"),
        _("Écrivez votre mot de passe actuel."),
        forms.PasswordInput,
        "current-password",
    ),
    "password1": NEW_PASSWORD,
    "code": CODE,
    "name": Words(
        _("Nom de cette clé"),
        _("Donnez-lui un nom."),
        forms.TextInput,
        "off",
        help=_("Pour la reconnaître, comme «\u00a0mon téléphone\u00a0»."),
    ),
}


class InOurWords:
    """Dresses each field; whoever mistypes a new password has the code by email, so it is typed once."""

    words: dict[str, Words] = WORDS
    fields: dict[str, forms.Field]
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            if name in self.words:
                dress(field, self.words[name])


def dress(field: forms.Field, words: Words) -> None:
    attrs = {"autocomplete": words.autocomplete, "maxlength": "254"}
    if words.inputmode:
        attrs |= {"inputmode": words.inputmode, "spellcheck": "false"}
    field.label, field.help_text = words.label, words.help
    field.widget = words.widget(attrs=attrs)
    field.widget.is_required = field.required
    field.error_messages |= {"required": words.missing}
    if isinstance(field, forms.EmailField):
        field.error_messages |= {"invalid": _("Écrivez un courriel complet, comme marie@exemple.ca.")}


class SignInForm(InOurWords, account_forms.LoginForm):
    """Email and password. The refusal says neither which was wrong nor whether the person exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and "username" not in self.data and "login" in self.data:
            self.data = self.data.copy()
            self.data["username"] = self.data["login"]

    def add_prefix(self, field_name: str) -> str:
        """The field is « username » on the page: what browsers and their password keepers look for."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))

    def _setup_password_field(self) -> None:
        """Nobody chooses a password when signing up, and whoever has one may use it."""


class SignUpForm(InOurWords, account_forms.SignupForm):
    """An account with an address alone."""


class NewEmailForm(InOurWords, account_forms.AddEmailForm):
    words = {"email": replace(EMAIL, label=_("Nouveau courriel"), autocomplete="email")}


class CorrectEmailForm(InOurWords, account_forms.ChangeEmailForm):
    """Before it is proved: the address was mistyped."""


class ChangePasswordForm(InOurWords, account_forms.ChangePasswordForm):
    """The present one, and the new one twice."""


class ChoosePasswordForm(InOurWords, account_forms.SetPasswordForm):
    """For whoever had none."""


class ForgottenPasswordForm(InOurWords, account_forms.ResetPasswordForm):
    def clean_email(self) -> str:
        if not _may_ask(self.cleaned_data["email"]):
            raise get_adapter().validation_error("too_many_login_attempts")
        return str(super().clean_email())


class NewPasswordForm(InOurWords, account_forms.ResetPasswordKeyForm):
    """After a reset."""


class PasswordAgainForm(InOurWords, account_forms.ReauthenticateForm):
    """Before something that matters."""


class AskForCodeForm(InOurWords, account_forms.RequestLoginCodeForm):
    """Asking from here stands in nobody's way who asks from elsewhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and "email" not in self.data:  # the button of the page with the password
            self.data = self.data.copy()
            self.data["email"] = self.data.get("username", "")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not _may_ask(email):
            raise get_adapter().validation_error("too_many_login_attempts")
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = users[0] if users else None
        return email


def _may_ask(email: str) -> bool:
    """By account and address; and more slowly by account, save from a device that its owner signed in from."""
    request = context.request
    here = f"{email.lower()} {limits.client_address(request)}"
    if not ratelimit.consume(request, action="request_login_code", key=here):
        return False
    known = devices.is_known(request, email)
    return known or ratelimit.consume(request, action="code_to_account", key=email.lower())


class SignInCodeForm(InOurWords, account_forms.ConfirmLoginCodeForm):
    """The code that was sent to sign in."""


class EmailCodeForm(InOurWords, account_forms.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class ForgottenPasswordCodeForm(InOurWords, account_forms.ConfirmPasswordResetCodeForm):
    """The code that opens a reset."""


class SecondStepForm(InOurWords, mfa_forms.AuthenticateForm):
    words = {"code": SECOND_CODE}


class SecondStepAgainForm(InOurWords, mfa_forms.ReauthenticateForm):
    words = {"code": SECOND_CODE}


class AppCodeForm(InOurWords, totp_forms.ActivateTOTPForm):
    words = {"code": replace(SECOND_CODE, help="")}


class NewKeyForm(InOurWords, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]  # every key opens the account by itself
