"""What an invoice run would issue, and what it holds back, each with its reason (M13). Computed, never stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from billing.charges import Charge, Charged, Free, Held, Rates, Rule, Support, in_force, price
from billing.drawing_up import customer_of
from billing.models import Account, VatRate
from billing.offer_rules import OfferRules
from billing.payers import Payers
from billing.rate_book import rate_book
from billing.totals import Totals, totals
from billing.unbilled import billed_of, unbilled
from schools.sectors import Sector
from sidebyside.years import AcademicYear, FinancialYear, Period
from support.models import Delivery


@dataclass(frozen=True)
class ProposedLine:
    """One charge of one delivery, with the VAT that its account is billed."""

    delivery: Delivery
    charge: Charge
    vat_percent: Decimal
    vat_reason: str

    @property
    def source_key(self) -> str:
        """The charge's name: it is billed once (design, section 3)."""
        return source_key(self.delivery, self.charge)

    @property
    def says(self) -> dict[str, object]:
        """Everything that is frozen of it when it is approved, by the names of `ChargedLine` (M9, M11)."""
        delivery, charge = self.delivery, self.charge
        return {
            "source_key": self.source_key,
            "school_id": delivery.school_id,
            "school_name": delivery.school.name,
            "delivered_on": delivery.happens_on,
            "service": delivery.service.name,
            "service_code": delivery.service.code,
            "description": charge.description,
            "unit": charge.unit,
            "half_days": charge.half_days,
            "units": charge.units,
            "day_rate": charge.day_rate,
            "charge_percent": charge.charge_percent,
            "net": charge.net,
            "vat_percent": self.vat_percent,
            "vat_reason": self.vat_reason,
            "reason": charge.reason,
        }


@dataclass(frozen=True)
class ProposedInvoice:
    """One account's lines of one financial year, by school and date (E13)."""

    account: Account
    financial_year: FinancialYear
    lines: tuple[ProposedLine, ...]
    terms_days: int

    @property
    def customer(self) -> dict[str, object]:
        """Who it will be made out to: name, address and reference, as the document will say (M9)."""
        return asdict(customer_of(self.account)) | {"reference": self.account.reference}

    @property
    def totals(self) -> Totals:
        """What the invoice will come to (M7)."""
        return totals((line.charge.net, line.vat_percent) for line in self.lines)


@dataclass(frozen=True)
class HeldBack:
    """A delivery that cannot be invoiced yet, why, and the code of its cure; `charges` where its price is known."""

    delivery: Delivery
    code: str
    reason: str
    account: Account | None = None
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True)
class NotCharged:
    """A confirmed delivery that costs nothing on an invoice, and why."""

    delivery: Delivery
    reason: str


@dataclass(frozen=True)
class Proposal:
    """Everything that a run of a period would do."""

    period: Period
    invoices: tuple[ProposedInvoice, ...]
    held: tuple[HeldBack, ...]
    free: tuple[NotCharged, ...]

    @property
    def net(self) -> int:
        """The net of all its invoices, in pence."""
        return sum(invoice.totals.net for invoice in self.invoices)

    @property
    def gross(self) -> int:
        """The gross of all its invoices, in pence."""
        return sum(invoice.totals.gross for invoice in self.invoices)

    @property
    def digest(self) -> str:
        """Changes when anything changes that would stand on an invoice: what was seen is what is approved."""
        seen = hashlib.sha256()
        for invoice in self.invoices:
            account = invoice.account
            said = (account.pk, invoice.customer, account.po_number, invoice.terms_days)
            seen.update(repr((said, [line.says for line in invoice.lines])).encode())
        return seen.hexdigest()


def propose(period: Period) -> Proposal:
    """Price every unbilled academy delivery of a period, in five queries, or six where a part of one was credited."""
    deliveries = list(unbilled(period))
    terms_days = deliveries[0].council_terms if deliveries else 0  # type: ignore[attr-defined]
    return proposal_of(period, deliveries, terms_days=terms_days, billed=billed_of(deliveries))


def proposal_of(
    period: Period, deliveries: Collection[Delivery], *, terms_days: int = 0, billed: frozenset[str] = frozenset()
) -> Proposal:
    """Price these deliveries of a period, in four queries at most.

    They come with what `PRICED_WITH` names and `with_dispute()`.

    `terms_days` are the terms of an account that has none of its own: who only asks for prices needs none (M14).
    Charges that are `billed` are left out.
    """
    urns = {delivery.school_id for delivery in deliveries}
    years = {AcademicYear.containing(delivery.happens_on) for delivery in deliveries}
    pricing = _Pricing(rate_book(), Payers(urns), OfferRules(urns, years), terms_days, billed)
    return pricing.proposal(period, deliveries)


class _Pricing:
    """Prices deliveries one by one against facts that were read beforehand."""

    def __init__(
        self, rates: Rates, payers: Payers, rules: OfferRules, terms_days: int, billed: frozenset[str]
    ) -> None:
        self.rates, self.payers, self.rules, self.terms_days, self.billed = rates, payers, rules, terms_days, billed
        self.lines: dict[tuple[Account, FinancialYear], list[ProposedLine]] = defaultdict(list)
        self.held: list[HeldBack] = []
        self.free: list[NotCharged] = []

    def proposal(self, period: Period, deliveries: Iterable[Delivery]) -> Proposal:
        for delivery in deliveries:
            self._sort(delivery)
        ordered = sorted(self.lines.items(), key=lambda item: (item[0][0].name, item[0][0].pk, item[0][1]))
        invoices = tuple(
            ProposedInvoice(account, year, tuple(lines), account.terms_days or self.terms_days)
            for (account, year), lines in ordered
        )
        return Proposal(period, invoices, tuple(self.held), tuple(self.free))

    def _sort(self, delivery: Delivery) -> None:
        priced = self._open(delivery, self._price(delivery))
        if isinstance(priced, Charged) and not priced.charges:
            return
        if isinstance(priced, Free):
            self.free.append(NotCharged(delivery, priced.reason))
            return
        account = self.payers.payer_of(delivery.school, delivery.happens_on)
        held = priced if isinstance(priced, Held) else self._obstacle(delivery, account)
        if held or account is None or isinstance(priced, Held):
            code, reason = (held.code, held.reason) if held else ("account", "")
            charges = priced.charges if isinstance(priced, Charged) else ()
            self.held.append(HeldBack(delivery, code, reason, account, charges))
            return
        percent, why = self._vat(account, delivery.happens_on)
        year = FinancialYear.containing(delivery.happens_on)
        self.lines[account, year] += [ProposedLine(delivery, charge, percent, why) for charge in priced.charges]

    def _price(self, delivery: Delivery) -> Charged | Free | Held:
        champion_rule = None
        if delivery.champion_type:
            champion_rule = self._rule(delivery, delivery.champion_type.service.code)
        return price(
            support_of(delivery),
            rule=self._rule(delivery, delivery.service.code),
            champion_rule=champion_rule,
            rates=self.rates,
        )

    def _open(self, delivery: Delivery, priced: Charged | Free | Held) -> Charged | Free | Held:
        """Without the charges that are billed."""
        if not self.billed or not isinstance(priced, Charged):
            return priced
        charges = (each for each in priced.charges if source_key(delivery, each) not in self.billed)
        return Charged(tuple(charges))

    def _rule(self, delivery: Delivery, service: str) -> Rule | None:
        return self.rules.rule_for(delivery.school_id, service, delivery.happens_on)

    def _obstacle(self, delivery: Delivery, account: Account | None) -> Held | None:
        """Why a priced delivery cannot be billed yet (M1, M13)."""
        if delivery.dispute_open:
            return Held("disputed", "The school disputes it, and the team has not settled that yet.")
        if delivery.state != Delivery.State.CONFIRMED:
            return Held("unconfirmed", "The school has not confirmed it yet.")
        if account is None:
            return Held("account", f"No account pays for {delivery.school} on {delivery.happens_on:%-d %B %Y}.")
        if not in_force(self.rates.vat.get(account.vat_treatment, ()), delivery.happens_on):
            return Held("vat", f"The account {account} has no VAT treatment with a rate on that day.")
        if account.is_po_required and not account.po_number:
            return Held("po", f"The account {account} needs a purchase order number.")
        return None

    def _vat(self, account: Account, on: date) -> tuple[Decimal, str]:
        """M8: the treatment is the account's, the rate is the delivery date's."""
        begun, percent = in_force(self.rates.vat[account.vat_treatment], on) or (on, Decimal(0))
        label = VatRate.Treatment(account.vat_treatment).label
        why = f"{label} from {begun:%-d %B %Y}"
        return percent, f"{why}: {account.vat_reason}" if account.vat_reason else why


def source_key(delivery: Delivery, charge: Charge) -> str:
    """The name of a charge of a delivery, such as `delivery-123-champion`."""
    return f"delivery-{delivery.pk}-{charge.part}"


def support_of(delivery: Delivery) -> Support:
    """A delivery as the pricing rule wants it; needs its school, service and champion type fetched."""
    return Support(
        pk=delivery.pk,
        sector=delivery.school.sector and Sector(delivery.school.sector).value,
        service=delivery.service.code,
        service_name=delivery.service.name,
        unit=delivery.service.unit,
        happens_on=delivery.happens_on,
        half_days=delivery.half_days,
        units=delivery.units,
        is_bought=delivery.funding == Delivery.Funding.BOUGHT,
        champion_type=delivery.champion_type.code if delivery.champion_type else None,
        champion_name=delivery.champion_type.name if delivery.champion_type else "",
        is_champion_service=hasattr(delivery.service, "champion_type"),
        is_ordinary_visit=delivery.service.is_visit and not delivery.service.is_for_new_heads,
        agreed_price=delivery.agreed_price,
        agreed_with=delivery.agreed_with,
        agreed_on=delivery.agreed_on,
    )
