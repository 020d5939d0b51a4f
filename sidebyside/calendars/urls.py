"""The addresses of the calendar feeds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
