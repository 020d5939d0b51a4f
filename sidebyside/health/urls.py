"""For load balancers and compose."""

from django.urls import path

from sidebyside.health import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
