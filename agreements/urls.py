"""The addresses of `agreements`."""

from django.urls import path

from agreements.views import agreements, answering, links, proposing

urlpatterns = [
    path("deployments/new/", proposing.deployment_new, name="deployment_new"),
    path("deployments/<int:pk>/change/", proposing.deployment_change, name="deployment_change"),
    path("agreements/", agreements.agreement_list, name="agreement_list"),
    path("agreements/<int:pk>/", agreements.agreement_detail, name="agreement_detail"),
    path("agreements/<int:pk>/pdf/", agreements.agreement_pdf, name="agreement_pdf"),
    path("agreements/<int:pk>/cost/", agreements.agreement_cost, name="agreement_cost"),
    path("agreements/<int:pk>/withdraw/", answering.agreement_withdraw, name="agreement_withdraw"),
    path("agreements/<int:pk>/answer/<slug:party>/", answering.agreement_answer, name="agreement_answer"),
    path("agreements/<int:pk>/ask/<slug:party>/", answering.agreement_ask, name="agreement_ask"),
    path("agree/thanks/", links.consent_thanks, name="consent_thanks"),
    path("agree/<str:token>/", links.consent_link, name="consent_link"),
]
