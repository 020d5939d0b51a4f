"""The addresses of `schools`."""

from django.urls import path

from schools.views import advisers, categories, lists, pages

urlpatterns = [
    path("schools/", lists.school_list, name="school_list"),
    path("schools.csv", lists.school_export, name="school_export"),
    path("schools/<int:urn>/", pages.school_detail, name="school_detail"),
    path("schools/<int:urn>/history/", pages.school_history, name="school_history"),
    path("schools/<int:urn>/category/propose/", categories.category_propose, name="category_propose"),
    path("schools/<int:urn>/category/<int:pk>/confirm/", categories.category_confirm, name="category_confirm"),
    path("schools/<int:urn>/category/<int:pk>/withdraw/", categories.category_withdraw, name="category_withdraw"),
    path("schools/<int:urn>/adviser/", advisers.adviser_assign, name="adviser_assign"),
]
