import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0005_home_schools_types_and_outcomes")]

    operations = [
        migrations.AlterField(
            model_name="deployment",
            name="champion_type",
            field=models.ForeignKey(
                help_text="As which of their types the champion goes: whose days and whose rate.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deployments",
                to="support.championtype",
            ),
        ),
        migrations.RemoveField(model_name="deployment", name="outcomes"),
    ]
