from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def say_from_when(apps: Any, schema_editor: Any) -> None:
    """Each champion is lent by the home school that stands there, each deployment is as the champion's type."""
    champions = apps.get_model("support", "Champion")
    lendings = apps.get_model("support", "Lending")
    deployments = apps.get_model("support", "Deployment")
    outcomes = apps.get_model("support", "Outcome")
    rows = champions.objects.filter(lendings__isnull=True).values_list("pk", "home_school")
    lendings.objects.bulk_create(lendings(champion_id=champion, school_id=school) for champion, school in rows)
    types = champions.objects.filter(pk=OuterRef("champion")).values("type")
    deployments.objects.filter(champion_type=None).update(champion_type=Subquery(types[:1]))
    said = deployments.objects.exclude(outcomes="").values_list("pk", "outcomes")
    outcomes.objects.bulk_create(
        outcomes(deployment_id=pk, position=place, text=line.strip()[:300])
        for pk, text in said
        for place, line in enumerate(filter(str.strip, text.splitlines()))
    )


class Migration(migrations.Migration):
    dependencies = [("support", "0004_champions_and_deployments_both_sides")]

    operations = [migrations.RunPython(say_from_when, migrations.RunPython.noop)]
