"""The demonstration council, built from nothing through the same actions that the pages use; always the same."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from sidebyside.demo.agreeing import ask_for_consent
from sidebyside.demo.answering import leave_open
from sidebyside.demo.billing_year import bill, open_accounts
from sidebyside.demo.founding import found
from sidebyside.demo.helping import convert, register_champions, support_schools
from sidebyside.demo.needing import ask_for_help
from sidebyside.demo.registering import agree_too_few_days, enter_term_dates
from sidebyside.demo.reimbursing_year import lend, reimburse
from sidebyside.demo.reviewing import review_deployments
from sidebyside.demo.rounds import appoint_heads, hold_rounds
from sidebyside.demo.running_out import run_out
from sidebyside.demo.visiting import visit_schools
from sidebyside.demo.world import PAST, World
from sidebyside.mail.sending import send_due_mail


@transaction.atomic
def build(*, on: date) -> World:
    """Build it up to the day before `on`: all of it, or nothing."""
    world = World(until=on - timedelta(days=1))
    found(world)
    hold_rounds(world)
    appoint_heads(world)
    enter_term_dates(world)
    champions = register_champions(world)
    lend(world, champions)
    convert(world, champions)
    for year in (PAST, world.now):
        support_schools(world, champions, year)
        visit_schools(world, year)
    agree_too_few_days(world, champions)
    leave_open(world)
    ask_for_help(world)
    review_deployments(world, champions)
    run_out(world, champions)
    open_accounts(world)
    ask_for_consent(world, champions)
    bill(world)
    reimburse(world)
    while send_due_mail(now=timezone.make_aware(datetime.combine(on, time(7)))):
        continue
    cache.delete("council")
    return world
