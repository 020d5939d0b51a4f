"""The forms pack, the date of three boxes, the words of errors, and what the compiled look may not contain."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField, posted
from sidebyside.govuk.templatetags.govuk import error_summary, error_target
from sidebyside.govuk.templatetags.look import progress
from sidebyside.govuk.wording import thing
from tests.sidebyside.sample_pages import LaidOutForm, VisitForm, action_formset

VENDOR = settings.BASE_DIR / "static" / "vendor" / "govuk-frontend"
STYLES = (VENDOR / "govuk-frontend.min.css", *sorted((settings.BASE_DIR / "static" / "css").glob("*.css")))


class HeldForm(Form):
    """One date."""

    held_on = DateField(label="Date of the visit")


def held(day="", month="", year=""):
    return HeldForm({"held_on_day": day, "held_on_month": month, "held_on_year": year})


def rendered(source, **context):
    request = RequestFactory().get("/?page=2&name=Mill")
    return Template(source).render(Context(context | {"request": request}))


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
@pytest.mark.parametrize("forbidden", ["@font-face", "url(", "GDS Transport", "sourceMappingURL", "crown"])
def test_no_font_picture_or_crown_of_the_government_is_in_the_look(style, forbidden):
    text = style.read_text().replace(".govuk-footer__crown", "")  # a rule for a picture that no page has
    assert text.count(forbidden) == 0


def test_the_compiled_look_is_in_the_councils_colour():
    assert re.findall(r"--govuk-brand-colour: (#\w+)", STYLES[0].read_text()) == ["#1f4e5f"]


def test_no_template_holds_a_style_attribute_or_an_inline_script():
    inline = re.compile(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*(src=|type=\"application/json\"))")
    folders = (settings.BASE_DIR / "templates", settings.BASE_DIR / "sidebyside" / "govuk")
    pages = [page for folder in folders for page in folder.rglob("*.html") if "email" not in page.parts]
    assert [str(page) for page in pages if inline.search(page.read_text()) and "documents" not in page.parts] == []


def test_a_date_is_read_from_its_three_boxes():
    form = held("9", "9", "2026")
    assert form.is_valid()
    assert form.cleaned_data == {"held_on": date(2026, 9, 9)}


def test_a_month_may_be_written_as_its_name():
    assert DateField().clean(("31", "March", "2023")) == date(2023, 3, 31)


def test_a_link_may_carry_a_date_as_one_value():
    assert HeldForm({"held_on": "2023-03-31"}).errors == {}


@pytest.mark.parametrize(
    ("typed", "sentence", "focused"),
    [
        (("", "", ""), "Enter the date of the visit", "day"),
        (("", "9", "2026"), "Date of the visit must include a day", "day"),
        (("9", "", ""), "Date of the visit must include a month and a year", "month"),
        (("9", "9", ""), "Date of the visit must include a year", "year"),
        (("9", "9", "26"), "Date of the visit must have a year of 4 figures, like 2023", "year"),
        (("9", "13", "2026"), "Date of the visit must be a real date", "month"),
        (("31", "2", "2026"), "Date of the visit must be a real date", "day"),
        (("9", "Septober", "2026"), "Date of the visit must be a real date", "month"),
        (("²", "9", "2026"), "Date of the visit must be a real date", "day"),
        (("9" * 30, "9", "2026"), "Date of the visit must be a real date", "day"),
        (("9", "9" * 5000, "2026"), "Date of the visit must be a real date", "month"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_leads_to_the_box_at_fault(typed, sentence, focused):
    form = held(*typed)
    assert form.errors == {"held_on": [sentence]}
    assert error_target(form["held_on"]) == f"id_held_on_{focused}"


def test_only_the_box_at_fault_is_red():
    page = rendered("{% load crispy_forms_filters %}{{ form|crispy }}", form=held("9", "9", ""))
    assert re.findall(r'govuk-input--error"\s+id="(\w+)"', page) == ["id_held_on_year"]


def test_a_date_shows_the_day_that_it_was_given():
    page = rendered("{{ form.held_on }}", form=HeldForm(initial={"held_on": date(2023, 3, 31)}))
    assert re.findall(r'name="(\w+)"[^>]*value="(\w*)"', page) == list(posted("held_on", date(2023, 3, 31)).items())


def test_what_was_typed_stays_in_its_boxes():
    page = rendered("{{ form.held_on }}", form=held("31", "x", "23"))
    assert re.findall(r'value="(\w*)"', page) == ["31", "x", "23"]


def test_an_unchanged_date_is_no_change():
    day = date(2023, 3, 31)
    assert HeldForm(posted("held_on", day), initial={"held_on": day}).changed_data == []


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31", ("1", "1", "0001")])
def test_a_date_at_the_end_of_the_calendar_is_refused_before_a_year_is_counted_from_it(typed):
    with pytest.raises(ValidationError, match="The year must be between 1900 and 2100"):
        DateField().clean(typed)


def test_an_optional_date_may_stay_empty():
    assert DateField(required=False).clean(("", "", "")) is None


def test_a_required_date_may_not():
    with pytest.raises(ValidationError, match="Enter the date"):
        DateField().clean(None)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Main focus", "the main focus"),
        ("URN", "the URN"),
        ("Who took part?", "who took part"),
        ("Your name", "your name"),
        ("Date of the visit", "the date of the visit"),
        ("From", "the first day"),
        ("Until", "the last day"),
    ],
)
def test_a_label_is_said_in_the_middle_of_a_sentence(label, said):
    assert thing(label) == said


def test_every_empty_field_is_asked_for_in_the_words_of_its_label():
    entries = error_summary(VisitForm({}), action_formset({"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0"}))
    assert [(entry["text"], entry["target"]) for entry in entries["entries"]] == [
        ("Enter the date of the visit", "id_held_on_day"),
        ("Select the main focus", "id_focus_0"),
        ("Select who took part", "id_people_0"),
        ("Select the mode", "id_mode_0"),
        ("Enter the hours on site", "id_hours"),
        ("Enter the price", "id_price"),
        ("Enter the email address of the headteacher", "id_email"),
        ("Enter the headline", "id_headline"),
        ("Select the follow-up", "id_follow_up"),
        ("Answer “This goes beyond the allowance”", "id_beyond_0"),
        ("Choose a file for the visit plan", "id_plan"),
        ("Tick the box “The head agreed to this visit”", "id_agreed"),
        ("Enter the password", "id_phrase"),
        ("Enter the action", "id_actions-0-what"),
        ("Enter the date due", "id_actions-0-due_on_day"),
    ]


def test_a_fields_own_words_win():
    class Named(Form):
        name = forms.CharField(error_messages={"required": "Say who you are"})

    assert Named({}).errors == {"name": ["Say who you are"]}


def test_limits_are_told_in_the_words_of_the_label():
    form = VisitForm({"price": "-1", "hours": "1.55", "headline": "x" * 201, "email": "head"})
    said = {name: form.errors[name] for name in ("price", "hours", "headline", "email")}
    assert said == {
        "price": ["Price must be 0 or more"],
        "hours": ["Hours on site must have no more than 1 decimal places"],
        "headline": ["Headline must be 200 characters or fewer"],
        "email": ["Enter an email address in the correct format, like name@example.com"],
    }


def test_the_whole_forms_error_leads_to_its_first_field():
    form = held("9", "9", "2026")
    form.add_error(None, "This visit is planned already")
    assert error_summary(form)["entries"] == [{"text": "This visit is planned already", "target": "id_held_on_day"}]


def test_a_revealed_field_is_drawn_once_inside_its_choice():
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", form=VisitForm())
    assert page.count('name="reason"') == 1
    assert page.index('id="conditional-id_beyond_0"') < page.index('name="reason"') < page.index('id="id_beyond_1"')


def test_what_a_choice_asks_for_is_not_called_optional():
    class AskingForm(Form):
        reveals = {"happened": {"no": ["why"]}}
        happened = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
        why = forms.CharField(label="What happened instead", required=False)
        remark = forms.CharField(required=False)

    text = rendered("{% load crispy_forms_tags %}{% crispy form %}", form=AskingForm())
    assert re.findall(r"(\w+) \(optional\)", text) == ["Remark"]


def test_a_layouts_revealed_field_is_drawn_once_too():
    page = rendered("{% load crispy_forms_tags %}{% crispy form %}", form=LaidOutForm())
    assert (page.count("<fieldset"), page.count('name="reason"')) == (3, 1)


def test_a_price_is_a_text_box_behind_its_pound_sign():
    page = rendered("{% load crispy_forms_filters %}{{ form.price|as_crispy_field }}", form=VisitForm())
    assert '<div class="govuk-input__prefix" aria-hidden="true">£</div>' in page
    assert re.findall(r'type="(\w+)"', page) == ["text"]


def test_a_bar_shows_what_is_used_and_booked_of_the_ceiling():
    assert progress(Decimal("3.5"), 10, 2) == {"used": 35.0, "booked": 20.0, "over": 0.0, "over_from": 100.0}


def test_a_bar_beyond_its_ceiling_is_full_and_ends_in_amber():
    assert progress(10, 8) == {"used": 80.0, "booked": 0.0, "over": 20.0, "over_from": 80.0}


def test_a_bar_of_no_ceiling_is_empty():
    assert progress(0, 0) == {"used": 0.0, "booked": 0.0, "over": 0.0, "over_from": 100.0}


def test_the_links_to_other_pages_keep_the_filters():
    page = rendered("{% load look %}{% pagination page %}", page=Paginator(range(30), 10).page(2))
    links = re.findall(r'href="([^"]+)"', page)
    assert links == [f"?page={number}&amp;name=Mill" for number in (1, 1, 2, 3, 3)]


def test_a_heading_sorts_upwards_first_and_forgets_the_page():
    page = rendered('{% load look %}{% sort_header "School" "name" %}')
    assert 'aria-sort="none"><a class="govuk-link ss-sort" href="?name=Mill&amp;sort=name">School' in page
