"""Two portals with everything one may want to see of another: each unit's private words carry a token of its own.

A unit is whoever a thing belongs to: the Journal, the Chamber, a merchant, a shopper. A token found in an answer to
somebody who has no right to that unit is a leak, wherever it was found.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Comment, Page, PageViewRestriction, Site

from directory import callbacks, documents, follow_up, moderation
from directory.callbacks import Asking
from directory.enums import ClaimStatus, MembershipRole, ReadingStatus
from directory.models import (
    CallbackRequest,
    Claim,
    DirectoryPage,
    HelpConsent,
    ImportLine,
    ImportRun,
    ImportSource,
    Invitation,
    Membership,
    Merchant,
    PageReport,
    Registration,
    SearchPick,
    SearchSynonym,
    SiteReading,
    SiteReadingPicture,
)
from directory.own_site import Findings, Found
from editorial.models import (
    CampaignIndexPage,
    CampaignPage,
    FrontCampaign,
    FrontLead,
    FrontMerchant,
    FrontProduct,
    FrontStory,
    NewsletterIndexPage,
    NewsletterPage,
    Subscriber,
)
from editorial.newsletter import preferences, subscribers
from home import audit
from home.models import (
    Consent,
    ConsentPurpose,
    ContentPage,
    CustomDocument,
    HomePage,
    Incident,
    PortalRole,
    PortalSettings,
)
from home.tenancy import portal_scope
from portal import staffing
from portal.care import proposals
from portal.favourites import keeping, lists
from portal.favourites.merging import holder_of_person
from portal.impact.models import MerchantQuote, PublicMoney
from portal.leaving import packages
from portal.leaving.models import Package
from portal.models import User
from shop import carts, checkouts
from shop.checkouts import Contact
from shop.models import Checkout, Order, Product, Variant
from shop.payments.sessions import ensure_session
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from tests.directory.own_site.test_readings import jpeg
from tests.factories import (
    AuthorFactory,
    ImageFactory,
    MembershipFactory,
    ProductFactory,
    SectionFactory,
    SeriesFactory,
    UserFactory,
    make_page,
)
from tests.portal.impact import samples
from tests.portal.towns import Town, make_marked_merchant, make_marked_product, make_town

UNITS = ("journal", "chamber", "staff", "merchant", "neighbour", "closed", "shopper", "passer_by")


def token(site_word: str, unit: str) -> str:
    """A word that stands nowhere else; letters alone, so that no form of it is escaped, folded or cut."""
    return f"zq{unit.replace('_', '')}{site_word}zq"


@dataclass
class House:
    """One portal. ``rows`` holds an example of each kind of row, by the name its key goes by in addresses."""

    town: Town
    word: str
    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    paths: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Addresses with the house's keys in them, once somebody asked for them."""

    @property
    def site(self) -> Site:
        return self.town.site

    @property
    def public(self) -> str:
        return self.town.canary

    def token(self, unit: str) -> str:
        return token(self.word, unit)

    def client(self, who: str | None = None) -> Client:
        client = Client(headers={"host": self.town.host}, raise_request_exception=False)
        if who is not None:
            client.force_login(self.people[who])
        return client


def build(site: Site, word: str, sandbox: Sandbox, claim: Callable[[str], None]) -> House:
    """``claim`` is told whose the rows were that were made since it was told last."""
    house = House(make_town(site, f"canari{word}"), word)
    with portal_scope(site):
        hire(house)
        claim(f"{word}:house")
        open_shop(house, "merchant", house.town.merchant, sandbox)
        claim(f"{word}:merchant")
        open_shop(house, "neighbour", second_merchant(house), sandbox)
        claim(f"{word}:neighbour")
        close_a_shop(house)
        claim(f"{word}:closed")
        write_at_the_journal(house)
        keep_a_season(house)
        keep_a_list(house)
        tell_the_city(house)
        wait_for_the_journal(house)
        file_papers(house)
        keep_favourites(house)
        come_in(house)
        answer_a_claim(house)
        claim(f"{word}:house")
    return house


def person(house: House, unit: str, name: str) -> User:
    mark = house.token(unit)
    user: User = UserFactory(email=f"{name}-{mark}@exemple.test", first_name=name, last_name=mark)
    house.people[name] = user
    return user


def hire(house: House) -> None:
    units = {"editor": "journal", "manager": "journal", "adviser": "chamber", "city": "staff"}
    for name, unit in units.items():
        staffing.grant(person(house, unit, name), house.site, PortalRole(name))


def come_in(house: House) -> None:
    """A shop that is not listed yet was invited, and asks to be called: the Chamber alone has heard of it."""
    mark, now = house.token("chamber"), timezone.now()
    row = Registration.objects.create(
        site=house.site, email=f"nouveau-{house.word}@exemple.test", answers={"name": f"Nouvelle {mark}"},
        invited_at=now, expires_at=now + timedelta(days=60), invited_by=house.people["adviser"],
    )  # fmt: skip
    CallbackRequest.objects.create(
        site=house.site, registration=row, phone="+14185550166", words=f"Ma page {mark}"
    )
    house.rows["coming"] = row


def answer_a_claim(house: House) -> None:
    """Somebody said that a page was theirs, and was told no: that person and the portal's staff have heard of it."""
    house.rows["claim"] = Claim.objects.create(
        site=house.site, merchant=house.rows["neighbour"]["merchant"], user=house.people["neighbour"],
        status=ClaimStatus.REFUSED, comment=f"Non {house.token('neighbour')}", decided_at=timezone.now(),
        decided_by=house.people["adviser"],
    )  # fmt: skip


def second_merchant(house: House) -> Merchant:
    return make_marked_merchant(f"{house.public}bis")


def open_shop(house: House, unit: str, merchant: Merchant, sandbox: Sandbox) -> None:
    """Its people, what it has not shown yet, who it invited, and a sale."""
    mark, buyer = house.token(unit), "shopper" if unit == "merchant" else "passer_by"
    owner = person(house, unit, unit)
    Membership.objects.get_or_create(merchant=merchant, user=owner, defaults={"role": MembershipRole.OWNER})
    Membership.objects.create(
        merchant=merchant, user=person(house, unit, f"{unit}s_helper"), role=MembershipRole.HELPER
    )
    Product.objects.filter(merchant=merchant).first() or make_marked_product(merchant, f"{house.public}bis")
    ProductFactory(merchant=merchant, title=f"Bientôt {mark}", slug=f"bientot-{mark}", status="draft")
    now = timezone.now()
    invitation = Invitation.objects.create(
        site=house.site, merchant=merchant, email=f"invite-{mark}@exemple.test", role="helper",
        secret_digest=f"digest-{mark}"[:64], invited_by=owner, expires_at=now + timedelta(days=3),
    )  # fmt: skip
    consent = HelpConsent.objects.create(
        merchant=merchant, given_by=owner, words=f"Accord {mark}", expires_at=now + timedelta(days=3)
    )
    audit.note("merchant.changed", merchant, actor_id=owner.pk, merchant_id=merchant.pk, after={"note": mark})
    read_its_site(house, merchant, mark)
    order = sell(house, buyer, merchant, sandbox)
    house.rows[unit] = {"merchant": merchant, "invitation": invitation, "consent": consent, "order": order}
    accompany(house, unit, merchant)
    house.rows[unit]["package"] = take_along(merchant, owner)


def take_along(merchant: Merchant, owner: User) -> Package:
    """Everything it has here, as its owner may fetch it."""
    packages.ask(merchant, by_id=owner.pk, now=timezone.now())
    packages.work(timezone.now())
    made: Package = Package.objects.get(merchant=merchant)
    return made


def accompany(house: House, unit: str, merchant: Merchant) -> None:
    """What the Chamber alone may read of it, a call that it asked for, and a page that waits for its owner's yes."""
    own, chamber, adviser = house.token(unit), house.token("chamber"), house.people["adviser"]
    follow_up.note(merchant, f"Note {chamber}", by_id=adviser.pk)
    follow_up.set_next_act(merchant, f"Appeler {chamber}", on=None, by_id=adviser.pk)
    paper = SimpleUploadedFile("bail.pdf", f"%PDF-1.7 {chamber} %%EOF".encode())
    call, _is_new = callbacks.ask(
        merchant, Asking("+14185550123", words=f"Sujet {own}"), by_id=house.people[unit].pk
    )
    row = proposals.begin(merchant, by_id=UserFactory(first_name="Prépare").pk)
    copy = proposals.page_with(row)
    copy.intro = f"Proposé {own}"
    proposals.keep_page(row, copy, by_id=row.prepared_by_id)
    house.rows[unit] |= {
        "paper": documents.keep(merchant, paper, title=f"Bail {chamber}", by_id=adviser.pk),
        "call": call,
        "proposal": proposals.send(
            row, house.people[unit].pk, words=own, by_id=row.prepared_by_id, now=timezone.now()
        ),
    }


def read_its_site(house: House, merchant: Merchant, mark: str) -> None:
    """Its own site, read and not yet taken from, with a picture."""
    url, now = f"https://{mark}.example/", timezone.now()
    fields = {"intro": Found(f"Chez nous {mark}", "head", url), "cover": Found(url, "head", url)}
    reading = SiteReading.objects.create(
        site=house.site, merchant=merchant, url=url, asked_at=now, touched_at=now, read_at=now,
        status=ReadingStatus.READ, findings=Findings(url, fields).as_json(),
    )  # fmt: skip
    file = ContentFile(jpeg(), name="site.jpg")
    SiteReadingPicture.objects.create(reading=reading, url=url, position=0, is_waiting=False, file=file)


def sell(house: House, buyer: str, merchant: Merchant, sandbox: Sandbox) -> Order:
    """Two units bought and paid by a shopper whose name is a token."""
    mark, now = house.token(buyer), timezone.now()
    sandbox.add_account(merchant.shop.stripe_account_id)
    person(house, buyer, buyer)
    cart = carts.create()
    item = carts.add(
        cart, Variant.objects.filter(product__merchant=merchant, product__status="published")[0], 2
    )
    checkout: Checkout = checkouts.place(
        cart, form_token=cart.form_token, contact=Contact(f"Acheteuse {mark}", f"achat-{mark}@exemple.test"),
        accepted_total_cents=item.variant.price_cents * 2, settings=PortalSettings.for_site(house.site), now=now,
    )  # fmt: skip
    sandbox.pay(str(ensure_session(checkout, now=now).session_id))
    sync_checkout(checkout.pk, now=now)
    house.rows[buyer] = {"waiting": carts.add(carts.create(), item.variant, 1)}
    return checkout.orders.get()


def close_a_shop(house: House) -> None:
    merchant = make_marked_merchant(f"{house.public}ter")
    merchant.suspended_at = timezone.now()
    merchant.save()
    MembershipFactory(merchant=merchant, user=person(house, "closed", "closed"))
    house.rows["closed"] = {"merchant": merchant}


def write_at_the_journal(house: House) -> None:
    mark, root, editor = house.token("journal"), house.site.root_page, house.people["editor"]
    draft = make_page(
        ContentPage, root, title=f"Brouillon {mark}", slug=f"brouillon-{mark}", live=False, owner=editor
    )
    private = make_page(ContentPage, root, title=f"Privée {mark}", slug=f"privee-{mark}")
    restriction = PageViewRestriction.objects.create(page=private, restriction_type="password", password=mark)
    story = house.town.story
    story.deck = f"Pas encore paru {mark}"
    revision = story.save_revision(user=editor)
    Comment.objects.create(
        page=draft, user=editor, text=f"À revoir {mark}", contentpath="title", position="{}"
    )
    document = CustomDocument(
        title=f"Note {mark}", site=house.site, collection=staffing.collection_of(house.site)
    )
    document.file.save(f"note-{mark}.txt", ContentFile(mark.encode()))
    image = ImageFactory(title=f"Épreuve {mark}", collection=staffing.collection_of(house.site))
    house.rows |= {
        "draft": draft, "private": private, "restriction": restriction, "revision": revision,
        "document": document, "image": image, "story": story,
    }  # fmt: skip
    sign_and_sort(house, house.token("journal"))


def sign_and_sort(house: House, mark: str) -> None:
    house.rows["author"] = AuthorFactory(name=f"Plume {mark}")
    house.rows["section"] = SectionFactory(name=f"Rubrique {mark}")
    house.rows["series"] = SeriesFactory(title=f"Série {mark}")
    # What everybody may read under /histoires/, and may frame.
    house.rows["public author"] = AuthorFactory(name=f"Plume {house.public}")
    house.rows["public section"] = SectionFactory(name=f"Rubrique {house.public}")
    house.rows["public series"] = SeriesFactory(title=f"Série {house.public}")
    PortalSettings.objects.filter(site=house.site).update(embed_origins="https://www.journal.example")


def keep_a_season(house: House) -> None:
    """A campaign runs on every page and names the portal; another waits for its day, as does what the first changed.

    The front page has something chosen in each of its slots.
    """
    mark, root, today = house.token("journal"), house.site.root_page, timezone.localdate()
    index = make_page(CampaignIndexPage, root, title=f"Campagnes {house.public}", slug="campagnes")
    shelf = {"title": f"Tablette {house.public}", "products": [house.town.variant.product_id], "size": "4"}
    running = make_page(
        CampaignPage, index, title=f"Noël {house.public}", slug="noel", band_words=f"Bandeau {house.public}",
        begins_on=today, ends_on=today + timedelta(days=9),
        body=[{"type": "product_shelf", "value": shelf}],
    )  # fmt: skip
    running.deck = f"Pas encore dit {mark}"
    running.save_revision(user=house.people["editor"])
    spring = make_page(
        CampaignPage, index, title=f"Printemps {mark}", slug="printemps",
        begins_on=today + timedelta(days=90), ends_on=today + timedelta(days=99),
    )  # fmt: skip
    front = HomePage.objects.get(pk=root.pk)
    FrontLead.objects.create(page=front, story=house.town.story)
    FrontStory.objects.create(page=front, story=house.town.story)
    FrontProduct.objects.create(page=front, product=house.town.variant.product)
    FrontMerchant.objects.create(page=front, merchant=house.town.merchant)
    FrontCampaign.objects.create(page=front, campaign=running)
    house.rows |= {"campaign": running, "spring": spring, "campaigns": index, "front": front}


def keep_a_list(house: House) -> None:
    """Somebody is written to every week, and the next letter is being written."""
    mark, now = house.token("journal"), timezone.now()
    index = make_page(NewsletterIndexPage, house.site.root_page, title="L’infolettre", slug="infolettre")
    letter = make_page(NewsletterPage, index, title=f"Lettre {mark}", slug=f"lettre-{mark}", live=False)
    subscribers.ask(
        house.site, f"abonnee-{mark}@exemple.test", purpose=ConsentPurpose.NEWSLETTER, locale="fr-ca", now=now
    )
    row = Subscriber.objects.get()
    subscribers.confirm(row, row.subscriptions.values_list("pk", flat=True), now=now)
    preferences.ask_new_address(row, f"nouvelle-{mark}@exemple.test", now=now)
    row.refresh_from_db()
    house.rows |= {"subscriber": row, "letter": letter}


def tell_the_city(house: House) -> None:
    """A month that everybody may read, and what the Journal wrote down for it; how a merchant agreed is its own."""
    samples.publish(samples.a_month(sectors=0), replace(samples.ASSUMED, sources=(f"Ville {house.public}.",)))
    house.rows["quote"] = MerchantQuote.objects.create(
        site=house.site, merchant=house.town.merchant, words=f"Bravo {house.public}", said_by="Jo Roy",
        consent=f"Accord {house.token('journal')}", consented_on=timezone.localdate(),
    )  # fmt: skip
    day = timezone.localdate()
    house.rows["public_money"] = PublicMoney.objects.create(
        site=house.site, amount_cents=100_00, first_day=day, last_day=day, source=f"Ville {house.public}"
    )


def wait_for_the_journal(house: House) -> None:
    """The merchant's page waits with a text that nobody else has read."""
    groups = [staffing.group_of(house.site, role) for role in staffing.JOURNAL]
    directory = DirectoryPage.objects.descendant_of(house.site.root_page).get()
    workflow = moderation.give_to_journal(directory, groups)
    workflow.name = f"Circuit {house.token('journal')}"
    workflow.save()
    page = house.town.merchant.pages.get()
    page.intro = f"Texte neuf {house.token('merchant')}"
    revision = page.save_revision(user=house.people["merchant"])
    page.refresh_from_db()
    moderation.send(page.pk, user=house.people["merchant"], seen=revision.pk)
    state = page.current_workflow_state
    house.rows |= {
        "workflow": workflow, "state": state, "task_state": state.current_task_state,
        "task": state.current_task_state.task, "waiting_page": page, "waiting_revision": revision,
        "directory": directory,
    }  # fmt: skip


def bring_a_list(house: House, word: str) -> None:
    """A directory file that was read, and what somebody says of a page."""
    source = ImportSource.objects.create(site=house.site, name=f"Liste {word}")
    run = ImportRun.objects.create(
        site=house.site, source=source, file_name=f"{word}.csv", file_digest="0" * 64, status="checked"
    )
    ImportLine.objects.create(run=run, line=2, finding="refused", name=word, reason=f"Raison {word}")
    house.rows["import_run"] = run
    house.rows["page_report"] = PageReport.objects.create(
        site=house.site, merchant=house.town.merchant, kind="error", words=word, email=f"{word}@exemple.test"
    )


def keep_favourites(house: House) -> None:
    """The shopper's, in a list that is shared: whoever has its link reads its name."""
    holder = holder_of_person(house.site.pk, house.people["shopper"].pk)
    now = timezone.now()
    kept = keeping.keep(holder, house.town.merchant, now=now)
    house.rows["favourite_list"] = lists.make(holder, f"Idées {house.token('shopper')}", [kept.pk], now=now)
    lists.share(house.rows["favourite_list"], now=now)
    house.rows["favourite_list"].refresh_from_db()


def file_papers(house: House) -> None:
    staff, shopper = house.token("staff"), house.token("shopper")
    house.rows["redirect"] = Redirect.objects.create(
        site=house.site, old_path=f"/ancien-{staff}", redirect_link=f"/{staff}/"
    )
    SearchSynonym.objects.create(site=house.site, words=f"synonyme {staff}", means=staff)
    SearchPick.objects.create(
        site=house.site, words=f"mot {staff}", page=Page.objects.get(pk=house.town.story.pk), reason=staff
    )
    Incident.objects.create(
        site=house.site, what=f"Perte {staff}", information=staff, noticed_on=timezone.localdate()
    )
    Consent.objects.create(
        site=house.site, user=house.people["shopper"], purpose="newsletter", version="1", words=shopper
    )
    Invitation.objects.create(
        site=house.site, email=f"equipe-{staff}@exemple.test", role="editor", secret_digest=f"d-{staff}",
        invited_by=house.people["manager"], expires_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    bring_a_list(house, house.token("chamber"))
    house.rows["content_type"] = ContentType.objects.get_for_model(Merchant)
