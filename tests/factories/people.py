import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

PASSWORD = "un-mot-de-passe-de-test"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.test")
    first_name = "Alice"
    password = factory.django.Password(PASSWORD)
