"""Small files with the faults that such files have. Names, numbers and addresses are invented."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HEADINGS = "NEQ;Nom;Catégorie;Adresse;Secteur;Ville;Code postal;Téléphone;Courriel;Site web;Heures;Latitude;Longitude"
FOOD, BOOKS = "Alimentation et produits du terroir", "Livres, musique et papeterie"

_TROUBLE = "à venir;;javascript:alert(1);ouvert quand la lumière est allumée;48.8566;2.3522"
_QUAY = f"Boulangerie du Quai inc.;{FOOD};12, rue du Fleuve;Lévis;LEVIS;g6v1a1;418 555-0101 poste 2"
_LEON = f"1160000002;Librairie Chez Léon;{BOOKS}"

ROWS = (
    f'1160000001;{_QUAY};info@quai.example;www.quai.example;"lun-ven 9h-17h30; sam 10h-16h";46.81;-71.18',
    f"{_LEON};3, avenue Bégin;Charny;Charny;G6X-2B2;(418) 555-0102;;https://leon.example;sur rendez-vous;46.7;-71.2",
    f"{_LEON};99, route du Président;Pintendre;Lévis;G6C 3C3;(418) 555-0102;;;;;",
    f";BOULANGERIE DU QUAI (Lévis);{FOOD};12 rue du Fleuve;Lévis;Lévis;G6V 1A1;;;;;;",
    f"1160000005;   ;{FOOD};5, rue du Fleuve;Lévis;Lévis;G6V 1A1;;;;;;",
    f'1160000006;"=HYPERLINK(""http://x.example"";""Café"")";{FOOD};6, rue du Fleuve;Lévis;Lévis;G6V 1A1;;;;;;',
    "1160000007;Fleuriste d’En Face;Fleurs, jardin et animaux;7, rue du Fleuve;Sainte-Foy;Québec;G1V 2M2;;;;;;",
    f"1160000008;Garage Roy <b>et fils</b>;Divers & autres;8, rue du Fleuve;Lévis;Lévis;99999;{_TROUBLE}",
    f"1160000009;{'très ' * 60}long;{FOOD};9, rue du Fleuve;Lévis;Lévis;G6V 1A1;;;;;;",
    "1160000010;Chose;Divers & autres;10, rue du Fleuve;Lévis;Lévis;G6V 1A1;;;;;;",
    f"1160000011;Une cellule de trop;{FOOD};11, rue; du Fleuve;Lévis;Lévis;G6V 1A1;;;;;;;",
)
"""Lines 2 to 12 of the file."""


def town_file(
    path: Path, rows: Iterable[str] = ROWS, *, encoding: str = "utf-8-sig", separator: str = ";"
) -> Path:
    """``separator`` stands where the semicolons between cells do; the rows must hold no other."""
    text = "\r\n".join([HEADINGS, *rows, ""])
    path.write_bytes((text if separator == ";" else text.replace(";", separator)).encode(encoding))
    return path


def osm_file(path: Path, *elements: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"version": 0.6, "elements": elements}, ensure_ascii=False))
    return path


def shop(number: int, **tags: str) -> dict[str, Any]:
    return {"type": "node", "id": number, "lat": 46.81, "lon": -71.18, "tags": {"shop": "bakery", **tags}}


def register(folder: Path) -> Path:
    """An enterprise with two establishments, one struck off, one whose address is not disclosed, one without a name."""
    folder.mkdir(exist_ok=True)
    (folder / "Entreprise.csv").write_text(
        "\ufeffNEQ,COD_STAT_IMMAT\n1170000001,IM\n1170000002,RD\n1170000003,IM\n1170000004,IM\n"
    )
    (folder / "Nom.csv").write_text(
        "\ufeffNEQ,NOM_ASSUJ,STAT_NOM,TYP_NOM_ASSUJ,DAT_FIN_NOM_ASSUJ\n"
        "1170000001,Vélo Ancien,A,N,2020-01-01\n1170000001,Vélo des Rives inc.,V,N,\n1170000002,Café Fermé,V,N,\n"
        "1170000003,Chez Discret,V,N,\n"
    )
    (folder / "Etablissements.csv").write_text(
        "\ufeffNEQ,NO_SUF_ETAB,IND_DISP,LIGN1_ADR,LIGN2_ADR,LIGN3_ADR,LIGN4_ADR,DESC_ACT_ECON_ETAB\n"
        '1170000001,0001,O,"1, rue A",Lévis (Québec),,G6X 7B3,"Sports, loisirs et plein air"\n'
        '1170000001,0002,O,"2, rue B",Lévis (Québec),,G6X 7B3,"Sports, loisirs et plein air"\n'
        '1170000002,0001,O,"3, rue C",Lévis (Québec),,G6X 7B3,Restaurants et traiteurs\n'
        "1170000003,0001,N,,,,,Restaurants et traiteurs\n"
        '1170000004,0001,O,"4, rue D",Lévis (Québec),,G6X 7B3,Restaurants et traiteurs\n'
        '1170000009,0001,O,"5, rue E",Lévis (Québec),,G6X 7B3,Restaurants et traiteurs\n'
    )
    return folder
