"""Every address: each app's own, the sign-in, the administration, and the portal's few."""

from django.contrib import admin
from django.urls import include, path

from sidebyside import attention, views
from sidebyside.demo.views import outbox, outbox_mail
from sidebyside.first_run.views import first_run

urlpatterns = [
    path("", views.home, name="home"),
    path("first-run/<str:token>/", first_run, name="first_run"),
    path("outbox/", outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox_mail, name="outbox_mail"),
    path("attention/", attention.attention, name="attention"),
    path("attention/mail/<int:pk>/", attention.mail_resolve, name="mail_resolve"),
    path("", include("sidebyside.health.urls")),
    path("", include("sidebyside.council.urls")),
    path("", include("sidebyside.audit.urls")),
    path("", include("schools.urls")),
    path("", include("support.urls")),
    path("", include("visits.urls")),
    path("", include("billing.urls")),
    path("", include("impact.urls")),
    path("", include("reimbursing.urls")),
    path("", include("agreements.urls")),
    path("", include("brokering.urls")),
    path("", include("sidebyside.calendars.urls")),
    path("", include("sidebyside.imports.urls")),
    path("accounts/", include("sidebyside.accounts.urls")),
    path("admin/", admin.site.urls),
]
