"""/compte/…: allauth's screens at French addresses, by allauth's own names, and what is ours under « account: »."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView

from portal.accounts import joining, screens, views
from portal.accounts.screens import corrected

own = [
    path("", views.home, name="home"),
    path("invitation/<slug:secret>/", joining.invitation, name="invitation"),
    path("langue/", views.language, name="language"),
    path("securite/sessions/", views.end_sessions, name="end_sessions"),
]

sign_in = [
    path("connexion/", screens.SignIn.as_view(), name="account_login"),
    path("connexion/code/", screens.AskForCode.as_view(), name="account_request_login_code"),
    path(
        "connexion/code/saisie/",
        corrected(account_views.ConfirmLoginCodeView),
        name="account_confirm_login_code",
    ),
    path("connexion/cle/", corrected(webauthn_views.LoginWebAuthnView), name="mfa_login_webauthn"),
    path("connexion/deuxieme-etape/", corrected(mfa_views.AuthenticateView), name="mfa_authenticate"),
    path("deconnexion/", screens.SignOut.as_view(), name="account_logout"),
    path("inscription/", corrected(account_views.SignupView), name="account_signup"),
]

email = [
    path("courriel/", corrected(account_views.EmailView), name="account_email"),
    path(
        "courriel/code/",
        corrected(account_views.ConfirmEmailVerificationCodeView),
        name="account_email_verification_sent",
    ),
]

password = [
    path("mot-de-passe/", corrected(account_views.PasswordChangeView), name="account_change_password"),
    path("mot-de-passe/choisir/", corrected(account_views.PasswordSetView), name="account_set_password"),
    path("mot-de-passe/oublie/", corrected(account_views.PasswordResetView), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/code/",
        corrected(account_views.ConfirmPasswordResetCodeView),
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oublie/nouveau/",
        corrected(account_views.CompletePasswordResetView),
        name="account_complete_password_reset",
    ),
]

again = [
    path("verification/", corrected(account_views.ReauthenticateView), name="account_reauthenticate"),
    path("verification/code/", corrected(mfa_views.ReauthenticateView), name="mfa_reauthenticate"),
    path(
        "verification/cle/",
        corrected(webauthn_views.ReauthenticateWebAuthnView),
        name="mfa_reauthenticate_webauthn",
    ),
]

security = [
    path("", corrected(mfa_views.IndexView), name="mfa_index"),
    path("application/", corrected(totp_views.ActivateTOTPView), name="mfa_activate_totp"),
    path("application/retirer/", corrected(totp_views.DeactivateTOTPView), name="mfa_deactivate_totp"),
    path("codes/", corrected(recovery_views.ViewRecoveryCodesView), name="mfa_view_recovery_codes"),
    path(
        "codes/nouveaux/",
        corrected(recovery_views.GenerateRecoveryCodesView),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/telecharger/",
        corrected(recovery_views.DownloadRecoveryCodesView),
        name="mfa_download_recovery_codes",
    ),
    path("cle/", screens.AddKey.as_view(), name="mfa_add_webauthn"),
    path("cles/", login_required(RedirectView.as_view(pattern_name="mfa_index")), name="mfa_list_webauthn"),
    path("cle/<int:pk>/retirer/", corrected(webauthn_views.RemoveWebAuthnView), name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", include((own, "account"))),
    path("", include([*sign_in, *email, *password, *again])),
    path("securite/", include(security)),
]
