"""The addresses of `brokering`."""

from django.urls import path

from brokering.views import matches, needs, watching

urlpatterns = [
    path("deployments/watch/", watching.watch, name="watch"),
    path("deployments/watch/days.csv", watching.watch_export, name="watch_export"),
    path("deployments/watch/pools/", watching.watch_pools, name="watch_pools"),
    path("schools/<int:urn>/needs/new/", needs.school_need_new, name="school_need_new"),
    path("needs/", needs.need_list, name="need_list"),
    path("needs/new/", needs.need_new, name="need_new"),
    path("needs/<int:pk>/", needs.need_detail, name="need_detail"),
    path("needs/<int:pk>/edit/", needs.need_edit, name="need_edit"),
    path("needs/<int:pk>/withdraw/", needs.need_withdraw, name="need_withdraw"),
    path("needs/<int:pk>/decline/", needs.need_decline, name="need_decline"),
    path("needs/<int:pk>/match/", matches.need_match, name="need_match"),
    path("needs/<int:pk>/propose/<slug:code>/", matches.need_propose, name="need_propose"),
]
