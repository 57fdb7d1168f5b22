"""Where used: what every document refers to, kept in the transactions that write documents."""
