"""The home school's side: who is paid how, the statements of the first financial year, and the journals of them."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from reimbursing.actions.approving import approve_statements
from reimbursing.actions.files import make_file
from reimbursing.actions.payees import set_payee
from reimbursing.handing_over import to_hand_over
from reimbursing.issuing import write_due_statements
from reimbursing.models import Method, ReimbursementRate
from reimbursing.proposing import propose
from schools.models import Membership, School
from sidebyside.demo.source import DOMAIN, read
from sidebyside.demo.world import PAST, World, is_academy
from sidebyside.years import FinancialYear, Period
from support.models import Champion, ChampionType

STATED = Period(PAST.first_day, FinancialYear(PAST.start).last_day)
NOT_SAID_YET = "CH16"  # nobody has said yet how the home school of this champion is paid
APPROVED_ON, JOURNALLED_ON = date(2023, 4, 18), date(2023, 4, 20)


def lend(world: World, champions: list[Champion]) -> None:
    """What home schools get for a day, and the head of one who signs in."""
    types = {kind.code: kind for kind in ChampionType.objects.all()}
    for row in read("council")["reimbursement_rates"]:
        ReimbursementRate.objects.create(champion_type=types[row["type"]], starts_on=row["starts_on"], rate=row["rate"])
    home, person = champions[0].home_school, world.person("home")
    Membership.objects.create(user=person, school=home, post=Membership.Post.HEAD, started_on=PAST.first_day)


def reimburse(world: World) -> None:
    """Everything up to March 2023 is stated, and journalled where the school is maintained; the rest is owed."""
    finance = world.person("finance")
    homes = School.objects.filter(lendings__isnull=False).exclude(lendings__champion__code=NOT_SAID_YET)
    for home in homes.distinct().order_by("urn"):
        _say_how_it_is_paid(world, home)
    seen = propose(STATED)
    approve_statements(STATED, digest=seen.digest, request_key="demonstration", by=finance, on=APPROVED_ON)
    while write_due_statements(now=timezone.make_aware(datetime.combine(APPROVED_ON, time(9)))):
        continue
    digest = to_hand_over(Method.JOURNAL).digest
    make_file(Method.JOURNAL, digest=digest, request_key="demonstration", by=finance, on=JOURNALLED_ON)


def _say_how_it_is_paid(world: World, home: School) -> None:
    """An invented cost centre or bank account; an academy has an address for its statements."""
    bank = {"payee_name": str(home)[:60], "sort_code": "00-00-00", "account_number": f"{home.urn:08}"}
    email = f"accounts{home.urn}@{DOMAIN}"
    fields = bank | {"email": email} if is_academy(home) else {"cost_centre": f"S{home.urn}"}
    set_payee(home, by=world.person("finance"), **fields)
