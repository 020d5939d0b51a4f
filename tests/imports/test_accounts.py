"""Accounts from a spreadsheet (M8, M13)."""

import pytest

from billing.models import Account
from sidebyside.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,trust_uid,name,address,postcode,email,po_required,vat\n"
ROW = "140195,,Vale Academy,Vale Road; Westmere,wm22bb,a@vale.example; b@vale.example,yes,exempt\n"


@pytest.fixture(autouse=True)
def world():
    """An academy, and a trust."""
    make.academy(140195, name="Vale Academy")
    make.trust(name="Mill Lane Trust")


def uid() -> int:
    from schools.models import Trust

    return Trust.objects.get().uid


def stored(*fields: str):
    return Account.objects.values_list(*fields).get()


def test_a_row_becomes_an_account_with_its_contacts(import_file):
    result = import_file("accounts", HEADER + ROW)
    assert (result.lines, result.code) == (["accounts.csv: 1 new, 0 changed, 0 the same, 0 refused."], 0)
    account = Account.objects.get()
    assert (account.reference, account.school_id, account.name, account.address, account.postcode) == (
        "A140195",
        140195,
        "Vale Academy",
        "Vale Road\nWestmere",
        "WM2 2BB",
    )
    assert (account.is_po_required, account.vat_treatment, account.vat_reason) == (
        True,
        "exempt",
        "As given in accounts.csv",
    )
    assert [contact.email for contact in account.contacts.all()] == ["a@vale.example", "b@vale.example"]


def test_a_trust_pays_by_its_uid(import_file):
    header = "trust_uid,name,address,email\n"
    result = import_file("accounts", header + f'{uid()},Mill Lane Trust,"1 Mill Lane, Westmere",a@mill.example\n')
    assert result.code == 0
    assert stored("reference", "trust", "address") == (f"T{uid()}", uid(), "1 Mill Lane\nWestmere")


@pytest.mark.parametrize(
    ("vat", "treatment"),
    [
        ("", "standard"),
        ("Standard", "standard"),
        ("zero", "zero"),
        ("exempt", "exempt"),
        ("Outside Scope", "outside scope"),
        ("none", ""),
    ],
)
def test_vat_is_standard_unless_the_row_says_otherwise(import_file, vat, treatment):
    import_file("accounts", HEADER + f"140195,,Vale,Vale Road,,,,{vat}\n")
    assert stored("vat_treatment") == (treatment,)


@pytest.mark.parametrize(
    ("cell", "is_required"),
    [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("false", False), ("0", False), ("", False)],
)
def test_a_purchase_order_is_required_or_not(import_file, cell, is_required):
    import_file("accounts", HEADER + f"140195,,Vale,Vale Road,,,{cell},\n")
    assert stored("is_po_required") == (is_required,)


@pytest.mark.parametrize(
    "address", ['"Vale Road\r\nWestmere"', "Vale Road; Westmere", "Vale Road | Westmere", '"Vale Road, Westmere"']
)
def test_an_address_keeps_its_lines(import_file, address):
    import_file("accounts", HEADER + f"140195,,Vale,{address},,,,\n")
    assert stored("address") == ("Vale Road\nWestmere",)


def test_commas_within_a_line_stay_where_other_marks_part_the_lines(import_file):
    import_file("accounts", HEADER + '140195,,Vale,"12, Vale Road; Westmere",,,,\n')
    assert stored("address") == ("12, Vale Road\nWestmere",)


def test_the_same_file_again_changes_nothing(import_file):
    import_file("accounts", HEADER + ROW)
    before = Event.objects.count(), Account.history.count()
    assert import_file("accounts", HEADER + ROW).lines == ["accounts.csv: 0 new, 0 changed, 1 the same, 0 refused."]
    assert (Event.objects.count(), Account.history.count()) == before


def test_a_changed_row_changes_what_it_says_and_leaves_empty_cells_alone(import_file):
    import_file("accounts", HEADER + ROW)
    result = import_file("accounts", HEADER + "140195,,Vale Academy,New Road,,c@vale.example,,\n")
    assert result.lines[1:] == [
        "  changed, line 2: Vale Academy, for Vale Academy (140195) (address was Vale Road, Westmere; "
        "new contact c@vale.example)"
    ]
    assert stored("address", "postcode", "is_po_required", "vat_treatment") == ("New Road", "WM2 2BB", True, "exempt")
    assert Account.objects.get().contacts.count() == 3


def test_each_account_keeps_its_history(import_file):
    import_file("accounts", HEADER + ROW)
    import_file("accounts", HEADER + ROW.replace("exempt", "zero"))
    history = Account.history.order_by("history_id").values_list(
        "history_type", "vat_treatment", "history_change_reason"
    )
    assert list(history) == [
        ("+", "exempt", "Imported from accounts.csv"),
        ("~", "zero", "Imported from accounts.csv"),
    ]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("110195,,Old School,Road,,,,", "urn: Old School (110195) is maintained and pays by journal"),
        ("140196,,Vale,Road,,,,", "urn: 140196 is not in the register here"),
        (",99,Vale,Road,,,,", "trust_uid: 99 is no trust in the register here"),
        (",,Vale,Road,,,,", "urn: is empty"),
        ("140195,99,Vale,Road,,,,", "trust_uid: give a URN or a trust’s UID, not both"),
        ("140195,,,Road,,,,", "name: is empty"),
        ("140195,,Vale,,,,,", "address: is empty"),
        ("140195,,Vale,Road,nowhere,,,", "postcode: “nowhere” is not a postcode"),
        ("140195,,Vale,Road,,vale,,", "email: “vale” is not an email address"),
        ("140195,,Vale,Road,,,maybe,", "po_required: “maybe” is neither yes nor no"),
        ("140195,,Vale,Road,,,,20%", "vat: “20%” is not a VAT treatment: the known ones are standard, zero, exempt"),
    ],
)
def test_a_bad_row_says_what_is_wrong(import_file, row, where):
    make.school(110195, name="Old School")
    result = import_file("accounts", HEADER + row + "\n")
    assert result.lines[1].startswith(f"  line 2, column {where}")
    assert (result.code, Account.objects.count()) == (1, 0)


def test_a_reference_in_use_is_not_taken_over(import_file):
    make.account(make.academy(140200), reference="A140195")
    result = import_file("accounts", HEADER + ROW)
    assert result.lines[1:] == [
        "  line 2, column urn: another account has the reference A140195: change that one first"
    ]


def test_a_file_without_a_payer_is_refused_whole(import_file):
    result = import_file("accounts", "name,address\nVale,Road\n")
    assert (result.code, result.error) == (
        2,
        "accounts.csv: The column urn or trust_uid is missing. "
        "The first line must name name, address and urn or trust_uid.",
    )
