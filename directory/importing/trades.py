"""Which category of the portal a label means: the same words, words known for it, or what the merchant's name says."""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from directory.folding import fold

FOOD = "Alimentation et produits du terroir"
TABLES = "Restaurants et traiteurs"
CLOTHES = "Vêtements, bijoux et accessoires"
CARE = "Beauté, santé et bien-être"
HOUSE = "Maison, décoration et rénovation"
SPORTS = "Sports, loisirs et plein air"
CHILDREN = "Enfants, jouets et bébé"
BOOKS = "Livres, musique et papeterie"
GARDEN = "Fleurs, jardin et animaux"
COMPUTERS = "Électronique et informatique"
CRAFTS = "Artisanat et cadeaux"
CARS = "Autos et mécanique"
SERVICES = "Services professionnels"
LODGING = "Hébergement et tourisme"

WORDS: dict[str, str] = {
    FOOD: "boulangerie boucherie charcuterie fromagerie epicerie patisserie poissonnerie fruiterie erabliere vignoble"
    " cidrerie microbrasserie brasserie chocolaterie confiserie miellerie depanneur marche ferme torrefacteur",
    TABLES: "restaurant bistro bistrot cafe traiteur pizzeria creperie cantine bar pub rotisserie casse"
    " croute cremerie",
    CLOTHES: "vetements boutique bijouterie joaillerie cordonnerie chaussures mode couture mercerie lingerie"
    " chapellerie",
    CARE: "salon coiffure coiffeur barbier esthetique spa pharmacie massotherapie optique lunetterie dentiste clinique"
    " physiotherapie osteopathie ongles",
    HOUSE: "quincaillerie ebenisterie meubles decoration renovation plomberie electricien peinture literie cuisines"
    " menuiserie toiture luminaires",
    SPORTS: "velo velos sport sports plein gym yoga ski quilles golf",
    CHILDREN: "jouets jouet enfants bebe garderie poupons",
    BOOKS: "librairie livres papeterie disques musique imprimerie",
    GARDEN: "fleuriste fleurs animalerie jardin pepiniere veterinaire toilettage",
    COMPUTERS: "informatique ordinateurs electronique cellulaire telephonie",
    CRAFTS: "poterie artisanat cadeaux galerie artisan verrier savonnerie atelier",
    CARS: "garage mecanique pneus auto autos carrosserie concessionnaire debosselage remorquage",
    SERVICES: "comptabilite comptable notaire avocat assurance courtier photographe nettoyeur consultant architecte",
    LODGING: "gite hotel motel auberge camping chalet tourisme",
}
"""Of a merchant's name, folded. The first word of the name that is known decides."""

OSM: dict[str, str] = {
    FOOD: "shop=bakery|shop=butcher|shop=cheese|shop=convenience|shop=supermarket|shop=deli|shop=pastry|shop=seafood"
    "|shop=greengrocer|shop=alcohol|shop=wine|shop=chocolate|shop=confectionery|shop=farm|shop=coffee|shop=tea"
    "|shop=health_food|shop=beverages|craft=winery|craft=sugarbush|craft=brewery|craft=distillery|craft=beekeeper"
    "|craft=confectionery|amenity=marketplace",
    TABLES: "amenity=restaurant|amenity=cafe|amenity=bar|amenity=pub|amenity=fast_food|amenity=ice_cream"
    "|amenity=food_court|amenity=biergarten|craft=caterer",
    CLOTHES: "shop=clothes|shop=shoes|shop=jewelry|shop=boutique|shop=bag|shop=fashion_accessories|shop=fabric"
    "|shop=sewing|shop=watches|shop=tailor|shop=leather|craft=shoemaker|craft=jeweller|craft=tailor|craft=dressmaker",
    CARE: "shop=hairdresser|shop=beauty|shop=chemist|shop=cosmetics|shop=massage|shop=optician|shop=perfumery"
    "|shop=tattoo|shop=hearing_aids|shop=medical_supply|amenity=pharmacy|amenity=dentist|amenity=clinic"
    "|amenity=doctors|leisure=spa|healthcare=*",
    HOUSE: "shop=hardware|shop=doityourself|shop=furniture|shop=interior_decoration|shop=bed|shop=kitchen|shop=paint"
    "|shop=lighting|shop=flooring|shop=houseware|shop=appliance|shop=curtain|shop=carpet|shop=antiques"
    "|craft=cabinet_maker|craft=carpenter|craft=plumber|craft=electrician|craft=painter|craft=roofer|craft=upholsterer",
    SPORTS: "shop=bicycle|shop=sports|shop=outdoor|shop=fishing|shop=hunting|shop=ski|leisure=fitness_centre"
    "|leisure=sports_centre|leisure=bowling_alley|leisure=golf_course",
    CHILDREN: "shop=toys|shop=baby_goods|amenity=childcare|amenity=kindergarten",
    BOOKS: "shop=books|shop=stationery|shop=music|shop=musical_instrument|shop=newsagent|shop=copyshop|craft=printer",
    GARDEN: "shop=florist|shop=pet|shop=garden_centre|shop=pet_grooming|amenity=veterinary|craft=gardener",
    COMPUTERS: "shop=computer|shop=electronics|shop=mobile_phone|shop=hifi|shop=video_games",
    CRAFTS: "shop=gift|shop=art|shop=craft|shop=candles|shop=pottery|craft=pottery|craft=glaziery|craft=basket_maker"
    "|craft=goldsmith|craft=handicraft|craft=soap_maker|tourism=gallery",
    CARS: "shop=car|shop=car_repair|shop=car_parts|shop=tyres|shop=motorcycle|amenity=fuel|amenity=car_wash"
    "|amenity=car_rental",
    SERVICES: "office=*|shop=dry_cleaning|shop=laundry|shop=travel_agency|shop=funeral_directors|shop=photo"
    "|amenity=bank|craft=photographer|craft=key_cutter",
    LODGING: "tourism=hotel|tourism=motel|tourism=guest_house|tourism=hostel|tourism=camp_site|tourism=chalet"
    "|tourism=apartment|tourism=attraction|tourism=museum",
}
"""Tags of OpenStreetMap; « * » stands for every value of a key that has no line of its own."""

NEAR = 90
_BY_TAG = {tag: category for category, tags in OSM.items() for tag in tags.split("|")}
_BY_WORD = {word: category for category, words in WORDS.items() for word in words.split()}


def folded_label(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9=_]+", " ", fold(text)).split())


class Trades:
    """The portal's categories by what is said of them; ``known``: primary keys by folded label, as people chose."""

    def __init__(self, categories: Iterable[tuple[int, str]], known: Mapping[str, int]) -> None:
        self.by_name = {folded_label(name): pk for pk, name in categories}
        self.names = set(self.by_name.values())
        self.known = {label: pk for label, pk in known.items() if pk in self.names}

    def of_label(self, label: str) -> int | None:
        """By people's choice, by its own name, by its tag, or by a name as good as the same."""
        folded = folded_label(label)
        if not folded:
            return None
        if found := self.known.get(folded) or self.by_name.get(folded):
            return found
        if "=" in folded:
            key = folded.partition("=")[0]
            return self._of(_BY_TAG.get(folded) or _BY_TAG.get(f"{key}=*"))
        near = process.extractOne(folded, self.by_name.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
        return self.by_name[near[0]] if near else None

    def of_name(self, name: str) -> int | None:
        """By the first word of the merchant's name that tells a trade."""
        words = folded_label(name).split()
        return next((found for word in words if (found := self._of(_BY_WORD.get(word)))), None)

    def _of(self, category: str | None) -> int | None:
        return self.by_name.get(folded_label(category)) if category else None
