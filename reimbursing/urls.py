"""The addresses of `reimbursing`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
