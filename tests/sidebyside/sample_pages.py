"""Pages that exist in tests alone: one form with every kind of field, and one page with every component."""

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from sidebyside.forms import FilterForm, Form
from sidebyside.govuk.dates import DateField

LIST = Path(__file__).with_name("sample_list.html")
COMPONENTS = Path(__file__).with_name("sample_components.html")
FOCUSES = [("reading", "Early reading"), ("maths", "Mathematics"), ("leadership", "Leadership and governance")]
BEYOND = [("allow", "Allow it, with a reason"), ("pays", "The school pays"), ("stop", "Do not book it")]


class VisitForm(Form):
    """Every kind of field."""

    reveals = {"beyond": {"allow": ["reason"], "pays": ["agreed_price"]}}
    choice_hints = {"beyond": {"pays": "At list price"}}

    held_on = DateField(label="Date of the visit", help_text="For example, 27 9 2026")
    focus = forms.ChoiceField(label="Main focus", choices=FOCUSES, widget=forms.RadioSelect)
    people = forms.MultipleChoiceField(
        label="Who took part",
        choices=[("head", "Headteacher"), ("governors", "Governors"), ("lead", "Subject leader")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply",
    )
    mode = forms.ChoiceField(
        choices=[("school", "In school"), ("online", "Online")],
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
    )
    hours = forms.DecimalField(
        label="Hours on site",
        help_text="To the nearest half hour",
        decimal_places=1,
        widget=forms.NumberInput(attrs={"data-suffix": "hours"}),
    )
    price = forms.DecimalField(widget=forms.NumberInput(attrs={"data-prefix": "£"}), min_value=Decimal(0))
    email = forms.EmailField(label="Email address of the headteacher")
    headline = forms.CharField(
        widget=forms.Textarea, max_length=200, help_text="What the school and the council need to know."
    )
    follow_up = forms.ChoiceField(label="Follow-up", choices=[("", "Choose"), ("visit", "A visit"), ("none", "None")])
    beyond = forms.ChoiceField(label="This goes beyond the allowance", choices=BEYOND, widget=forms.RadioSelect)
    reason = forms.CharField(required=False)
    agreed_price = forms.DecimalField(required=False, widget=forms.NumberInput(attrs={"data-prefix": "£"}))
    plan = forms.FileField(label="Visit plan")
    agreed = forms.BooleanField(label="The head agreed to this visit")
    phrase = forms.CharField(label="Password", widget=forms.PasswordInput)
    phone = forms.CharField(label="Telephone", required=False)

    def clean(self):
        """The reason is asked for only when it is needed."""
        if self.cleaned_data.get("beyond") == "allow" and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Enter the reason")


class ActionForm(Form):
    """One row of a formset."""

    what = forms.CharField(label="Action")
    due_on = DateField(label="Date due")


class LaidOutForm(Form):
    """A form with a layout of its own."""

    reveals = {"beyond": {"allow": ["reason"]}}

    name = forms.CharField()
    beyond = forms.ChoiceField(choices=BEYOND, widget=forms.RadioSelect)
    reason = forms.CharField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Fieldset("The school", "name"), Fieldset("The price", "beyond"))


class SchoolFilter(FilterForm):
    """The form of a list's filters."""

    search = forms.CharField(label="Name or URN", required=False)
    category = forms.ChoiceField(choices=[("", "All"), ("prevention", "Prevention")], required=False)
    since = DateField(label="Visited since", required=False)


class ActionFormSet(forms.BaseFormSet):
    """Two actions, both wanted."""

    item_name = "Action"

    def get_form_kwargs(self, index):
        """No form may stay empty."""
        return {"empty_permitted": False}


def action_formset(data=None):
    """The formset, bound to what was posted."""
    return forms.formset_factory(ActionForm, formset=ActionFormSet, extra=2, max_num=2)(data, prefix="actions")


@login_not_required
def sample_form(request: HttpRequest) -> HttpResponse:
    """Shows the form, and its errors after a post."""
    data = request.POST or None
    return render(
        request,
        "layouts/form.html",
        {
            "form": VisitForm(data, request.FILES or None),
            "formset": action_formset(data),
            "title": "Log a Headline Visit",
            "caption": "Mill Lane Primary School",
            "back_url": "/sample/list/",
            "button": "Save the visit",
            "cancel_url": "/sample/list/",
        },
    )


@login_not_required
def sample_list(request: HttpRequest) -> HttpResponse:
    """A list with filters, sorting and several pages."""
    rows = [
        {"name": f"Mill Lane Primary School {n}", "category": "Prevention", "used": Decimal("3.5")} for n in range(95)
    ]
    page = Paginator(rows, 10).get_page(request.GET.get("page"))
    form = SchoolFilter(request.GET or None)
    context = {"title": "Schools", "page": page, "filter": SimpleNamespace(form=form), "noun": "school"}
    template = engines["django"].from_string(LIST.read_text())
    return HttpResponse(template.render(context | {"export_url": "/sample/list.csv"}, request))


@login_not_required
def sample_components(request: HttpRequest, urn: int) -> HttpResponse:
    """A school's page with a chart, a progress bar, a task list and a summary list."""
    school = SimpleNamespace(urn=urn, name="Mill Lane Primary School", closed_on=None)
    context = {
        "school": school,
        "title": "Your support",
        "category": "Prevention",
        "months": [("Sep", 1), ("Oct", Decimal("1.5")), ("Nov", 1), ("Dec", 0)],
        "rows": [{"key": "Adviser", "value": "Priya Raman", "url": "/sample/form/", "action": "Contact"}],
        "tasks": [
            {
                "label": "Agree the autumn focus",
                "url": "/sample/form/",
                "hint": "Before 12 December",
                "status": "Completed",
            },
            {"label": "Comment on the note", "url": "/sample/form/", "status": "Waiting for you", "colour": "blue"},
            {"label": "Choose the spring date", "status": "Opens in January"},
        ],
    }
    template = engines["django"].from_string(COMPONENTS.read_text())
    return HttpResponse(template.render(context, request))


urlpatterns = [
    path("sample/form/", sample_form),
    path("sample/list/", sample_list, name="sample_list"),
    path("schools/<int:urn>/", sample_components, name="school_detail"),
    path("schools/<int:urn>/visits/", sample_components, name="school_visits"),
    path("accounts/", include("allauth.urls")),
]
