"""The addresses of `support`."""

from django.urls import path

from support.views import answering, champions, deliveries, deployments, entitlements, offers

urlpatterns = [
    path("offer/", offers.offer_list, name="offer_list"),
    path("offer/begin/", offers.offer_begin, name="offer_begin"),
    path("offer/<slug:slug>/", offers.offer_detail, name="offer_detail"),
    path("schools/entitlements.csv", entitlements.entitlement_export, name="entitlement_export"),
    path("schools/<int:urn>/entitlement/", entitlements.school_entitlement, name="school_entitlement"),
    path("schools/<int:urn>/adjustments/new/", entitlements.adjustment_new, name="adjustment_new"),
    path("schools/<int:urn>/deployments/", deployments.school_deployments, name="school_deployments"),
    path("schools/<int:urn>/support/new/", deliveries.support_new, name="support_new"),
    path("deployments/", deployments.deployment_list, name="deployment_list"),
    path("deployments/<int:pk>/", deployments.deployment_detail, name="deployment_detail"),
    path("deployments/<int:pk>/end/", deployments.deployment_end, name="deployment_end"),
    path("deployments/<int:pk>/move/", deployments.deployment_move, name="deployment_move"),
    path("deployments/<int:pk>/log/", deliveries.delivery_log, name="delivery_log"),
    path("deliveries/waiting/", answering.confirmation_list, name="confirmation_list"),
    path("deliveries/waiting/confirm/", answering.deliveries_confirm, name="deliveries_confirm"),
    path("deliveries/<int:pk>/", deliveries.delivery_detail, name="delivery_detail"),
    path("deliveries/<int:pk>/deliver/", deliveries.delivery_deliver, name="delivery_deliver"),
    path("deliveries/<int:pk>/confirm/", answering.delivery_confirm, name="delivery_confirm"),
    path("deliveries/<int:pk>/withdraw/", deliveries.delivery_withdraw, name="delivery_withdraw"),
    path("deliveries/<int:pk>/price/", deliveries.delivery_price, name="delivery_price"),
    path("disputes/<int:pk>/resolve/", answering.dispute_resolve, name="dispute_resolve"),
    path("champions/", champions.champion_list, name="champion_list"),
    path("champions/new/", champions.champion_new, name="champion_new"),
    path("champions/<slug:code>/", champions.champion_detail, name="champion_detail"),
    path("champions/<slug:code>/edit/", champions.champion_edit, name="champion_edit"),
]
