"""The page on which administrators import spreadsheets and the register (S9, A1)."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from schools.models import CategoryEntry, School
from sidebyside.accounts.roles import Role
from sidebyside.audit.models import Event
from sidebyside.imports.importers import IMPORTERS
from sidebyside.imports.kinds import KINDS
from sidebyside.imports.models import Upload, UploadedFile
from support.models import Delivery
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,service,date,days,champion,state,reference\n"
GOOD = "110195,HLV,2022-11-09,,,delivered,\n"
BAD = "110196,HLV,2022-11-09,,,delivered,\n"
REGISTER = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),"
    "EstablishmentStatus (name),OpenDate,CloseDate,Postcode\n"
    "110195,825,2000,Turville School,01,1,Open,,,HP1 1AA\n"
)


@pytest.fixture
def school():
    """A school, and the service of its visits."""
    make.service("HLV")
    return make.school(110195, name="Turville School")


@pytest.fixture
def admin(signed_in):
    """An administrator’s browser."""
    return signed_in("administrator")


def upload(admin, content, kind="deliveries", part="file", **rest):
    """Send a file; returns the response of the page that follows."""
    file = SimpleUploadedFile(f"{kind}.csv", content if isinstance(content, bytes) else content.encode())
    return admin.post(reverse("import_new", args=[kind]), {part: file, **rest}, follow=True)


def confirm(admin, response):
    """Press the button of a preview."""
    preview = response.context["preview"]
    where = reverse("import_confirm", args=[response.context["upload"].pk])
    return admin.post(where, {"fingerprint": preview.fingerprint}, follow=True)


def test_a_file_is_previewed_then_imported(school, admin):
    preview = upload(admin, HEADER + GOOD + BAD)
    assert dict(preview.context["preview"].counts) == {"New": 1, "Changed": 0, "The same": 0, "Refused": 1}
    assert Delivery.objects.count() == 0
    result = confirm(admin, preview)
    assert next(template.name for template in result.templates) == "imports/import_result.html"
    assert (Delivery.objects.count(), UploadedFile.objects.count()) == (1, 0)
    assert result.context["refused"] == [
        {
            "file": "",
            "line": 3,
            "column": "urn",
            "reason": "110196 is not in the register here: check the URN, or import the register first",
        }
    ]


def test_what_is_imported_was_imported_by_whoever_confirmed(school, signed_in):
    person = make.user("administrator")
    admin = signed_in(person)
    make.category("Prevention")
    confirm(admin, upload(admin, "urn,category,from\n110195,Prevention,2022-09-01\n", "categories"))
    assert CategoryEntry.objects.get().confirmed_by == person
    assert set(Event.objects.values_list("by", flat=True)) == {person.pk}


def test_pressing_twice_imports_once(school, admin):
    preview = upload(admin, HEADER + GOOD)
    confirm(admin, preview)
    confirm(admin, preview)
    assert (Delivery.objects.count(), Upload.objects.count()) == (1, 1)


def test_a_file_with_nothing_new_has_no_button(school, admin):
    confirm(admin, upload(admin, HEADER + GOOD))
    again = upload(admin, HEADER + GOOD)
    assert again.context["preview"].has_changes is False
    assert "<button" not in again.content.decode().partition("<main")[2].partition("</main>")[0]


def test_a_preview_that_no_longer_holds_is_shown_anew_and_nothing_is_written(school, admin):
    preview = upload(admin, HEADER + GOOD)
    make.delivery(school, "HLV", date(2022, 11, 9), state="delivered")
    after = confirm(admin, preview)
    assert [str(message) for message in after.context["messages"]] == [
        "Something has changed since you saw this preview, so nothing was imported. Check the new preview below."
    ]
    assert dict(after.context["preview"].counts)["Changed"] == 1
    assert Delivery.objects.count() == 1


def test_somebody_elses_upload_looks_like_none(school, admin, client):
    pk = upload(admin, HEADER + GOOD).context["upload"].pk
    client.force_login(make.user("administrator"))
    for name in ("import_preview", "import_confirm"):
        assert [client.post(reverse(name, args=[number])).status_code for number in (pk, pk + 1)] == [404, 404]
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_only_administrators_import(role, school, signed_in):
    client = signed_in(role)
    status = 200 if role == Role.ADMINISTRATOR else 403
    addresses = [
        reverse("imports"),
        *(reverse("import_new", args=[kind]) for kind in IMPORTERS),
        *(reverse("import_template", args=[kind]) for kind in KINDS),
    ]
    assert {client.get(address).status_code for address in addresses} == {status}
    absent = {client.get(reverse(name, args=[1])).status_code for name in ("import_preview", "import_confirm")}
    assert absent == {404 if status == 200 else 403}


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client):
    assert client.get(reverse("imports")).status_code == 302


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_template_can_be_read_by_its_own_import(kind, admin):
    response = admin.get(reverse("import_template", args=[kind]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [tuple(row) for row in rows] == [KINDS[kind].layout.names, *KINDS[kind].examples]
    assert len(KINDS[kind].read(response.content, "template.csv").rows) == 2


def test_what_is_not_there_is_404(admin):
    for name, kind in (("import_new", "trusts"), ("import_template", "trusts"), ("import_template", "register")):
        assert admin.get(reverse(name, args=[kind])).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "This is an Excel workbook. Open it, save it as “CSV UTF-8”, and import that file."),
        (
            b"urn,date,state\n",
            "The column service is missing. The first line must name urn, service, date and state.",
        ),
        (
            b"x" * (20 * 1024 * 1024 + 1),
            "The file is larger than 20 MB. Split it into several, or compress a register file.",
        ),
    ],
)
def test_a_file_refused_whole_says_why_beside_the_field(admin, content, sentence):
    response = upload(admin, content)
    assert (response.context["form"].errors, Upload.objects.count()) == ({"file": [sentence]}, 0)


def test_no_file_is_asked_for(admin):
    response = admin.post(reverse("import_new", args=["deliveries"]))
    assert response.context["form"].errors == {"file": ["Choose the file to import"]}


def test_the_register_is_previewed_and_imported_too(admin):
    make.council()
    preview = upload(admin, REGISTER, "register", "establishments", authority="825")
    assert dict(preview.context["preview"].counts)["Schools to create"] == 1
    assert School.objects.count() == 0
    confirm(admin, preview)
    assert School.objects.get().name == "Turville School"


def test_a_file_that_is_no_register_is_refused_beside_its_field(admin):
    response = upload(admin, "a,b\n1,2\n", "register", "establishments")
    assert list(response.context["form"].errors) == ["establishments"]


def test_the_first_hundred_refusals_are_shown_and_all_counted(school, admin):
    preview = upload(admin, HEADER + BAD * 150)
    assert (len(preview.context["refused"]), preview.context["preview"].refused_rows) == (100, 150)


def test_an_upload_that_nobody_confirms_goes(school, signed_in):
    other = make.user("administrator")
    Upload.objects.create(kind="deliveries", uploaded_by=other)
    Upload.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    admin = signed_in("administrator")
    first = upload(admin, HEADER + GOOD).context["upload"]
    second = upload(admin, HEADER + GOOD).context["upload"]
    assert list(Upload.objects.values_list("pk", flat=True)) == [second.pk] != [first.pk]


@pytest.mark.parametrize("rows", [1, 50])
def test_pages_take_as_many_queries_for_fifty_rows_as_for_one(school, admin, django_assert_num_queries, rows):
    make.council()
    lines = "".join(f"110195,HLV,2022-11-09,,,delivered,R{row}\n" for row in range(rows))
    pk = upload(admin, HEADER + lines).context["upload"].pk
    with django_assert_num_queries(10):  # four of them read the allowances that a file may go beyond
        admin.get(reverse("import_preview", args=[pk]))
    with django_assert_num_queries(3):
        admin.get(reverse("imports"))
    with django_assert_num_queries(2):
        admin.get(reverse("import_new", args=["deliveries"]))
