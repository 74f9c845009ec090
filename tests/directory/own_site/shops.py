"""Six shops as the web's tools make them, each with what was planted in it and must be found again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.directory.own_site.web import Answer, Reply, data, html

JPEG = Reply(b"not looked at", kind="image/jpeg")


@dataclass(frozen=True)
class Product:
    title: str
    price_cents: int | None
    words: str = ""
    photo: str = ""


@dataclass(frozen=True)
class Shop:
    """``planted``: fields by their names in Findings; addresses of pictures without their host."""

    name: str
    replies: Mapping[str, Answer]
    planted: Mapping[str, Any]
    products: tuple[Product, ...] = ()


def every_day_but(closed: set[int], *spans: str) -> dict[str, list[str]]:
    return {str(day): list(spans) for day in range(7) if day not in closed}


def scripted(thing: Any) -> str:
    """As careful sites write it: nothing in it ends the script."""
    told = json.dumps(thing).replace("</", "<\\/")
    return f'<script type="application/ld+json">{told}</script>'


SHOPIFY = Shop(
    "shopify",
    {
        "/": html(
            """<!doctype html><html lang="fr"><head><title>Savonnerie du Fleuve – Savons faits à la main</title>
            <meta property="og:site_name" content="Savonnerie du Fleuve">
            <meta property="og:description"
            content="Des savons au lait de ch&egrave;vre, coup&eacute;s et empaquet&eacute;s &agrave; L&eacute;vis.">
            <meta property="og:image" content="/cdn/shop/files/atelier.jpg?v=3">
            <link rel="stylesheet" href="https://cdn.shopify.com/s/theme.css"></head>
            <body><header><a href="/">
            <img class="header__logo" src="/cdn/shop/files/logo.png" alt="Savonnerie du Fleuve"></a></header>
            <a href="/pages/contact">Nous joindre</a>
            <a href="https://www.facebook.com/savonneriedufleuve">Facebook</a>
            <script>Shopify.theme = {"name": "Dawn"};</script></body></html>"""
        ),
        "/pages/contact": html(
            """<html><body><h1>Nous joindre</h1><p>Écrivez-nous :
            <a href="mailto:bonjour@savonnerie.example?subject=Allo">courriel</a></p>
            <p><a href="tel:+1-418-555-0142">418 555-0142</a></p>
            <address>48, rue Saint-Laurent<br>Lévis (Québec)&nbsp; G6V 3W6</address>
            <table><tr><td>Lundi</td><td>Fermé</td></tr><tr><td>Mardi au vendredi</td><td>10 h à 17 h 30</td></tr>
            <tr><td>Samedi</td><td>10 h – 16 h</td></tr></table></body></html>"""
        ),
        "/meta.json": data({"id": 1, "name": "Savonnerie du Fleuve", "currency": "CAD", "country": "CA"}),
        "/products.json": data(
            {
                "products": [
                    {
                        "id": 11,
                        "title": "Savon à l’avoine",
                        "handle": "savon-avoine",
                        "body_html": "<p>Doux, <b>sans parfum</b>.</p><p>100&nbsp;g</p>",
                        "variants": [
                            {
                                "id": 1,
                                "title": "Default Title",
                                "sku": "AV-1",
                                "price": "8.50",
                                "available": True,
                            }
                        ],
                        "images": [{"src": "/cdn/shop/products/avoine.jpg?v=1"}],
                    },
                    {
                        "id": 12,
                        "title": "Baume à lèvres",
                        "handle": "baume-levres",
                        "body_html": "Au miel.",
                        "variants": [
                            {"id": 2, "title": "Miel", "sku": "BA-M", "price": "6.00", "available": True},
                            {"id": 3, "title": "Menthe", "sku": "BA-T", "price": "6.25", "available": False},
                        ],
                        "images": [],
                    },
                ]
            }
        ),
    },
    {
        "name": "Savonnerie du Fleuve",
        "intro": "Des savons au lait de chèvre, coupés et empaquetés à Lévis.",
        "phone": "+14185550142",
        "email": "bonjour@savonnerie.example",
        "street_address": "48, rue Saint-Laurent",
        "city": "Lévis",
        "postal_code": "G6V 3W6",
        "week": {**{str(day): ["10:00-17:30"] for day in (1, 2, 3, 4)}, "5": ["10:00-16:00"]},
        "logo": "/cdn/shop/files/logo.png",
        "cover": "/cdn/shop/files/atelier.jpg?v=3",
        "shop_url": "/",
        "social": ["https://www.facebook.com/savonneriedufleuve"],
    },
    (
        Product(
            "Savon à l’avoine",
            850,
            "Doux, sans parfum.\n100 g",
            "/cdn/shop/products/avoine.jpg?v=1&width=1600",
        ),
        Product("Baume à lèvres", 600, "Au miel."),
    ),
)

WOOCOMMERCE = Shop(
    "woocommerce",
    {
        "/": html(
            """<html><head><title>Accueil | Miellerie des Battures</title>
            <meta name="description" content="Miel cru de Saint-Nicolas, extrait à froid par Léa et Simon.">
            <link rel="https://api.w.org/" href="/wp-json/">
            <link rel="stylesheet" href="/wp-content/plugins/woocommerce/a.css"></head>
            <body class="home woocommerce">
            <img class="custom-logo" src="/wp-content/uploads/logo.png" alt="Miellerie">
            <img src="/wp-content/uploads/ruches.jpg" alt="Nos ruches au printemps">
            <footer>Miellerie des Battures, 1520, chemin Vire-Crêpes, Lévis (Québec) G7A 2T4 ·
            581 555-0177 · miel@battures.example
            <p>Kiosque ouvert tous les jours de 9 h à 18 h</p>
            <a href="https://www.instagram.com/battures/">Instagram</a></footer></body></html>"""
        ),
        "/wp-json/wc/store/v1/products": data(
            [
                {
                    "id": 5,
                    "name": "Miel de trèfle",
                    "slug": "miel-de-trefle",
                    "sku": "MT500",
                    "permalink": "/produit/miel-de-trefle/",
                    "description": "<p>Pot de 500&nbsp;g.</p>",
                    "short_description": "",
                    "prices": {"price": "1250", "currency_code": "CAD", "currency_minor_unit": 2},
                    "images": [{"src": "/wp-content/uploads/trefle.jpg"}],
                },
                {
                    "id": 6,
                    "name": "Bougie de cire d&#8217;abeille",
                    "slug": "bougie",
                    "sku": "",
                    "permalink": "/produit/bougie/",
                    "description": "",
                    "short_description": "<em>Brûle 40 heures.</em>",
                    "prices": {"price": "1899", "currency_code": "CAD", "currency_minor_unit": 2},
                    "images": [],
                },
            ]
        ),
    },
    {
        "name": "Miellerie des Battures",
        "intro": "Miel cru de Saint-Nicolas, extrait à froid par Léa et Simon.",
        "phone": "+15815550177",
        "email": "miel@battures.example",
        "street_address": "1520, chemin Vire-Crêpes",
        "city": "Lévis",
        "postal_code": "G7A 2T4",
        "week": every_day_but(set(), "09:00-18:00"),
        "logo": "/wp-content/uploads/logo.png",
        "cover": "/wp-content/uploads/ruches.jpg",
        "shop_url": "/",
        "social": ["https://www.instagram.com/battures/"],
    },
    (
        Product("Miel de trèfle", 1250, "Pot de 500 g.", "/wp-content/uploads/trefle.jpg"),
        Product("Bougie de cire d’abeille", 1899, "Brûle 40 heures."),
    ),
)

JSON_LD = Shop(
    "json-ld",
    {
        "/": html(
            "<html><head><title>Librairie du Passage</title>"
            + scripted(
                {
                    "@context": "https://schema.org",
                    "@graph": [
                        {"@type": "WebSite", "name": "Site de la librairie", "url": "/"},
                        {
                            "@type": ["BookStore", "LocalBusiness"],
                            "name": "Librairie du Passage",
                            "legalName": "9123-4567 Québec inc.",
                            "description": "Trois libraires, douze mille livres et un chat. "
                            "On commande ce que l’on n’a pas, on lit ce que l’on vend, et le samedi à dix heures "
                            "on raconte une histoire aux enfants du quartier, assis par terre entre les romans et "
                            "la fenêtre. Depuis 1987, au coin de la rue du Passage.",
                            "telephone": "(418) 555-0111",
                            "email": "info@passage.example",
                            "address": {
                                "@type": "PostalAddress",
                                "streetAddress": "9, rue du Passage",
                                "addressLocality": "Lévis",
                                "addressRegion": "QC",
                                "postalCode": "g6v5s9",
                            },
                            "geo": {"@type": "GeoCoordinates", "latitude": "46.8112", "longitude": -71.1831},
                            "openingHoursSpecification": [
                                {
                                    "@type": "OpeningHoursSpecification",
                                    "dayOfWeek": ["Monday", "Tuesday", "Wednesday"],
                                    "opens": "09:30",
                                    "closes": "17:30",
                                },
                                {
                                    "dayOfWeek": ["https://schema.org/Thursday", "https://schema.org/Friday"],
                                    "opens": "09:30:00",
                                    "closes": "21:00:00",
                                },
                                {"dayOfWeek": "Saturday", "opens": "09:30", "closes": "17:00"},
                                {"dayOfWeek": "Sunday", "opens": "00:00", "closes": "00:00"},
                                {
                                    "dayOfWeek": "Sunday",
                                    "opens": "10:00",
                                    "closes": "12:00",
                                    "validFrom": "2026-12-20",
                                    "validThrough": "2026-12-20",
                                },
                            ],
                            "logo": {"@type": "ImageObject", "url": "/media/logo.png"},
                            "image": [
                                "/media/vitrine.jpg",
                                {"@type": "ImageObject", "url": "/media/chat.jpg"},
                            ],
                            "sameAs": ["https://www.facebook.com/librairiedupassage"],
                        },
                    ],
                }
            )
            + '<script type="application/ld+json">{ceci n’est pas du JSON</script>'
            + scripted(
                [
                    {
                        "@type": "Product",
                        "name": "Carnet ligné",
                        "sku": "CL-1",
                        "image": "/media/carnet.jpg",
                        "description": "Cousu main.",
                        "offers": {"@type": "Offer", "price": 14.5, "priceCurrency": "CAD"},
                    },
                    {
                        "@type": "Product",
                        "name": "Poster of the river",
                        "offers": {"price": "30", "priceCurrency": "USD"},
                    },
                ]
            )
            + "</head><body><p>Bienvenue</p></body></html>"
        ),
    },
    {
        "name": "Librairie du Passage",
        "legal_name": "9123-4567 Québec inc.",
        "phone": "+14185550111",
        "email": "info@passage.example",
        "street_address": "9, rue du Passage",
        "city": "Lévis",
        "postal_code": "G6V 5S9",
        "latitude": 46.8112,
        "longitude": -71.1831,
        "week": {
            **{str(day): ["09:30-17:30"] for day in (0, 1, 2)},
            "3": ["09:30-21:00"],
            "4": ["09:30-21:00"],
            "5": ["09:30-17:00"],
        },
        "logo": "/media/logo.png",
        "cover": "/media/vitrine.jpg",
        "photos": ["/media/chat.jpg"],
        "social": ["https://www.facebook.com/librairiedupassage"],
        "intro": "Trois libraires, douze mille livres et un chat.",
    },
    (
        Product("Carnet ligné", 1450, "Cousu main.", "/media/carnet.jpg"),
        Product("Poster of the river", None),
    ),
)

MICRODATA = Shop(
    "microdata",
    {
        "/": html(
            """<html><head><title>Chez Marguerite</title></head>
            <body itemscope itemtype="https://schema.org/ClothingStore">
            <img itemprop="logo" src="/i/marguerite.png" alt="">
            <h1 itemprop="name">Chez Marguerite</h1>
            <p itemprop="description">Des vêtements de lin taillés et cousus à Charny, à vos mesures.</p>
            <div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
            <span itemprop="streetAddress">3310, avenue des Églises</span>, <span itemprop="addressLocality">Lévis
            </span>
            <span itemprop="postalCode">G6X 1W9</span></div>
            <a itemprop="telephone" href="tel:4185550133" content="418-555-0133">418-555-0133</a>
            <meta itemprop="email" content="marguerite@lin.example">
            <time itemprop="openingHours" datetime="Tu-Fr 10:00-18:00"></time>
            <meta itemprop="openingHours" content="Tu,We 10:00-18:00">
            <meta itemprop="openingHours" content="Th-Fr 10:00-12:00,13:00-20:00">
            <img itemprop="image" src="/i/atelier.jpg" alt="L’atelier">
            <div itemscope itemtype="http://schema.org/Product"><span itemprop="name">Robe tablier</span>
            <a itemprop="url" href="/robes/tablier.html">Voir</a><img itemprop="image" src="/i/robe.jpg">
            <div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><span itemprop="price">189,00 $</span>
            <meta itemprop="priceCurrency" content="CAD"></div></div></body></html>"""
        ),
    },
    {
        "name": "Chez Marguerite",
        "intro": "Des vêtements de lin taillés et cousus à Charny, à vos mesures.",
        "phone": "+14185550133",
        "email": "marguerite@lin.example",
        "street_address": "3310, avenue des Églises",
        "city": "Lévis",
        "postal_code": "G6X 1W9",
        "week": {
            "1": ["10:00-18:00"],
            "2": ["10:00-18:00"],
            "3": ["10:00-12:00", "13:00-20:00"],
            "4": ["10:00-12:00", "13:00-20:00"],
        },
        "logo": "/i/marguerite.png",
        "cover": "/i/atelier.jpg",
    },
    (Product("Robe tablier", 18900, "", "/i/robe.jpg"),),
)

OPEN_GRAPH = Shop(
    "open graph",
    {
        "/": html(
            """<html><head><title>Home</title><meta property="og:site_name" content="Toilettage Plume &amp; Patte">
            <meta property="og:description"
            content="On lave, on taille et on rassure chiens et chats de Saint-Romuald.">
            <meta property="og:image" content="https://exemple.example/plume.jpg"></head>
            <body><a href="tel:418%20555%200155">Appelez-nous</a><a href="mailto:rdv@plume.example">Écrivez-nous</a>
            <a href="https://www.facebook.com/sharer/sharer.php?u=x">Partager</a>
            <a href="https://www.facebook.com/plumepatte">Facebook</a></body></html>"""
        ),
    },
    {
        "name": "Toilettage Plume & Patte",
        "intro": "On lave, on taille et on rassure chiens et chats de Saint-Romuald.",
        "phone": "+14185550155",
        "email": "rdv@plume.example",
        "cover": "https://exemple.example/plume.jpg",
        "social": ["https://www.facebook.com/plumepatte"],
    },
)

_RESTAURANT = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">
<title>Le Petit Bateau - Resto de quartier</title>
<meta name="description" content="Des moules, des frites et la vue sur le fleuve, à deux pas de la traverse."></head>
<body><h2>Où nous trouver</h2><p>5995, rue Saint-Laurent<br>Lévis, Québec<br>G6V 3P5</p>
<p>Réservations : (418) 555-0188</p>
<h2>Nos heures</h2><ul><li>Du mardi au jeudi : 11 h 30 à 14 h et 17 h à 21 h</li>
<li>Vendredi et samedi, de 11h30 à 23h</li>
<li>Dimanche : 10 h à 14 h</li><li>Lundi : fermé</li></ul><img src="photos/terrasse.jpg" alt="La terrasse">
<p>Courriel : table@petitbateau.example</p></body></html>"""

RESTAURANT = Shop(
    "restaurant in Latin-1",
    {"/": Reply(_RESTAURANT.encode("latin-1"), kind="text/html")},
    {
        "name": "Le Petit Bateau",
        "intro": "Des moules, des frites et la vue sur le fleuve, à deux pas de la traverse.",
        "phone": "+14185550188",
        "email": "table@petitbateau.example",
        "street_address": "5995, rue Saint-Laurent",
        "city": "Lévis",
        "postal_code": "G6V 3P5",
        "week": {
            **{str(day): ["11:30-14:00", "17:00-21:00"] for day in (1, 2, 3)},
            "4": ["11:30-23:00"],
            "5": ["11:30-23:00"],
            "6": ["10:00-14:00"],
        },
        "cover": "/photos/terrasse.jpg",
    },
)

SHOPS = (SHOPIFY, WOOCOMMERCE, JSON_LD, MICRODATA, OPEN_GRAPH, RESTAURANT)
