"""What allauth says, in our words: its refusals by their code, its notices by the name of their template."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MISMATCH = _("Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez.")
WRONG_CODE = _("Ce n’est pas le bon code. Recopiez celui du dernier courriel reçu.")
TOO_MANY = _("Trop d’essais de suite. Attendez quelques minutes, puis réessayez.")
TAKEN = _("Ce courriel est déjà celui d’un autre compte.")

REFUSALS: dict[str, Any] = {
    "account_inactive": _("Ce compte est fermé. Appelez-nous pour en parler."),
    "cannot_remove_primary_email": _("C’est votre seul courriel\u00a0: changez-le plutôt que de l’enlever."),
    "duplicate_email": _("C’est déjà votre courriel."),
    "email_password_mismatch": MISMATCH,
    "username_password_mismatch": MISMATCH,
    "phone_password_mismatch": MISMATCH,
    "invalid_login": MISMATCH,
    "email_taken": TAKEN,
    "username_taken": TAKEN,
    "phone_taken": TAKEN,
    "username_blacklisted": TAKEN,
    "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
    "incorrect_code": WRONG_CODE,
    "incorrect_password": _("Ce n’est pas votre mot de passe."),
    "invalid_or_expired_key": _("Ce lien ne vaut plus. Demandez-en un autre."),
    "invalid_password_reset": _("Ce lien ne vaut plus. Demandez-en un autre."),
    "max_email_addresses": _("Un compte a au plus %d courriels."),
    "too_many_login_attempts": TOO_MANY,
    "rate_limited": TOO_MANY,
    "unknown_email": MISMATCH,
    "unknown_phone": MISMATCH,
    "unverified_primary_email": _("Confirmez d’abord votre courriel."),
    "select_only_one": _("Choisissez une seule réponse."),
    "same_as_current": _("C’est déjà votre courriel. Écrivez le nouveau."),
}
SECOND_FACTOR_REFUSALS: dict[str, Any] = {
    "add_email_blocked": _("Retirez d’abord votre deuxième étape."),
    "cannot_delete_authenticator": _("Votre deuxième étape ne peut pas être retirée."),
    "cannot_generate_recovery_codes": _("Ajoutez d’abord une clé d’accès ou une application."),
    "incorrect_code": _("Ce n’est pas le bon code, ou pas la bonne clé. Réessayez."),
    "unverified_email": _("Confirmez d’abord votre courriel."),
}
NOTICES: dict[str, Any] = {
    "account/messages/cannot_delete_primary_email.txt": REFUSALS["cannot_remove_primary_email"],
    "account/messages/email_confirmation_failed.txt": TAKEN,
    "account/messages/email_confirmation_sent.txt": "",  # the page that follows says it
    "account/messages/email_confirmed.txt": _("C’est fait\u00a0: %(email)s est confirmé."),
    "account/messages/email_deleted.txt": _("%(email)s est enlevé."),
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": _("Vous êtes déconnecté."),
    "account/messages/login_code_sent.txt": "",
    "account/messages/password_changed.txt": _("Votre mot de passe est changé. Les autres appareils sont déconnectés."),
    "account/messages/password_set.txt": _("Votre mot de passe est choisi."),
    "account/messages/phone_verification_sent.txt": "",
    "account/messages/phone_verified.txt": "",
    "account/messages/primary_email_set.txt": _("Votre courriel est changé."),
    "account/messages/unverified_primary_email.txt": REFUSALS["unverified_primary_email"],
    "mfa/messages/recovery_codes_generated.txt": _("Voici vos nouveaux codes de secours. Les anciens ne valent plus."),
    "mfa/messages/totp_activated.txt": _("Votre application est reliée à votre compte."),
    "mfa/messages/totp_deactivated.txt": _("L’application n’est plus reliée à votre compte."),
    "mfa/messages/webauthn_added.txt": _("Votre clé d’accès est ajoutée."),
    "mfa/messages/webauthn_removed.txt": _("La clé d’accès est retirée."),
}  # fmt: skip
"""An empty sentence is not said."""
