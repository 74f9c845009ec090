"""The person. Everything else about people (roles, memberships) lives on the floor that needs it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.languages import FRENCH, LANGUAGES


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who signs in with ``email``.

        Raises ValueError when the address is empty.
        """
        if not email:
            raise ValueError("A user needs an email address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Emails are one address whatever their case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person: shopper, merchant, staff. The email address is the login."""

    email = models.EmailField(_("courriel"), unique=True)
    first_name = models.CharField(_("prénom"), max_length=150, blank=True)
    last_name = models.CharField(_("nom"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("équipe technique"), default=False)
    is_active = models.BooleanField(_("actif"), default=True)
    language = models.CharField(
        _("langue de ses courriels"), max_length=5, choices=LANGUAGES, default=FRENCH, editable=False
    )
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Un de plus met fin à toutes les sessions de la personne.")
    )
    erased_at = models.DateTimeField(_("effacé à sa demande le"), null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(_("inscription"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = pgettext_lazy("équipe", "personne")
        verbose_name_plural = _("personnes")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_its_case"),)

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_session_auth_hash(self) -> str:
        """Changes with the password, and whenever the person's sessions are ended on purpose."""
        return self._epoch_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """As Django's, for a SECRET_KEY that rotates."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._epoch_hash(secret)

    def _epoch_hash(self, secret: str | bytes | None = None) -> str:
        salt = "portal.User.session"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Wherever the person is signed in, the next request finds it signed out."""
        type(self).objects.filter(pk=self.pk).update(session_epoch=models.F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])

    def write_in(self, language: str) -> None:
        """The person's mails are in that language from now on."""
        self.language = language
        self.save(update_fields=["language"])

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email
