"""The addresses of the trail."""

from django.urls import path

from sidebyside.audit import views

urlpatterns = [
    path("events/", views.event_list, name="event_list"),
    path("events.csv", views.event_export, name="event_export"),
]
