"""What several tests of visits share: a log as an adviser would post it."""

from datetime import UTC, date, datetime

from sidebyside.govuk.dates import posted
from visits.logs import AgreedText, NoteText, VisitLog

DAY = date(2023, 1, 18)
MOMENT = datetime(2023, 1, 18, 14, 2, tzinfo=UTC)
NOTE = NoteText(
    people_met="Ann Reed, headteacher",
    focus="Reading in Year 2",
    strengths="Phonics is taught well",
    areas="Books match the sounds that pupils know",
)
AGREED = AgreedText("Check the books", "The reading lead", date(2023, 2, 10))


def log(**rest) -> VisitLog:
    """A log of one and a half hours on the day."""
    return VisitLog(**{"happens_on": DAY, "minutes": 90, "note": NOTE, "agreed": (AGREED,)} | rest)


def filled(**rest) -> dict[str, str]:
    """The log's page, filled in."""
    texts = {name: getattr(NOTE, name) for name in ("people_met", "focus", "strengths", "areas")}
    values = {"minutes": "90", "mode": "in school", "champion": "", "half_days": "1", "revision": "0"}
    row = {"actions-0-what": AGREED.what, "actions-0-owner": AGREED.owner, **posted("actions-0-due_on", AGREED.due_on)}
    return texts | values | posted("happens_on", DAY) | row | rest
