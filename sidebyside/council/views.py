"""The pages in the footer, open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sidebyside.accounts.access import public


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for (A4)."""
    return render(request, "council/accessibility.html", {"title": "Accessibility statement"})


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps about people, and why."""
    return render(request, "council/privacy.html", {"title": "Privacy notice"})


@public
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the team."""
    return render(request, "council/contact.html", {"title": "Contact the team"})
