"""How much a reason counts is data: a standing default, until an administrator says otherwise."""

from dataclasses import asdict

import pytest

from brokering.matching import Kind
from brokering.models import MatchWeight
from brokering.models.weights import weights_in_force
from brokering.standing import load_brokering_standing
from support.offer_files import STANDING, read
from tests import make

pytestmark = pytest.mark.django_db
STANDARD = {row["kind"]: row["points"] for row in read(STANDING)["match_weights"]}


def test_every_kind_of_reason_has_a_standing_weight():
    assert set(STANDARD) == {kind.value for kind in Kind}
    assert asdict(weights_in_force()) == STANDARD


def test_what_an_administrator_has_set_counts_and_stays(signed_in):
    load_brokering_standing(read(STANDING))
    make.council()
    row = MatchWeight.objects.get(kind="impact")
    signed_in("administrator").post(f"/admin/brokering/matchweight/{row.pk}/change/", {"points": "40"})
    load_brokering_standing(read(STANDING))
    assert asdict(weights_in_force()) == STANDARD | {"impact": 40}
    assert MatchWeight.objects.count() == len(Kind)


def test_the_kind_of_a_weight_is_fixed(signed_in):
    row = MatchWeight.objects.create(kind="skill", points=5)
    signed_in("administrator").post(f"/admin/brokering/matchweight/{row.pk}/change/", {"kind": "type", "points": "6"})
    row.refresh_from_db()
    assert (row.kind, row.points) == ("skill", 6)
