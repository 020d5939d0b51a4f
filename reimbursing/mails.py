"""The mail that takes a statement to the home school."""

from __future__ import annotations

from django.template.loader import render_to_string

from reimbursing.models import Payee, Statement
from schools.models import Membership
from sidebyside.council.models import Council
from sidebyside.mail.actions import post
from sidebyside.money import pounds


def post_statement(statement: Statement, council: Council) -> None:
    """Write the mail, with the PDF: to the payee's address, otherwise to the head who signs in; or to nobody."""
    to = _addresses(statement)
    if not to:
        return
    words = {"statement": statement, "council": council, "amount": pounds(abs(statement.total))}
    post(
        f"statement-{statement.number}",
        to=to,
        subject=f"Statement {statement.number} from {council.name}: your champions’ days",
        body=render_to_string("reimbursing/emails/statement.txt", words),
        attachment=statement.document,
    )


def _addresses(statement: Statement) -> list[str]:
    payee = Payee.objects.filter(school=statement.school).first()
    if payee and payee.email:
        return [payee.email]
    heads = Membership.objects.filter(school=statement.school, post=Membership.Post.HEAD, user__is_active=True)
    return sorted(set(heads.held_on(statement.issued_on).values_list("user__email", flat=True)))
