SECTORS = (
    ("Lévis", 46.810, -71.178),
    ("Pintendre", 46.756, -71.134),
    ("Saint-Joseph-de-la-Pointe-De Lévy", 46.807, -71.090),
    ("Saint-Romuald", 46.757, -71.235),
    ("Charny", 46.718, -71.262),
    ("Saint-Jean-Chrysostome", 46.716, -71.193),
    ("Sainte-Hélène-de-Breakeyville", 46.679, -71.226),
    ("Saint-Nicolas", 46.700, -71.391),
    ("Saint-Rédempteur", 46.702, -71.297),
    ("Saint-Étienne-de-Lauzon", 46.654, -71.317),
)
