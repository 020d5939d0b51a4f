"""The pages of `reimbursing`."""
