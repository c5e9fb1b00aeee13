"""Names for people who do not exist: forenames from many backgrounds, surnames out of a walk in the country.

Every surname is a bird, tree or herb before a piece of landscape (Larkmere, Tansywold), whatever the background, so
that a list of names shows at a glance that it is made up.
"""

from collections.abc import Mapping, Sequence
from random import Random

__all__ = ["BACKGROUND_OF", "FORENAMES", "forename", "surname"]

BACKGROUND_OF: Mapping[str, str] = {
    "WBRI": "british",
    "WIRI": "irish",
    "WIRT": "irish",
    "WROM": "east_european",
    "WOTH": "east_european",
    "MWBC": "caribbean",
    "MWBA": "west_african",
    "MWAS": "indian",
    "MOTH": "british",
    "AIND": "indian",
    "APKN": "pakistani",
    "ABAN": "pakistani",
    "AOTH": "south_east_asian",
    "BCRB": "caribbean",
    "BAFR": "west_african",
    "BOTH": "east_african",
    "CHNE": "chinese",
    "OOTH": "arab",
    "REFU": "british",
    "NOBT": "british",
}
"""Which pool of forenames goes with an ethnicity code."""

_POOLS: Mapping[tuple[str, str], str] = {
    ("british", "F"): (
        "Amelia Isla Ava Emily Poppy Grace Freya Evie Ella Daisy Phoebe Florence Rosie Alice Matilda Imogen Beatrice "
        "Harriet Eliza Martha Nancy Zoë Siân Cerys Eilidh Mollie Jessica Lucy Hannah Megan Anne-Marie Ivy Willow Erin"
    ),
    ("british", "M"): (
        "Oliver George Harry Jack Noah Charlie Jacob Alfie Freddie Oscar Archie Henry Thomas Joshua William James "
        "Samuel Edward Toby Reuben Stanley Ralph Callum Rhys Owen Euan Jude Finley Luke Daniel Benjamin Louis Adam"
    ),
    ("irish", "F"): "Aoife Niamh Saoirse Ciara Róisín Orla Clodagh Sinéad Bríd Caoimhe",
    ("irish", "M"): "Conor Cillian Oisín Fionn Declan Eoin Seán Rory Tadhg Ciarán",
    ("east_european", "F"): "Zofia Maja Oliwia Hanna Aleksandra Elena Ioana Katarína Daria Mirela Viktoria Simona",
    ("east_european", "M"): "Jakub Łukasz Filip Mateusz Kacper Andrei Mihai Dawid Tomáš Vasile Nikolai Bartosz",
    ("indian", "F"): "Anaya Diya Priya Kavya Meera Simran Jasleen Nisha Riya Harpreet Asha Tara Gurleen Lakshmi",
    ("indian", "M"): "Arjun Rohan Dev Kiran Manraj Arnav Jai Gurpreet Vikram Nikhil Ravi Sahib Aditya Hari",
    ("pakistani", "F"): "Aisha Maryam Zainab Hafsa Khadija Inaya Sumaiya Noor Iqra Safa Amina Rabia Nusrat Farhana",
    ("pakistani", "M"): "Muhammad Yusuf Ibrahim Hamza Bilal Zayn Ismail Haris Tariq Rayyan Shafiq Imran Nabil Musa",
    ("caribbean", "F"): "Shanice Tiana Kezia Naomi Aaliyah Renee Jada Candice Monique Serena",
    ("caribbean", "M"): "Jerome Tyrese Malachi Isaiah Marcus Andre Kymani Dwayne Leon Curtis",
    ("west_african", "F"): "Adaeze Temi Ama Folake Efua Chiamaka Abena Ngozi Ifeoma Yewande Akosua Simisola",
    ("west_african", "M"): "Kwame Tobi Emeka Kofi Ayo Chidi Femi Kojo Obinna Seun Yaw Dapo",
    ("east_african", "F"): "Hodan Fartun Selam Ayaan Sagal Makda Ifrah Wanjiru Zahra Hiwot",
    ("east_african", "M"): "Abdi Liban Yonas Mahad Dawit Kamau Guled Samatar Natnael Otieno",
    ("chinese", "F"): "Mei Xin Lan Yuxi Jia Hui Ning Qing Yan Siu-Ling",
    ("chinese", "M"): "Wei Jun Hao Ming Zihan Kai Lok Chen Bo Ka-Ho",
    ("south_east_asian", "F"): "Linh Maricel Thi Sunita Nirmala Suda Pema Anjali Liezel Dilini",
    ("south_east_asian", "M"): "Minh Jomar Bao Suresh Prakash Anan Tenzin Rajan Paolo Kasun",
    ("arab", "F"): "Layla Salma Rana Dina Yasmin Hala Shirin Nadia Leyla Farida",
    ("arab", "M"): "Omar Karim Samir Hadi Rami Walid Darius Emre Faisal Nasser",
}
FORENAMES: Mapping[tuple[str, str], Sequence[str]] = {key: tuple(pool.split()) for key, pool in _POOLS.items()}
"""Forenames by background and sex."""

_BEGINNINGS = (
    *("Amber", "Barley", "Bracken", "Bramble", "Clover", "Cobble", "Curlew", "Damson", "Dapple", "Ember", "Finch"),
    *("Gorse", "Heron", "Juniper", "Kestrel", "Larch", "Lark", "Linden", "Mallow", "Maple", "Merlin", "Osprey"),
    *("Otter", "Pebble", "Plover", "Quill", "Rowan", "Saffron", "Sorrel", "Sparrow", "Starling", "Tansy", "Tawny"),
    *("Teal", "Thistle", "Willow", "Wren", "Yarrow"),
)
_ENDINGS = (
    *("brook", "combe", "dale", "fell", "fold", "garth", "grove", "holm", "lea", "mere", "moor", "ridge"),
    *("stead", "wick", "wold"),
)


def forename(ethnicity: str, sex: str, throw: Random) -> str:
    """A forename somebody of an ethnicity and sex may well have."""
    return throw.choice(FORENAMES[BACKGROUND_OF[ethnicity], sex])


def surname(throw: Random) -> str:
    """A surname that shows it is made up."""
    return throw.choice(_BEGINNINGS) + throw.choice(_ENDINGS)
