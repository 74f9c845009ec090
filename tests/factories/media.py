import factory
from factory.django import DjangoModelFactory

from home.models import CustomImage
from home.tenancy import current_site


class ImageFactory(DjangoModelFactory):
    class Meta:
        model = CustomImage

    title = factory.Sequence(lambda n: f"Photo {n}")
    site = factory.LazyFunction(current_site)
    file = factory.django.ImageField(width=640, height=480, format="JPEG")
