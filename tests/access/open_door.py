"""The portal's addresses and two whose views say nothing of who may open them."""

from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import path

from sidebyside.urls import urlpatterns as ours


def forgotten(request: HttpRequest) -> HttpResponse:
    """Says nothing."""
    return HttpResponse("Come in")


class CarelessSite(AdminSite):
    """An administration with an address that it does not check."""

    def get_urls(self) -> list:
        """One more."""
        return [path("careless/", forgotten, name="careless"), *super().get_urls()]


careless = CarelessSite(name="admin")
urlpatterns = [path("forgotten/", forgotten, name="forgotten"), path("careless/", careless.urls), *ours]
