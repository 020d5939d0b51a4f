"""The portal's addresses, and one whose page breaks with somebody's name on its lips."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from sidebyside.accounts.access import public
from sidebyside.urls import urlpatterns as ours


@public
def breaks(request: HttpRequest, name: str) -> HttpResponse:
    """Never answers."""
    try:
        raise LookupError(f"No row for {name}")
    except LookupError as missing:
        raise ValueError(f"{request.POST.get('email')} is not known") from missing


urlpatterns = [*ours, path("breaks/<str:name>/", breaks, name="breaks")]
