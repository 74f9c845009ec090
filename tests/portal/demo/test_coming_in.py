"""The demo's people on their way in: the same two, however often the town is loaded."""

import pytest
from django.utils import timezone

from directory.enums import RegistrationStatus
from directory.models import Claim, Merchant, Registration
from home.tenancy import portal_scope
from portal.demo.loading import coming_in
from tests.factories import MerchantFactory, make_merchant_page
from tests.portal.towns import Town


@pytest.mark.django_db
def test_two_people_are_on_their_way_once(here: Town) -> None:
    with portal_scope(here.site):
        for _ in range(4):
            make_merchant_page(MerchantFactory(phone="+14185550133"))
        Merchant.objects.filter(pk=here.merchant.pk).update(claimed_at=timezone.now())
        told = [coming_in.begin("levis", here.site, now=timezone.now()) for _ in range(2)]
        row = Registration.objects.get()
        assert told == [2, 2]
        assert (row.status, row.step) == (RegistrationStatus.STARTED, "photo")
        assert Claim.objects.get().code_digest == "phone:"
