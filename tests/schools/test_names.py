"""Names of trusts, which the register has in capitals, in readable case."""

import pytest

from schools.models import Trust
from schools.names import readable


@pytest.mark.parametrize(
    "shown",
    [
        "The Chiltern Learning Trust",
        "St Mary's C of E Trust",
        "St Nicolas' CE Combined School Taplow",
        "St Mary’s RC School (Harrow on the Hill)",
        "REACH2 Academy Trust",
        "E-ACT",
        "Campfire Education Trust (MAT)",
        "The Merchant Taylors' Oxfordshire Academy Trust Ltd",
        "Dr Challoner's Grammar School",
        "O'Connor and McAuley Catholic Trust",
        "Stoke-on-Trent Co-operative Learning",
        "GLF Schools",
        "King Edward VI Foundation",
        "21st Century Learning & Care",
        "The Bishop's CofE Trust",
        "A Trust for All",
        "Learning Trust, the First of Its Kind",
    ],
)
def test_capitals_become_readable(shown):
    assert readable(shown.upper()) == shown


@pytest.mark.parametrize("name", ["Danes Educational Trust", "ATLAS Multi Academy Trust", "CofE Schools", "iLearn", ""])
def test_a_name_that_somebody_wrote_with_care_stays(name):
    assert readable(name) == name


def test_the_row_keeps_the_registers_own_text():
    trust = Trust(uid=5000, name="THE CHILTERN LEARNING TRUST")
    assert (str(trust), trust.name) == ("The Chiltern Learning Trust", "THE CHILTERN LEARNING TRUST")
