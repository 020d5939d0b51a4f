"""What deployments have changed: reviews, evaluations, quality assurance, what worked."""

from impact.models.invitations import ReviewInvitation
from impact.models.reviews import Kind, OutcomeRating, Party, Review
from impact.models.samples import Finding, Sample, SampledDeployment

__all__ = [
    "Finding",
    "Kind",
    "OutcomeRating",
    "Party",
    "Review",
    "ReviewInvitation",
    "Sample",
    "SampledDeployment",
]
