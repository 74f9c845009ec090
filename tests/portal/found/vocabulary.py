"""What schema.org says of the types that our pages use, and which properties search engines ask for.

Facts of schema.org (release 29) and of the search engines' own lists of required properties, as of November 2026. Only
what we use stands here: a property that does not is a slip of the pen until somebody has looked it up and added it.
"""

PARENTS = {
    "AdvertiserContentArticle": "Article",
    "Book": "CreativeWork",
    "CollectionPage": "WebPage",
    "CreativeWorkSeries": "CreativeWork",
    "ItemPage": "WebPage",
    "NewsArticle": "Article",
    "NewsMediaOrganization": "Organization",
    "ProfilePage": "WebPage",
    "ProductGroup": "Product",
    "Store": "LocalBusiness",
}
"""A type has all that its parent has."""

REQUIRED = {
    "Article": "headline datePublished author publisher image",
    "Book": "isbn",
    "BreadcrumbList": "itemListElement",
    "ContactPoint": "contactType",
    "DefinedRegion": "addressCountry",
    "EntryPoint": "urlTemplate",
    "Event": "name startDate location",
    "GeoCoordinates": "latitude longitude",
    "HowToStep": "text",
    "ImageObject": "url",
    "ItemList": "itemListElement",
    "ListItem": "position name",
    "LocalBusiness": "@id name url",
    "MerchantReturnPolicy": "merchantReturnLink",
    "MonetaryAmount": "value currency",
    "Offer": "price priceCurrency availability url seller",
    "OfferShippingDetails": "shippingRate shippingDestination deliveryTime",
    "OpeningHoursSpecification": "opens closes",
    "Organization": "name",
    "Person": "name",
    "Place": "name",
    "PostalAddress": "addressCountry",
    "Product": "name",
    "ProductGroup": "productGroupID variesBy hasVariant",
    "PropertyValue": "name value",
    "QuantitativeValue": "unitCode",
    "Recipe": "name image recipeIngredient recipeInstructions",
    "SearchAction": "target query-input",
    "ShippingDeliveryTime": "transitTime",
    "UnitPriceSpecification": "price priceCurrency referenceQuantity",
    "WebPage": "@id url name isPartOf",
    "WebSite": "@id url name publisher",
}

OPTIONAL = {
    "Article": "url mainEntityOfPage description articleSection dateModified inLanguage sponsor keywords isPartOf "
    "position about mentions alternativeHeadline contentLocation thumbnailUrl "
    "hasPart articleBody wordCount isAccessibleForFree copyrightHolder",
    "Book": "author bookFormat numberOfPages",
    "ContactPoint": "telephone email",
    "CreativeWork": "name url image description",
    "DefinedRegion": "addressRegion postalCodePrefix",
    "Event": "url description endDate eventAttendanceMode eventStatus image organizer",
    "HowToStep": "name image position url",
    "ImageObject": "width height caption creditText contentUrl",
    "ItemList": "numberOfItems name itemListOrder",
    "ListItem": "item url",
    "LocalBusiness": "description telephone email image address geo sameAs areaServed paymentAccepted "
    "currenciesAccepted openingHoursSpecification specialOpeningHoursSpecification hasMap",
    "MerchantReturnPolicy": "applicableCountry description",
    "Offer": "priceSpecification priceValidUntil availableDeliveryMethod shippingDetails hasMerchantReturnPolicy",
    "OpeningHoursSpecification": "dayOfWeek validFrom validThrough",
    "Organization": "url slogan logo address areaServed parentOrganization contactPoint sameAs",
    "Person": "url jobTitle description image worksFor",
    "Place": "address url geo",
    "PostalAddress": "streetAddress addressLocality addressRegion postalCode",
    "Product": "url description image category sku gtin13 offers brand color size material pattern additionalProperty",
    "QuantitativeValue": "value minValue maxValue",
    "Recipe": "isPartOf inLanguage author datePublished description "
    "recipeYield prepTime cookTime totalTime recipeCategory keywords url",
    "WebPage": "inLanguage mainEntity dateModified datePublished description hasPart primaryImageOfPage about "
    "breadcrumb "
    "temporalCoverage sponsor",
    "WebSite": "inLanguage potentialAction alternateName",
}

KINDS = {
    **dict.fromkeys(
        ("url", "mainEntityOfPage", "item", "image", "logo", "merchantReturnLink", "contentUrl"), "address"
    ),
    **dict.fromkeys(("sameAs", "hasMap"), "link"),
    **dict.fromkeys(("availability", "dayOfWeek", "eventStatus", "eventAttendanceMode"), "member"),
    "availableDeliveryMethod": "link",
    **dict.fromkeys(
        ("datePublished", "startDate", "endDate", "validFrom", "validThrough", "priceValidUntil"), "day"
    ),
    "dateModified": "moment",
    **dict.fromkeys(("opens", "closes"), "clock"),
    **dict.fromkeys(("price",), "amount"),
    **dict.fromkeys(("prepTime", "cookTime", "totalTime"), "duration"),
    **dict.fromkeys(("position", "numberOfItems", "latitude", "longitude", "minValue", "maxValue"), "number"),
    **dict.fromkeys(("priceCurrency", "currency", "currenciesAccepted"), "currency"),
    "gtin13": "gtin",
    "telephone": "telephone",
}
"""What a value is; whatever is not named is text, or a node of a type above."""


def lineage(kind: str) -> list[str]:
    """The type, then what it is a kind of."""
    return [kind, *lineage(PARENTS[kind])] if kind in PARENTS else [kind]


def required(kind: str) -> set[str]:
    return {name for each in lineage(kind) for name in REQUIRED.get(each, "").split()}


def known(kind: str) -> set[str]:
    more = {name for each in lineage(kind) for name in OPTIONAL.get(each, "").split()}
    return required(kind) | more | {"@type", "@id"}


def is_known(kind: str) -> bool:
    return kind in PARENTS or kind in REQUIRED or kind in OPTIONAL
