"""What goes into the next file for the ledger or the bank, and what waits (M16). Computed, never stored."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from reimbursing.models import Method, Payee, Statement, StatementLine
from reimbursing.rate_book import payees
from schools.models import School


@dataclass(frozen=True)
class Share:
    """One home school's statements that no file has carried yet; `why` says what keeps them, where something does."""

    school: School
    payee: Payee | None
    statements: tuple[Statement, ...]
    why: str = ""

    @property
    def total(self) -> int:
        """What they come to together, in pence: what is owed back is taken off what is paid."""
        return sum(statement.total for statement in self.statements)

    @property
    def numbers(self) -> list[str]:
        """Their numbers."""
        return [statement.number for statement in self.statements]


@dataclass(frozen=True)
class Handover:
    """Everything that the next file would hold."""

    kind: Method
    shares: tuple[Share, ...]
    kept: tuple[Share, ...]

    @property
    def total(self) -> int:
        """What the file comes to, in pence."""
        return sum(share.total for share in self.shares)

    @property
    def statements(self) -> Iterator[Statement]:
        """Every statement of the file."""
        return (statement for share in self.shares for statement in share.statements)

    @property
    def digest(self) -> str:
        """Changes when anything changes that would stand in the file."""
        said = [(share.school.pk, _paid_how(share.payee), share.numbers, share.total) for share in self.shares]
        return hashlib.sha256(repr((self.kind.value, said)).encode()).hexdigest()


def _paid_how(payee: Payee | None) -> tuple[str, ...]:
    return (payee.cost_centre, payee.payee_name, payee.sort_code, payee.account_number) if payee else ()


def to_hand_over(kind: Method) -> Handover:
    """The statements that wait for a file of this kind, by school, in three queries.

    An academy whose statements come to nothing or less stays out until later ones make it a payment: no file takes
    money back from a bank account.
    """
    by_school: dict[School, list[Statement]] = defaultdict(list)
    waiting = Statement.objects.waiting(kind).defer("council", "recipient").select_related("school")
    for statement in waiting.order_by("school__name", "school", "series", "sequence"):
        by_school[statement.school].append(statement)
    paid = payees() if by_school else {}
    shares: list[Share] = []
    kept: list[Share] = []
    for school, statements in by_school.items():
        share = _share(kind, school, paid.get(school.pk), tuple(statements))
        (kept if share.why else shares).append(share)
    return Handover(kind, tuple(shares), tuple(kept))


def _share(kind: Method, school: School, payee: Payee | None, statements: tuple[Statement, ...]) -> Share:
    if payee is None or payee.method != kind:
        return Share(school, None, statements, "It is not known how the school is paid now.")
    share = Share(school, payee, statements)
    if kind == Method.BANK and share.total <= 0:
        return Share(school, payee, statements, "Owed back: it is taken off what the school gets next.")
    return share


def lines_of(handover: Handover) -> Iterator[tuple[Statement, StatementLine]]:
    """Each line of the statements in it, in the order of their numbers; one query."""
    items: dict[int, list[StatementLine]] = defaultdict(list)
    wanted = [statement.item_id for statement in handover.statements]
    for line in StatementLine.objects.filter(item__in=wanted).order_by("item", "position"):
        items[line.item_id].append(line)
    return ((statement, line) for statement in handover.statements for line in items[statement.item_id])
