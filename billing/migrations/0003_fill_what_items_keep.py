"""Items of before take what they keep from their invoice, or from the account as it is now."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """One by one: a portal has few of them."""
    council = apps.get_model("council", "Council").objects.first()
    for item in apps.get_model("billing", "RunItem").objects.select_related("account", "invoice"):
        account, invoice = item.account, getattr(item, "invoice", None)
        if invoice:
            item.customer, item.po_number, item.terms_days = invoice.customer, invoice.po_number, invoice.terms_days
        else:
            address = [line for line in [*account.address.splitlines(), account.postcode] if line.strip()]
            item.customer = {"name": account.name, "address": address, "vat_number": "", "email": "", "phone": ""}
            item.customer["reference"] = account.reference
            item.po_number, item.terms_days = account.po_number, account.terms_days or council.terms_days
        item.save(update_fields=["customer", "po_number", "terms_days"])


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_items_keep_what_was_approved"), ("council", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
