"""RTMP ingest. Source: Adobe RTMP 1.0 specification, and what real encoders do beside it."""
