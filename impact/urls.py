"""The addresses of `impact`."""

from django.urls import path

from impact.views import reviews, samples, worked

urlpatterns = [
    path("deployments/<int:pk>/reviews/", reviews.deployment_reviews, name="deployment_reviews"),
    path("deployments/<int:pk>/reviews/<slug:kind>/new/", reviews.review_new, name="review_new"),
    path("impact/", worked.worked_report, name="worked_report"),
    path("impact/what-worked.csv", worked.worked_export, name="worked_export"),
    path("impact/reviews/overdue/", reviews.review_overdue, name="review_overdue"),
    path("impact/samples/", samples.sample_list, name="sample_list"),
    path("impact/samples/new/", samples.sample_new, name="sample_new"),
    path("impact/samples/<int:pk>/", samples.sample_detail, name="sample_detail"),
    path("impact/samples/<int:pk>/pick/", samples.sample_pick, name="sample_pick"),
    path("impact/sampled/<int:pk>/finding/", samples.finding_new, name="finding_new"),
    path("impact/findings/", worked.finding_list, name="finding_list"),
]
