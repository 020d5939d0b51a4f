"""The addresses of `visits`."""

from django.urls import path

from visits.views import agreed, lists, logs, notes, planning

urlpatterns = [
    path("visits/", lists.visit_list, name="visit_list"),
    path("visits.csv", lists.visit_export, name="visit_export"),
    path("schools/<int:urn>/visits/", lists.school_visits, name="school_visits"),
    path("schools/<int:urn>/visits/plan/", planning.visit_plan, name="visit_plan"),
    path("visits/<int:pk>/", notes.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/move/", planning.visit_move, name="visit_move"),
    path("visits/<int:pk>/cancel/", planning.visit_cancel, name="visit_cancel"),
    path("visits/<int:pk>/log/", logs.visit_log, name="visit_log"),
    path("visits/<int:pk>/draft/", logs.draft_save, name="draft_save"),
    path("visits/<int:pk>/share/", logs.note_share, name="note_share"),
    path("visits/<int:pk>/answer/", notes.note_answer, name="note_answer"),
    path("visits/<int:pk>/read/", notes.answers_read, name="answers_read"),
    path("visits/<int:pk>/amend/", notes.note_amend, name="note_amend"),
    path("visits/<int:pk>/versions/", notes.note_versions, name="note_versions"),
    path("actions/<int:pk>/close/", agreed.action_close, name="action_close"),
]
