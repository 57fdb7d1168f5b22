"""Creators: who makes content for a business, admitted by application and review."""
