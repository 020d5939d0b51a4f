"""The imports' pages."""

from django.urls import path

from sidebyside.imports import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<slug:kind>/", views.import_new, name="import_new"),
    path("imports/<slug:kind>/template.csv", views.import_template, name="import_template"),
    path("imports/uploads/<int:pk>/", views.import_preview, name="import_preview"),
    path("imports/uploads/<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
]
