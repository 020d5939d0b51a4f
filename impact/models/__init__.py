"""What deployments have changed: reviews, evaluations, quality assurance, what worked."""
