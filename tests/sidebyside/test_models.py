"""What the database never lets be false about the council, people, mail, uploads and documents."""

import hashlib
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sidebyside.accounts.models import User
from sidebyside.council.models import Council, FirstRunToken, HalfTerm
from sidebyside.documents.models import Document, DocumentIsDamaged
from sidebyside.imports.models import Upload, UploadedFile
from sidebyside.mail.models import Dispatch
from tests import make
from tests.refused import constraints_of, refused_by

pytestmark = pytest.mark.django_db


def mail(**rest):
    return Dispatch, {"key": "k", "to": ["a@x.example"], "subject": "Hello", "body": "Hello"} | rest


def file(**rest):
    upload = Upload.objects.create(kind="categories", uploaded_by=make.user("administrator"))
    return UploadedFile, {"upload": upload, "part": "file", "name": "a.csv", "content": b""} | rest


def second_file():
    model, values = file()
    model.objects.create(**values)
    return model, values


def person(**rest):
    return User, {"email": "a@x.example", "name": "Ada", "role": "lead", "password": "x"} | rest


def second_person():
    model, values = person()
    model.objects.create(**values)
    return model, values | {"email": "A@X.example"}


COUNCIL = {"pk": 1, "terms_days": 1, "invoice_prefix": "A", "credit_note_prefix": "B"}
REFUSED = [
    ("council_is_one", lambda: (Council, COUNCIL | {"pk": 2})),
    (
        "council_prefixes_differ",
        lambda: (Council, COUNCIL | {"credit_note_prefix": "A"}),
    ),
    ("council_prefixes_differ", lambda: (Council, COUNCIL | {"reimbursement_prefix": "A"})),
    ("council_prefixes_differ", lambda: (Council, COUNCIL | {"reimbursement_prefix": "B"})),
    ("council_gives_time_to_answer", lambda: (Council, COUNCIL | {"silent_after_days": 0})),
    ("council_gives_time_to_answer", lambda: (Council, COUNCIL | {"consent_link_days": 0})),
    ("council_gives_time_to_answer", lambda: (Council, COUNCIL | {"consent_link_days": 91})),
    ("council_gives_time_to_review", lambda: (Council, COUNCIL | {"midpoint_from_weeks": 0})),
    ("council_gives_time_to_review", lambda: (Council, COUNCIL | {"midpoint_review_days": 0})),
    ("council_gives_time_to_review", lambda: (Council, COUNCIL | {"closing_review_days_before": 91})),
    ("council_gives_time_to_review", lambda: (Council, COUNCIL | {"closing_review_days": 0})),
    ("council_gives_time_to_review", lambda: (Council, COUNCIL | {"category_after_months": 37})),
    ("council_warns_at_a_share", lambda: (Council, COUNCIL | {"warn_at_percent": 101})),
    ("council_warns_in_time", lambda: (Council, COUNCIL | {"warn_days_before_end": 0})),
    ("council_warns_in_time", lambda: (Council, COUNCIL | {"warn_after_idle_weeks": 0})),
    (
        "half_term_ends_after_it_begins",
        lambda: (HalfTerm, {"name": "Autumn 1", "first_day": date(2022, 9, 5), "last_day": date(2022, 9, 4)}),
    ),
    ("dispatch_state_is_known", lambda: mail(state="lost")),
    ("dispatch_is_sent_at_a_moment", lambda: mail(state="sent")),
    ("dispatch_is_sent_at_a_moment", lambda: mail(sent_at=timezone.now())),
    ("upload_has_each_part_once", second_file),
    ("uploaded_file_has_a_name", lambda: file(name="")),
    ("email_is_unique_whatever_its_capitals", second_person),
    ("user_has_a_known_role", lambda: person(role="king")),
]


@pytest.mark.parametrize(("constraint", "wrong"), REFUSED)
def test_the_database_refuses_what_is_false(constraint, wrong):
    model, values = wrong()
    assert refused_by(model, **values) == constraint


def test_every_constraint_of_the_house_is_proven():
    labels = ("accounts", "audit", "council", "documents", "mail", "health", "imports")
    assert constraints_of(*labels) == {constraint for constraint, _ in REFUSED}


def test_a_mails_cause_stands_once():
    model, values = mail()
    model.objects.create(**values)
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        model.objects.create(**values)


def test_a_token_is_kept_as_its_hash_and_a_new_one_takes_its_place():
    first, second = FirstRunToken.make(), FirstRunToken.make()
    assert [token.digest for token in FirstRunToken.objects.all()] == [FirstRunToken.digest_of(second)]
    assert first != second


def test_m11_a_document_is_kept_with_its_hash():
    document = Document.keep("a.pdf", "application/pdf", b"bytes")
    assert (document.sha256, document.read()) == (hashlib.sha256(b"bytes").hexdigest(), b"bytes")


def test_m11_a_damaged_document_is_not_served():
    damaged = Document(name="a.pdf", sha256="0" * 64, content=b"bytes")
    with pytest.raises(DocumentIsDamaged):
        damaged.read()
