"""One module per headline figure: `measure(report)` reports it, beside a peer where there is one."""
