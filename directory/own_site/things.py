"""Schema.org's things on a page, one by one, whatever they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from directory.own_site.markup import Page
from directory.own_site.values import many

MOST_THINGS = 600
DEEPEST = 8

BUSINESSES = frozenset(
    (
        "LocalBusiness", "Store", "Restaurant", "FoodEstablishment", "Bakery", "BarOrPub", "Brewery",
        "CafeOrCoffeeShop", "Distillery", "FastFoodRestaurant", "IceCreamShop", "Winery", "AutoDealer",
        "AutoRepair", "BeautySalon", "BedAndBreakfast", "BikeStore", "BookStore", "ButcherShop", "ChildCare",
        "ClothingStore", "ComputerStore", "ConvenienceStore", "DaySpa", "Dentist", "DepartmentStore",
        "ElectronicsStore", "ExerciseGym", "Florist", "FurnitureStore", "GardenStore", "GolfCourse",
        "GroceryStore", "HairSalon", "HardwareStore", "HealthClub", "HobbyShop", "HomeGoodsStore", "Hotel",
        "JewelryStore", "LiquorStore", "LodgingBusiness", "MensClothingStore", "MobilePhoneStore", "MusicStore",
        "NailSalon", "OfficeEquipmentStore", "Optician", "OutletStore", "PetStore", "Pharmacy",
        "ProfessionalService", "ShoeStore", "SportingGoodsStore", "TattooParlor", "TireShop", "ToyStore",
        "TravelAgency", "VeterinaryCare", "WholesaleStore", "HomeAndConstructionBusiness",
        "HealthAndBeautyBusiness", "EntertainmentBusiness", "FinancialService", "LegalService",
        "MedicalBusiness", "SportsActivityLocation",
    )
)  # fmt: skip
ORGANIZATIONS = frozenset({"Organization", "Corporation", "OnlineStore", "OnlineBusiness", "Brand", "NGO"})
PRODUCTS = frozenset({"Product", "ProductGroup", "IndividualProduct", "ProductModel", "Book", "MenuItem"})


@dataclass(frozen=True, slots=True)
class Thing:
    """``types`` are names without their address; ``where`` is « json_ld » or « microdata »."""

    types: frozenset[str]
    facts: dict[str, Any]
    where: str
    page: str

    @property
    def is_business(self) -> bool:
        """By its name, or by telling when it is open."""
        tells_hours = bool({"openingHours", "openingHoursSpecification"} & self.facts.keys())
        return bool(self.types & BUSINESSES) or (tells_hours and not self.types & PRODUCTS)

    @property
    def is_organization(self) -> bool:
        return bool(self.types & ORGANIZATIONS)

    @property
    def is_product(self) -> bool:
        return bool(self.types & PRODUCTS)


def things_of(page: Page) -> list[Thing]:
    """In their order; what stands deeper than anybody's data does is left out."""
    found: list[Thing] = []
    for where, whole in page.things:
        for facts in _walk(whole, DEEPEST):
            if len(found) >= MOST_THINGS:
                return found
            found.append(Thing(_types(facts), facts, where, page.url))
    return found


def _walk(value: Any, deep: int) -> Iterator[dict[str, Any]]:
    if deep < 0:
        return
    if isinstance(value, list):
        for one in value[:MOST_THINGS]:
            yield from _walk(one, deep - 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for one in list(value.values())[:100]:
            if isinstance(one, dict | list):
                yield from _walk(one, deep - 1)


def _types(facts: dict[str, Any]) -> frozenset[str]:
    named = (str(one)[:120] for one in many(facts.get("@type"))[:8])
    return frozenset(name.rpartition("/")[2].rpartition("#")[2].rpartition(":")[2] for name in named)
