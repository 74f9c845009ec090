from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Email and password. The refusal says neither which was wrong nor whether the person exists."""

    error_messages = {
        "invalid_login": _(
            "Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez."
        ),
        "inactive": _("Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, password = self.fields["username"], self.fields["password"]
        email.label, password.label = _("Courriel"), _("Mot de passe")
        email.widget = forms.EmailInput(
            attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false", "maxlength": 254}
        )
        email.error_messages["required"] = _("Écrivez votre courriel, comme marie@exemple.ca.")
        password.error_messages["required"] = _("Écrivez votre mot de passe.")
