"""VAT numbers of the United Kingdom: their forms and their check digits."""

import pytest

from sidebyside.council.vat_numbers import is_vat_number


@pytest.mark.parametrize(
    "number",
    [
        "GB999999973",
        "GB 999 9999 73",
        "999999973",
        "gb123456782",
        "GB123456727",
        "GB999999973001",
        "GBGD001",
        "GBHA599",
    ],
)
def test_a_number_that_can_be_one_is_known(number):
    assert is_vat_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "GB12",
        "GB123456789",
        "GB999999937",
        "GB000000000",
        "GBGD500",
        "GBHA499",
        "DE999999973",
        "GB99999997３",
        "GB9999999730",
    ],
)
def test_a_number_that_cannot_be_one_is_known_too(number):
    assert not is_vat_number(number)
