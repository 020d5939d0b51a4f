"""What the team leader's home page says of the deployments that run, and of what runs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from brokering.days_used import Deployed
from brokering.watching import Watched, count_of_pools, deployed, over_used, running_out
from sidebyside.accounts.models import User
from sidebyside.council.models import displayed_council
from sidebyside.days import days_text
from sidebyside.home.parts import SHOWN, Card, Section, Task, counted
from sidebyside.years import AcademicYear
from support.models import Champion, Deployment


@dataclass(frozen=True)
class Running:
    """The deployments that run, those that end soonest first, what runs out, and how many schools have no days left."""

    rows: Sequence[Deployed]
    warnings: Sequence[Watched]
    pools: int

    def sections(self) -> list[Section]:
        """What runs out, and what ends soonest."""
        watch, deployments = reverse("watch"), reverse("deployment_list")
        ends = [_ending(row) for row in self.rows[:SHOWN]]
        return [
            Section(
                "Running out or standing still",
                [_warning(each) for each in self.warnings[:SHOWN]],
                "Nothing runs out at present.",
                watch,
                "Days agreed and used",
            ),
            Section("Deployments that end soonest", ends, "None runs at present.", deployments, "All deployments"),
        ]

    def cards(self) -> list[Card]:
        """How many of each."""
        look = "deployment or champion to look at", "deployments or champions to look at"
        pools = "school runs out of days", "schools run out of days"
        return [
            counted(len(self.rows), "deployment runs", "deployments run", reverse("deployment_list")),
            counted(len(self.warnings), *look, reverse("watch"), warns=True),
            counted(self.pools, *pools, reverse("watch_pools"), warns=True),
        ]


def running_of(user: User, *, on: date) -> Running:
    """What runs on a day, among what a person may see who sees all schools."""
    running = Deployment.objects.visible_to(user).running_on(on)
    rows = sorted(deployed(running, on=on), key=lambda row: (row.ends_on, row.pk))
    council = displayed_council()
    if council is None:
        return Running(rows, [], 0)
    champions = over_used(Champion.objects.visible_to(user), AcademicYear.containing(on), on=on)
    return Running(rows, running_out(rows, council, on=on) + champions, count_of_pools(user, council, on=on))


def _ending(row: Deployed) -> Task:
    used = f"{days_text(row.used.delivered)} of {days_text(row.used.agreed)} days delivered"
    url = reverse("deployment_detail", args=[row.pk])
    return Task(row.champion, url, f"{row.school}: {used}, until {date_format(row.ends_on)}")


def _warning(each: Watched) -> Task:
    return Task(each.name, each.url, each.caution.sentence, each.caution.tag, each.caution.colour)
