"""M16: whatever happens, each half day is reimbursed once, and what is charged and the subsidy are what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import RunLine
from reimbursing.models import StatementLine
from reimbursing.owing import value_of
from reimbursing.proposing import propose
from reimbursing.subsidy import subsidy
from reimbursing.subsidy_sums import By
from sidebyside.refusals import Refusal
from sidebyside.years import Period
from support.actions.confirming import confirm_delivery, withdraw_delivery
from support.actions.shortening import shorten_delivery
from support.models import Delivery
from tests import make
from tests.billing.cases import approve as approve_invoices
from tests.reimbursing.cases import ON, approve, lent, world

pytestmark = pytest.mark.django_db
FIRST = date(2023, 3, 20)  # so that days lie on both sides of 31 March, where the band changes
PERIOD = Period(date(2022, 9, 1), date(2023, 8, 31))
BOTH_YEARS = Period(date(2022, 4, 1), date(2024, 3, 31))
RATES = make.EXAMPLE_RATES
STEPS = st.one_of(
    st.tuples(st.just("log"), st.integers(0, 1), st.integers(1, 3)),
    st.tuples(st.sampled_from(["confirm", "withdraw", "shorten"]), st.integers(0, 5), st.just(0)),
    st.tuples(st.sampled_from(["state", "invoice"]), st.just(0), st.just(0)),
)


@pytest.fixture
def places() -> dict[str, list]:
    """Two champions of different types and home schools, an academy and a maintained school, and a team leader."""
    world()
    academy = make.academy()
    make.account(academy)
    return {"champions": [lent(), lent("academy", "SSPC")], "schools": [academy, make.school()]}


@contextmanager
def undone() -> Iterator[None]:
    """What happens in one history is gone before the next begins."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class History:
    """Plays the steps through the real actions; what an action refuses does not happen."""

    def __init__(self, champions: list, schools: list) -> None:
        self.champions, self.schools, self.lead = champions, schools, make.user("lead")
        self.days: list[Delivery] = []

    def play(self, steps: list[tuple[str, int, int]]) -> None:
        for name, which, half_days in steps:
            try:
                getattr(self, name)(which, half_days)
            except Refusal:
                continue

    def log(self, which: int, half_days: int) -> None:
        champion, happens_on = self.champions[which], FIRST + timedelta(days=3 * len(self.days))
        values = {"champion": champion, "days": str(half_days / 2), "state": "delivered"}
        code = champion.type.code
        self.days.append(make.delivery(self.schools[len(self.days) % 2], code, happens_on, **values))

    def confirm(self, which: int, _: int) -> None:
        if which < len(self.days):
            self.days[which].refresh_from_db()
            confirm_delivery(self.days[which], by=self.lead, on=ON, why="By telephone")

    def withdraw(self, which: int, _: int) -> None:
        if which < len(self.days):
            withdraw_delivery(self.days[which], why="Not so", by=self.lead, on=ON)

    def shorten(self, which: int, _: int) -> None:
        if which < len(self.days):
            shorten_delivery(self.days[which], half_days=1, why="Half", by=self.lead, on=ON)

    def state(self, *_: int) -> None:
        approve(PERIOD)

    def invoice(self, *_: int) -> None:
        approve_invoices(PERIOD)


def true_cost() -> int:
    """What every confirmed half day costs, each delivery by itself."""
    rows = Delivery.objects.confirmed().values_list("champion_type__code", "half_days")
    return sum(value_of(RATES[code], half_days) for code, half_days in rows)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_m16_each_half_day_is_reimbursed_once_and_charges_and_subsidy_are_the_cost(places, steps):
    with undone():
        history = History(**places)
        history.play(steps)
        before = subsidy(By.TYPE, BOTH_YEARS).total
        assert (before.cost, before.charged + before.to_charge + before.subsidy) == (true_cost(), true_cost())
        history.play([("state", 0, 0), ("invoice", 0, 0)])
        lines = StatementLine.objects.order_by().values_list("delivery").annotate(x=Sum("half_days"))
        stated = {delivery: half_days for delivery, half_days in lines if half_days}
        assert stated == dict(Delivery.objects.confirmed().values_list("pk", "half_days"))
        assert propose(PERIOD).statements == ()
        paid = StatementLine.objects.aggregate(x=Sum("amount", default=0))["x"]
        charged = RunLine.objects.aggregate(x=Sum("net", default=0))["x"]
        after = subsidy(By.SCHOOL, BOTH_YEARS).total
        assert (after.stated, after.to_state, after.charged, after.to_charge) == (paid, 0, charged, 0)
        assert after.charged + after.subsidy == after.cost == paid == true_cost()
        assert (after.half_days, after.income) == (sum(stated.values()), before.income)
