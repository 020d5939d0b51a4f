"""What people do with money: approve a run, record a payment, keep an account, put right what is stuck."""
