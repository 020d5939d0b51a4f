"""Whether a VAT number of the United Kingdom can be one. Pure: imports no Django."""

from __future__ import annotations

import re

STANDARD = re.compile(r"(\d{9})(\d{3})?", re.ASCII)  # the last three name a branch of a group
GOVERNMENT = re.compile(r"GD[0-4]\d\d", re.ASCII)
HEALTH = re.compile(r"HA[5-9]\d\d", re.ASCII)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 1)
OF_2010 = 55  # what numbers given out since 2010 add to the sum


def is_vat_number(text: str) -> bool:
    """Whether its form and check digits are right: GB and nine or twelve digits, or GD or HA and three.

    The weighted sum of nine digits is divisible by 97, or is so with 55 added (the numbers given out since 2010).
    """
    number = text.replace(" ", "").upper().removeprefix("GB")
    if GOVERNMENT.fullmatch(number) or HEALTH.fullmatch(number):
        return True
    if not STANDARD.fullmatch(number) or not int(number[:7]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:9], strict=True))
    return 0 in (total % 97, (total + OF_2010) % 97)
