"""Dates and times as Québec writes them. Django 5.2 leaves the « h » of its own fr-CA times unescaped: "13 01 40"."""

DATE_FORMAT = "j F Y"  # 22 novembre 2026
TIME_FORMAT = "G\xa0\\h\xa0i"  # 17 h 30
DATETIME_FORMAT = "j F Y, G\xa0\\h\xa0i"  # 22 novembre 2026, 17 h 30
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d G\xa0\\h\xa0i"
FIRST_DAY_OF_WEEK = 0  # dimanche

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%Hh%M", "%H h %M", "%Hh", "%H h"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M"]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
