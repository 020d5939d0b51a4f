"""The addresses of `brokering`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
