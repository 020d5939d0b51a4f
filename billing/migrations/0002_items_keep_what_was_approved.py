from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RenameField("invoicerun", "issue_on", "approved_on"),
        migrations.AlterField(
            "invoicerun",
            "approved_on",
            models.DateField(help_text="In London. No invoice of it is dated earlier."),
        ),
        migrations.AddField(
            "runitem",
            "customer",
            models.JSONField(default=dict, help_text="The account as it was approved: name, address, reference."),
            preserve_default=False,
        ),
        migrations.AddField("runitem", "po_number", models.CharField(blank=True, max_length=40)),
        migrations.AddField(
            "runitem", "terms_days", models.PositiveSmallIntegerField(default=0), preserve_default=False
        ),
    ]
