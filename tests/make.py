"""Makes the smallest world that a test needs: `make.school(...)`, `make.delivery(...)`. Defaults are the examples'.

Inputs of the examples: the 2022/23 offer, day rates SSLC £550, SSPC £400, ABLE £350, bands 0 / 50 / 100 %, VAT 20 %.
"""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from billing.models import Account, AccountContact, ChargeBand, InvoiceRun, ReminderStage, RunItem, VatRate
from brokering.models import Need
from impact.models import Finding, OutcomeRating, Review, ReviewInvitation, Sample, SampledDeployment
from reimbursing.models import Payee, ReimbursementRate
from reimbursing.models.payees import method_for
from schools.models import (
    AdviserAssignment,
    Appointment,
    Category,
    CategoryEntry,
    Membership,
    School,
    Trust,
    TrustMembership,
)
from sidebyside.accounts.models import User
from sidebyside.council.models import Council, HalfTerm
from support.models import (
    Champion,
    ChampionType,
    DayRate,
    Delivery,
    Deployment,
    Lending,
    Offer,
    OfferLine,
    Pool,
    Service,
    Skill,
)
from visits.models import AgreedAction, ConfidentialNote, Note, Visit

DATA = Path(__file__).resolve().parent.parent / "data"
STANDING = json.loads((DATA / "standing.json").read_text())
OFFER = json.loads((DATA / "offer.json").read_text())
HALF_TERMS = (
    ("Autumn 1", (9, 5), (10, 21)),
    ("Autumn 2", (10, 31), (12, 16)),
    ("Spring 1", (1, 3), (2, 10)),
    ("Spring 2", (2, 20), (3, 31)),
    ("Summer 1", (4, 17), (5, 26)),
    ("Summer 2", (6, 5), (7, 21)),
)
EXAMPLE_RATES = {"SSLC": 55000, "SSPC": 40000, "ABLE": 35000}

_counter = itertools.count(1)


def council(**rest: Any) -> Council:
    """The council that runs the portal; an invented one."""
    values = {
        "name": "Westmere Council",
        "authority_code": "825",
        "address": "Town Hall\nHigh Street\nWestmere\nWM1 1AA",
        "email": "schools@westmere.example",
        "finance_email": "finance@westmere.example",
        "vat_number": "GB123456782",
        "bank_name": "Example Bank",
        "bank_account_name": "Westmere Council",
        "sort_code": "20-00-00",
        "account_number": "12345678",
        "terms_days": 28,
        "invoice_prefix": "SBS",
        "credit_note_prefix": "SBC",
        "reimbursement_prefix": "SBR",
        "reimbursement_cost_centre": "E1200",
    }
    return Council.objects.update_or_create(pk=1, defaults=values | rest)[0]


def user(role: str = "adviser", **rest: Any) -> User:
    """A person of a role, with an email of their own."""
    number = next(_counter)
    values = {"email": f"{role}{number}@westmere.example", "name": f"{role.title()} {number}", "password": "secret"}
    return User.objects.create_user(role=role, **values | rest)


def school(urn: int | None = None, sector: str = "maintained", **rest: Any) -> School:
    """An open primary school of a sector."""
    urn = urn or 200000 + next(_counter)
    values = {
        "name": f"School {urn}",
        "authority_code": "825",
        "type_code": "34" if sector == "academy" else "01",
        "type_name": "Academy converter" if sector == "academy" else "Community school",
        "status": School.Status.OPEN,
        "phase": "Primary",
        "town": "Westmere",
        "postcode": "WM1 1AA",
    }
    return School.objects.create(urn=urn, **values | rest)


def academy(urn: int | None = None, **rest: Any) -> School:
    """An open academy."""
    return school(urn, "academy", **rest)


def trust(*academies: School, name: str = "Mill Lane Academy Trust", **rest: Any) -> Trust:
    """A trust, with these academies in it since 2020."""
    made = Trust.objects.create(uid=next(_counter) + 5000, name=name, **rest)
    for member in academies:
        TrustMembership.objects.create(school=member, trust=made, joined_on=date(2020, 9, 1))
    return made


def head(of: School, **rest: Any) -> User:
    """A headteacher who signs in for a school."""
    person = user("head", **rest)
    Membership.objects.create(user=person, school=of, post=Membership.Post.HEAD, started_on=date(2020, 9, 1))
    return person


def trust_officer(of: Trust, **rest: Any) -> User:
    """A person of trust finance."""
    person = user("trust_finance", **rest)
    Membership.objects.create(user=person, trust=of, post=Membership.Post.TRUST_FINANCE, started_on=date(2020, 9, 1))
    return person


def adviser_of(*schools: School, **rest: Any) -> User:
    """An adviser who looks after these schools."""
    person = user("adviser", **rest)
    for each in schools:
        AdviserAssignment.objects.create(school=each, adviser=person, started_on=date(2020, 9, 1))
    return person


def category(name: str = "Prevention") -> Category:
    """One of the three categories."""
    values = next(row for row in STANDING["categories"] if row["name"] == name)
    return Category.objects.get_or_create(name=name, defaults=values)[0]


def categorise(of: School, name: str = "Prevention", starts_on: date = date(2022, 9, 1), **rest: Any) -> CategoryEntry:
    """A confirmed category from a day on."""
    values = {"state": CategoryEntry.State.CONFIRMED, "reason": "Agreed in the round", "confirmed_at": timezone.now()}
    return CategoryEntry.objects.create(school=of, category=category(name), starts_on=starts_on, **values | rest)


def appointment(of: School, started_on: date, kind: str = "new to post", **rest: Any) -> Appointment:
    """A headteacher's appointment."""
    values = {"head_name": f"Head {next(_counter)}"}
    return Appointment.objects.create(school=of, started_on=started_on, kind=kind, **values | rest)


def service(code: str) -> Service:
    """A service of the standing list, with its champion type where it has one."""
    position, values = next((i, row) for i, row in enumerate(STANDING["services"]) if row["code"] == code)
    made, _ = Service.objects.get_or_create(code=code, defaults=values | {"position": position})
    for row in STANDING["champion_types"]:
        if row["service"] == code:
            ChampionType.objects.get_or_create(code=row["code"], defaults={"name": row["name"], "service": made})
    return made


def champion_type(code: str = "SSLC") -> ChampionType:
    """A type of champion."""
    service(code)
    return ChampionType.objects.get(code=code)


def offer(year_start: int = 2022, **rest: Any) -> Offer:
    """The seed offer of one academic year, published."""
    values = {"state": Offer.State.PUBLISHED, "published_on": date(year_start, 7, 1)}
    made = Offer.objects.create(year_start=year_start, introduction=OFFER["introduction"])
    pools = {}
    for row in OFFER["pools"]:
        pools[row["code"]] = Pool.objects.create(offer=made, code=row["code"], name=row["name"])
        pools[row["code"]].services.set(service(code) for code in row["services"])
    for position, row in enumerate(OFFER["lines"]):
        _offer_line(made, pools, position, row)
    for name, value in (values | rest).items():
        setattr(made, name, value)
    made.save()  # the database lets nobody add to an offer that is published
    return made


def offer_2022() -> Offer:
    """The 2022/23 offer (O3)."""
    return offer(2022)


def _offer_line(of: Offer, pools: dict[str, Pool], position: int, row: dict[str, Any]) -> OfferLine:
    values = {key: row[key] for key in ("sector", "basis", "allowance", "hlv_use", "charge", "note") if key in row}
    if row.get("is_late_use"):
        year = of.year_start + 1
        values["late_start_after"] = date.fromisoformat(f"{year}-{OFFER['late_start_after']}")
        values["late_use_until"] = date.fromisoformat(f"{year}-{OFFER['late_use_until']}")
    target = {"pool": pools[row["of"]]} if row["of"] in pools else {"service": service(row["of"])}
    where = {"category": category(row["category"])} if "category" in row else {}
    return OfferLine.objects.create(offer=of, position=position, **values, **target, **where)


def champion(
    type_code: str = "SSLC", home: School | None = None, days_a_year: str | None = None, **rest: Any
) -> Champion:
    """A champion with a home school, which lends so many days a year where that is said."""
    number = next(_counter)
    values = {"code": f"CH{number}", "name": f"Champion {number}", "home_school": home or school()}
    made = Champion.objects.create(type=champion_type(type_code), **values | rest)
    agreed = int(Decimal(days_a_year) * 2) if days_a_year is not None else None
    Lending.objects.create(champion=made, school=made.home_school, half_days_a_year=agreed)
    return made


def half_terms(year_start: int = 2022) -> list[HalfTerm]:
    """The six half terms of an academic year, invented."""
    made = []
    for name, first, last in HALF_TERMS:
        days = [date(year_start + (month < 9), month, day) for month, day in (first, last)]
        made.append(HalfTerm.objects.create(name=name, first_day=days[0], last_day=days[1]))
    return made


def skill(name: str = "Early reading") -> Skill:
    """An area of support."""
    return Skill.objects.get_or_create(name=name)[0]


def need(at: School, **rest: Any) -> Need:
    """What a school asks for in the spring of 2023: four days, of anybody."""
    values = {
        "what": "The teaching of early reading",
        "why": "Results in Year 1 fell",
        "asked_on": date(2022, 12, 1),
        "starts_on": date(2023, 1, 9),
        "ends_on": date(2023, 3, 31),
        "half_days": 8,
    }
    values["asked_by"] = rest.pop("asked_by", None) or user("adviser")
    return Need.objects.create(school=at, **values | rest)


def deployment(at: School, of: Champion | None = None, **rest: Any) -> Deployment:
    """Ten days of a champion at a school in 2022/23."""
    values = {
        "champion": of or champion(),
        "focus": "Early reading",
        "half_days_agreed": 20,
        "starts_on": date(2022, 9, 1),
        "ends_on": date(2023, 8, 31),
    }
    values["champion_type"] = values["champion"].type
    values["made_by"] = rest.pop("made_by", None) or user("lead")
    return Deployment.objects.create(school=at, **values | rest)


def delivery(
    at: School,
    code: str = "SSLC",
    happens_on: date = date(2023, 1, 18),
    days: str = "1",
    state: str = "confirmed",
    **rest: Any,
) -> Delivery:
    """A piece of support; of a champion when the service is a champion's, or when `champion=` attends a visit."""
    kind = service(code)
    values: dict[str, Any] = {"half_days": 0}
    if kind.unit == Service.Unit.DAYS or "champion" in rest:
        who = rest.get("champion") or champion(code)
        values |= {"half_days": int(Decimal(days) * 2), "champion": who, "champion_type": who.type}
    if state == Delivery.State.CONFIRMED:
        values["confirmed_on"] = happens_on
    if state == Delivery.State.CANCELLED:
        values["cancelled_why"] = "The school was closed by snow"
    return Delivery.objects.create(school=at, service=kind, happens_on=happens_on, state=state, **values | rest)


def rates() -> None:
    """The examples' day rates, charge bands and VAT rates."""
    for code, rate in EXAMPLE_RATES.items():
        DayRate.objects.create(champion_type=champion_type(code), starts_on=date(2019, 9, 1), rate=rate)
    for day, percent in ((date(2010, 4, 1), 0), (date(2022, 4, 1), 50), (date(2023, 4, 1), 100)):
        ChargeBand.objects.create(starts_on=day, percent=Decimal(percent))
    for row in STANDING["vat_rates"]:
        VatRate.objects.create(**row)


def reimbursement_rates(**other: int) -> None:
    """What home schools get for a day of each type of champion: as much as the day costs, or these other rates."""
    for code, rate in (EXAMPLE_RATES | other).items():
        ReimbursementRate.objects.create(champion_type=champion_type(code), starts_on=date(2019, 9, 1), rate=rate)


def payee(of: School, **rest: Any) -> Payee:
    """How a home school is paid: a maintained one by journal, an academy into its bank account."""
    by_bank = {"payee_name": of.name, "sort_code": "20-00-01", "account_number": f"{next(_counter):08}"}
    method = method_for(of)
    values = {"cost_centre": f"S{of.urn}"} if method == "journal" else by_bank
    return Payee.objects.create(school=of, method=method, **values | rest)


def reminder_stages() -> None:
    """The four stages of M14."""
    for row in STANDING["reminder_stages"]:
        ReminderStage.objects.create(**row)


def account(of: School | Trust, **rest: Any) -> Account:
    """Who pays for an academy, or for a trust's academies, with one contact."""
    values = {
        "reference": f"A{next(_counter)}",
        "name": of.name,
        "address": "Mill Lane\nWestmere",
        "postcode": "WM2 2BB",
        "vat_treatment": VatRate.Treatment.STANDARD,
    }
    target = {"school": of} if isinstance(of, School) else {"trust": of}
    made = Account.objects.create(**target, **values | rest)
    AccountContact.objects.create(account=made, email=f"{made.reference.lower()}@academy.example")
    return made


def run_item(run: InvoiceRun, account: Account, **rest: Any) -> RunItem:
    """An invoice to be of a run, without lines, as it was approved."""
    values = {"financial_year_start": 2022, "customer": {"name": account.name}, "terms_days": 28}
    return RunItem.objects.create(run=run, account=account, **values | rest)


def visit(
    at: School, happens_on: date = date(2023, 1, 18), state: str = "planned", code: str = "HLV", **rest: Any
) -> Visit:
    """A Headline Visit of an adviser; planned unless said otherwise."""
    adviser = rest.pop("adviser", None) or user("adviser")
    facts = {name: rest.pop(name) for name in ("champion", "days") if name in rest}
    booked = delivery(at, code, happens_on, state=state, adviser=adviser, made_by=adviser, **facts)
    return Visit.objects.create(delivery=booked, **rest)


def note(of: Visit, *, confidential: str = "", **rest: Any) -> Note:
    """A shared note, with a confidential part where one is given."""
    values = {
        "people_met": "The headteacher",
        "focus": "Reading in Year 2",
        "strengths": "Phonics is taught well",
        "areas": "Books match the sounds that pupils know",
        "shared_by": of.delivery.adviser,
        "shared_at": timezone.now(),
    }
    made = Note.objects.create(visit=of, **values | rest)
    if confidential:
        ConfidentialNote.objects.create(note=made, text=confidential)
    return made


def agreed_action(of: Visit, **rest: Any) -> AgreedAction:
    """An open action that a visit agreed."""
    values = {"what": "Check the books", "owner": "The reading lead", "due_on": date(2023, 2, 10)}
    return AgreedAction.objects.create(visit=of, school=of.delivery.school, **values | rest)


def review(of: Deployment, party: str = "champion", kind: str = "closing", **rest: Any) -> Review:
    """A party's review; `ratings=` says how far each outcome was reached, such as `{"More read": "fully"}`."""
    ratings = rest.pop("ratings", {})
    values = {"went_well": "The coaching", "to_change": "Begin earlier", "written_on": of.ends_on}
    values |= {"recommended": "yes" if kind == "closing" else ""}
    values["written_by"] = rest.pop("written_by", None) or user()
    made = Review.objects.create(deployment=of, party=party, kind=kind, **values | rest)
    for position, (outcome, how_far) in enumerate(ratings.items()):
        OutcomeRating.objects.create(review=made, position=position, outcome=outcome, how_far=how_far)
    return made


def invitation(of: Deployment, party: str = "champion", kind: str = "closing", **rest: Any) -> ReviewInvitation:
    """That a party was asked for its review, without a mail."""
    values = {"invited_on": of.ends_on}
    return ReviewInvitation.objects.create(deployment=of, party=party, kind=kind, **values | rest)


def sample(*drawn: Deployment, **rest: Any) -> Sample:
    """A sample of quality assurance with these deployments in it, drawn from no others."""
    values = {"drawn_on": date(2023, 7, 3), "reason": "The summer term’s checks", "year_start": 2022}
    values |= {"seed": f"seed {next(_counter)}", "size": len(drawn), "population": [each.pk for each in drawn]}
    values["drawn_by"] = rest.pop("drawn_by", None) or user("lead")
    made = Sample.objects.create(**values | rest)
    for position, each in enumerate(drawn):
        SampledDeployment.objects.create(sample=made, deployment=each, position=position, how="drawn")
    return made


def finding(of: SampledDeployment, **rest: Any) -> Finding:
    """What was found about a deployment of a sample."""
    values = {"grade": "secure", "text": "The coaching is well planned", "found_on": date(2023, 7, 10)}
    values["found_by"] = rest.pop("found_by", None) or of.sample.drawn_by
    return Finding.objects.create(sampled=of, **values | rest)
