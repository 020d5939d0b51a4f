"""What people do with offers, champions, deployments and deliveries."""
