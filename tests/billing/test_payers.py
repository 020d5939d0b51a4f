"""Who reads of invoices: a maintained school pays by journal, so none is made out to it (M2)."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("sector", "is_invoiced"), [("academy", True), ("maintained", False)])
def test_m2_only_a_head_of_an_academy_reads_of_invoices(signed_in, sector, is_invoiced):
    client = signed_in(make.head(make.school(sector=sector)))
    shown, menu = (
        client.get(reverse("home")).content.decode(),
        f'class="govuk-service-navigation__link" href="{reverse("invoice_list")}"',
    )
    assert ("Invoices to pay" in shown, menu in shown) == (is_invoiced, is_invoiced)
    page = client.get(reverse("invoice_list")).content.decode()
    assert ("No invoice has been issued yet." in page, "Maintained schools pay by journal" in page) == (
        is_invoiced,
        not is_invoiced,
    )
