"""Marketing credit: granted to businesses, given away in envelopes, kept in wallets."""
