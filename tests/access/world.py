"""Two sides that must not see each other, mine and theirs, alike in everything; and a person of every role.

Whatever somebody should not read holds a word of its own, `Zqminefocus` or `Zqtheirsfocus`, that a crawl can look for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from agreements.actions.consenting import consent_by_link
from agreements.actions.proposing import propose_change
from agreements.models import Agreement, Party
from agreements.people import Person
from billing.actions.crediting import credit_invoice
from billing.actions.payments import record_payment
from billing.models import Account, Invoice, InvoiceRun, Reminder, ReminderStage, RunItem
from brokering.actions.needs import ask_for_support, decline_need
from brokering.models import Need
from impact.models import SampledDeployment
from reimbursing.actions.files import make_file
from reimbursing.handing_over import to_hand_over
from reimbursing.models import Method, Statement, StatementItem, StatementRun
from schools.models import CategoryEntry, Membership, School
from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.audit.actions import record
from sidebyside.calendars.actions import make_address
from sidebyside.imports.actions import keep_upload
from sidebyside.imports.models import Upload
from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch
from sidebyside.years import AcademicYear, Period
from support.actions.adjusting import adjust_allowance
from support.actions.vetting import declare_interest, record_check
from support.agreements import Intended, Terms
from support.models import Champion, CheckKind, Delivery, Deployment, Dispute
from tests import make
from tests.billing.cases import issue
from tests.reimbursing.cases import state
from tests.visits.cases import NOTE
from visits.actions.drafts import save_draft
from visits.actions.notes import amend_note, answer_note, share_note
from visits.actions.planning import plan_visit
from visits.logs import AgreedText, VisitLog
from visits.models import AgreedAction, Visit

SIDES = ("mine", "theirs")
HOME_RATE = 54321  # what a home school gets for a day: a number that stands nowhere else


def word(side: str, name: str) -> str:
    """The word that gives this text of this side away."""
    return f"Zq{side}{name}"


@dataclass
class Side:
    """One school with everything that belongs to it."""

    name: str
    school: School
    head: User
    officer: User
    champion: Champion
    home_head: User
    deployment: Deployment
    deliveries: dict[str, Delivery]
    entry: CategoryEntry
    proposal: CategoryEntry
    planned: Visit
    held: Visit
    action: AgreedAction
    account: Account
    mail: Dispatch
    need: Need
    dispute: Dispute
    reviewed: Deployment
    sampled: SampledDeployment
    agreed_version: Agreement | None = None
    open_version: Agreement | None = None
    upload: Upload | None = None
    invoice: Invoice | None = None
    item: RunItem | None = None
    statement: Statement | None = None
    statement_item: StatementItem | None = None


@dataclass
class World:
    """Both sides, and who looks at them: head, champion and trust officer are of my side.

    A side's `home_head` is the head of the school that lends its champion: the same role, another view.
    """

    today: date
    sides: dict[str, Side] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)  # the token of each calendar address, by its person's role

    @property
    def mine(self) -> Side:
        """The side of those who look."""
        return self.sides["mine"]

    @property
    def theirs(self) -> Side:
        """The other one."""
        return self.sides["theirs"]


def build() -> World:
    """Make it all, the money through its real actions."""
    world = World(timezone.localdate())
    year = AcademicYear.containing(world.today)
    make.council()
    make.rates()
    make.reminder_stages()
    for start in (year.start - 1, year.start):
        make.offer(start)
    staff = (Role.ADMINISTRATOR, Role.LEAD, Role.ADVISER, Role.FINANCE, Role.AUDITOR)
    world.people = {role: make.user(role, email=f"{role}@council.example") for role in staff}
    for number, name in enumerate(SIDES):
        world.sides[name] = _side(name, 200001 + number, world)
    for side in world.sides.values():
        _agree(side, world)
    _bill(world)
    _reimburse(world)
    mine = world.mine
    world.people |= {Role.HEAD: mine.head, Role.TRUST_FINANCE: mine.officer, Role.CHAMPION: mine.champion.user}
    make_address(by=world.theirs.champion.user, at=timezone.now())
    subscribers = {role: person for role, person in world.people.items() if person.may("calendars.subscribe")}
    world.feeds = {role: make_address(by=person, at=timezone.now()) for role, person in subscribers.items()}
    return world


def _side(name: str, urn: int, world: World) -> Side:
    def says(what: str) -> str:
        return word(name, what)

    today, lead, adviser = world.today, world.people[Role.LEAD], world.people[Role.ADVISER]
    school = make.academy(urn, name=f"{name.title()} Academy")
    make.appointment(school, today - timedelta(days=900), "permanent", head_name=says("headname"))
    trust = make.trust(school, name=f"{name.title()} Trust")
    head = make.head(school, name=says("person"), email=f"{says('login').lower()}@school.example")
    officer = make.trust_officer(trust, name=says("officer"), email=f"officer@{name}.example")
    entry = make.categorise(school, starts_on=today - timedelta(days=30), reason=says("reason"))
    CategoryEntry.objects.filter(pk=entry.pk).update(evidence=says("evidence"), confirmed_by=lead, proposed_by=adviser)
    proposal = CategoryEntry.objects.create(
        school=school, category=make.category("Enhancement"), starts_on=today, proposed_by=adviser,
        reason=says("proposal"), evidence=says("proposalevidence"),
    )  # fmt: skip
    champion, deployment, deliveries = _support(name, school, world)
    planned, held = _visits(name, school, world)
    account = make.account(
        school, reference=name.upper(), address=says("address"), po_number=says("po"), is_paused=True,
        paused_why=says("paused"),
    )  # fmt: skip
    account.contacts.create(name=says("contactname"), email=f"{says('contact').lower()}@school.example")
    mail = post(f"{name}-1", to=[head.email], subject=says("subject"), body=says("body"))
    Dispatch.objects.filter(pk=mail.pk).update(state=Dispatch.State.CHECK, problem=says("problem"))
    record("school.seen", school, by=lead, why=says("deed"), school_urn=school.pk)
    adjust_allowance(
        school, service=make.service("SSLC"), amount=2, starts_on=today - timedelta(days=20), by=lead,
        ends_on=today + timedelta(days=20), reason=says("adjustment"),
    )  # fmt: skip
    home_head = make.head(champion.home_school, name=f"Home head {name}", email=f"home@{name}.example")
    return Side(
        name, school, head, officer, champion, home_head, deployment, deliveries, entry, proposal, planned, held,
        AgreedAction.objects.get(school=school), account, mail, _need(name, school, head, world),
        _disputes(name, head, deliveries, world), *_impact(name, deployment, world),
    )  # fmt: skip


def _support(name: str, school: School, world: World) -> tuple[Champion, Deployment, dict[str, Delivery]]:
    def says(what: str) -> str:
        return word(name, what)

    today, lead = world.today, world.people[Role.LEAD]
    user = make.user("champion", email=f"{says('championlogin').lower()}@school.example")
    champion = make.champion(
        code=f"CH-{name}", name=says("champion"), email=f"{says('championmail').lower()}@school.example", user=user,
        home=make.academy(school.pk + 1000, name=says("homeschool")),
    )  # fmt: skip
    _vet(champion, says("interest"), lead, today)
    shared = {"starts_on": today - timedelta(days=200), "ends_on": today + timedelta(days=200), "made_by": lead}
    deployment = make.deployment(school, champion, focus=says("deploymentfocus"), **shared)
    deployment.intended.create(text=says("outcomes"), measure=says("measure"))
    make.deployment(school, champion, focus=says("endedfocus"), state="ended", end_reason=says("endreason"), **shared)

    def day(state: str, ago: int, **rest: Any) -> Delivery:
        on, values = today - timedelta(days=ago), {"champion": champion, "deployment": deployment}
        return make.delivery(school, "SSLC", on, state=state, **values | rest)

    deliveries = {
        "planned": day("planned", -7),
        "delivered": day(
            "delivered", 2, summary=says("summary"), effect=says("effect"), next_step=says("nextstep"),
            agreed_price=12345, agreed_with=says("agreedwith"), agreed_on=today,
        ),
        "confirmed": day("confirmed", 1, confirmed_why=says("confirmedwhy")),
        "disputed": day("delivered", 4),
        "cancelled": day("cancelled", 3, cancelled_why=says("cancelledwhy")),
    }  # fmt: skip
    return champion, deployment, deliveries


def _need(name: str, school: School, head: User, world: World) -> Need:
    """One that is open, and one that was declined."""

    year = AcademicYear.containing(world.today)

    def ask(what: str) -> Need:
        return ask_for_support(
            school, what=word(name, what), why=word(name, f"{what}why"), starts_on=year.first_day,
            ends_on=year.last_day, half_days=1, by=head, on=world.today,
        )  # fmt: skip

    decline_need(ask("otherneed"), why=word(name, "declined"), by=world.people[Role.LEAD], on=world.today)
    return ask("need")


def _disputes(name: str, head: User, deliveries: dict[str, Delivery], world: World) -> Dispute:
    """One that waits for the broker, which is returned, and one that is settled."""
    today, lead = world.today, world.people[Role.LEAD]
    settled: dict[str, Any] = {"outcome": "stands", "resolution": word(name, "resolution"), "resolved_by": lead}
    raised: dict[str, Any] = {"raised_by": head, "raised_on": today}
    Dispute.objects.create(
        delivery=deliveries["confirmed"], reason=word(name, "settledreason"), resolved_on=today, **raised, **settled
    )
    return Dispute.objects.create(delivery=deliveries["disputed"], reason=word(name, "disputereason"), **raised)


def _agree(side: Side, world: World) -> None:
    """A version of the deployment’s terms that all have agreed to, one that was declined, and one that is open."""

    def says(what: str) -> str:
        return word(side.name, what)

    now, year = timezone.now(), AcademicYear.containing(world.today)
    dates = {"starts_on": year.first_day, "ends_on": year.last_day}
    deployment = make.deployment(side.school, side.champion, focus=says("deploymentfocus"), **dates)
    asked = {
        Party.SUPPORTED: Person(says("signer"), f"{says('signermail').lower()}@school.example"),
        Party.HOME: Person(says("homesigner"), f"{says('homesignermail').lower()}@school.example"),
    }

    def propose(half_days: int, new: str = "new") -> Agreement:
        outcomes = (Intended(says(f"{new}outcomes"), says(f"{new}measure")),)
        focus = says("newfocus" if new else "deploymentfocus")
        terms = Terms(focus, half_days, year.first_day, year.last_day, outcomes)
        return propose_change(
            deployment, terms=terms, asked=asked, why=says("changewhy"), by=world.people[Role.LEAD], on=world.today,
            at=now,
        )  # fmt: skip

    def answer(version: Agreement, party: Party, **said: Any) -> None:
        consent_by_link(version.links.newest().get(party=party), at=now, **said)

    side.agreed_version = propose(30, new="")
    for party in asked:
        answer(side.agreed_version, party, is_yes=True)
    answer(propose(32), Party.SUPPORTED, is_yes=False, why=says("saidno"))
    answer(propose(34), Party.HOME, is_yes=False, why=says("homesaidno"))
    side.open_version = propose(36)


def _impact(name: str, running: Deployment, world: World) -> tuple[Deployment, SampledDeployment]:
    """One whose mid-point all have reviewed and whose end nobody has; of another the adviser alone has spoken."""
    today, lead = world.today, world.people[Role.LEAD]

    def says(what: str) -> str:
        return word(name, what)

    days = {"starts_on": today - timedelta(days=100), "ends_on": today - timedelta(days=1)}
    over = make.deployment(running.school, running.champion, focus=says("reviewedfocus"), made_by=lead, **days)
    words = {"went_well": says("wentwell"), "to_change": says("tochange"), "next_step": says("reviewnext")}
    review = make.review(over, "champion", "midpoint", written_by=running.champion.user, **words)
    review.ratings.create(
        position=0, outcome=says("rated"), measure=says("ratedmeasure"), how_far="fully", evidence=says("ratedevidence")
    )
    make.review(over, "supported", "midpoint", written_by=lead, heard_how=says("heardhow"))
    make.review(over, "adviser", "midpoint", written_by=world.people[Role.ADVISER])
    make.review(running, "adviser", "midpoint", written_by=world.people[Role.ADVISER], went_well=says("unheard"))
    make.invitation(over, "supported")
    sample = make.sample(over, reason=says("samplereason"), drawn_by=lead, drawn_on=today)
    picked = sample.deployments.create(
        deployment=running, position=1, how="picked", picked_why=says("pickedwhy"), picked_by=lead
    )
    make.finding(picked, text=says("finding"), found_on=today)
    return over, sample.deployments.get(how="drawn")


def _vet(champion: Champion, interest: str, lead: User, today: date) -> None:
    """A check, and an interest declared in words that no school reads."""
    record_check(champion, kind=CheckKind.objects.get_or_create(name="Induction")[0], done_on=today, by=lead, on=today)
    home = champion.home_school
    declare_interest(champion, school=home, what=interest, declared_on=today, by=lead, on=today)


def _visits(name: str, school: School, world: World) -> tuple[Visit, Visit]:
    def says(what: str) -> str:
        return word(name, what)

    today, now, adviser = world.today, timezone.now(), world.people[Role.ADVISER]
    by: dict[str, Any] = {"by": adviser, "on": today}
    service = make.service("HLV")
    yesterday = today - timedelta(days=1)
    held = plan_visit(school, service=service, happens_on=yesterday, adviser=adviser, **by)
    planned = plan_visit(school, service=service, happens_on=today + timedelta(days=1), adviser=adviser, **by)
    text = {"focus": says("focus"), "strengths": says("strengths"), "confidential": says("confidential")}
    note = type(NOTE)(**vars(NOTE) | text)
    agreed = AgreedText(says("agreed"), says("owner"), today + timedelta(days=9))
    first = share_note(held, VisitLog(happens_on=yesterday, minutes=60, note=note, agreed=(agreed,)), at=now, **by)
    head = Membership.objects.get(school=school).user
    answer_note(first, is_accurate=False, text=says("answer"), by=head, on=today, at=now)
    newer = type(NOTE)(**vars(note) | {"areas": says("areas"), "confidential": says("confidentialtwo")})
    amend_note(held, newer, amends=1, reason=says("amendment"), at=now, **by)
    typed = {"focus": says("draft"), "confidential": says("draftconfidential")}
    save_draft(planned, writer=adviser, content=typed, revision=0, at=now)
    return planned, held


def _bill(world: World) -> None:
    """An invoice a side, partly paid and credited, what is parked, and what an administrator has uploaded."""
    today, finance = world.today, world.people[Role.FINANCE]
    issue(Period(today - timedelta(days=30), today), today)
    run = InvoiceRun.objects.create(
        first_day=today, last_day=today, request_key="parked", approved_by=finance, approved_on=today
    )
    for name, side in world.sides.items():
        side.invoice = Invoice.objects.invoices().get(account=side.account)
        record_payment(
            side.invoice, amount=100, received_on=today, reference=word(name, "bank"), request_key=name, by=finance,
            on=today,
        )  # fmt: skip
        billed = side.invoice.lines.get()
        credit_invoice(
            side.invoice, half_days={billed.pk: 1}, reason="shorter", why=word(name, "creditwhy"), by=finance, on=today
        )
        side.item = make.run_item(run, side.account, state=RunItem.State.PARKED, problem=word(name, "parked"))
        Reminder.objects.create(
            invoice=side.invoice, stage=ReminderStage.objects.first(), outcome="superseded", due_on=today, made_on=today
        )
    administrators = {"mine": world.people[Role.ADMINISTRATOR], "theirs": make.user("administrator")}
    for name, person in administrators.items():
        sheet = f"urn,category,from,reason\n200001,{word(name, 'upload')},2022-09-01,As agreed\n"
        file = {"file": (f"{name}.csv", sheet.encode())}
        world.sides[name].upload = keep_upload("categories", file, authority_code="825", by=person, on=today)


def _reimburse(world: World) -> None:
    """A statement to the home school of each side, paid by a file; and one that could not be written."""
    today, finance = world.today, world.people[Role.FINANCE]
    make.reimbursement_rates(SSLC=HOME_RATE)
    for name, side in world.sides.items():
        home = side.champion.home_school
        email = f"{word(name, 'payeemail').lower()}@school.example"
        make.payee(home, payee_name=word(name, "payeename"), email=email)
    state(Period(today - timedelta(days=30), today), today)
    digest = to_hand_over(Method.BANK).digest
    make_file(Method.BANK, digest=digest, request_key="file", by=finance, on=today)
    run = StatementRun.objects.create(
        first_day=today, last_day=today, request_key="parked statements", approved_by=finance, approved_on=today
    )
    for name, side in world.sides.items():
        side.statement = Statement.objects.get(school=side.champion.home_school)
        side.statement_item = StatementItem.objects.create(
            run=run, school=side.champion.home_school, first_day=today, last_day=today, method=Method.BANK,
            recipient={}, state="parked", problem=word(name, "unwritten"),
        )  # fmt: skip
