from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_fill_what_items_keep")]

    operations = [
        migrations.RemoveConstraint("runitem", "run_item_state_is_known"),
        migrations.AddField("runitem", "given_up_why", models.TextField(blank=True)),
        migrations.AlterField(
            "runitem",
            "state",
            models.CharField(
                choices=[
                    ("due", "Waiting"),
                    ("done", "Issued"),
                    ("parked", "Needs attention"),
                    ("given up", "Given up"),
                ],
                default="due",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            "runitem",
            models.CheckConstraint(
                condition=Q(state__in=["due", "done", "parked", "given up"]), name="run_item_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            "runitem",
            models.CheckConstraint(
                condition=~Q(state="given up") | ~Q(given_up_why=""),
                name="run_item_is_given_up_for_a_reason",
                violation_error_message="Say why it is given up.",
            ),
        ),
        migrations.AddField(
            "runline",
            "turn",
            models.PositiveSmallIntegerField(default=0, help_text="How often the charge was given up before."),
        ),
        migrations.AlterField("runline", "source_key", models.CharField(max_length=60)),
        migrations.AddConstraint(
            "runline",
            models.UniqueConstraint(fields=["source_key", "turn"], name="run_line_takes_a_charge_once_a_turn"),
        ),
    ]
