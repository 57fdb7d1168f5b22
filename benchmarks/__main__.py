"""`python -m benchmarks [name …]`: runs all, or those named; exits 1 when one is short or breaks."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import sys
import textwrap
import traceback
from types import ModuleType

import benchmarks
from benchmarks.harness import Report


def discover() -> dict[str, str]:
    """Benchmark name (as typed) to module name; a benchmark is a module here that has `measure`."""
    found = {}
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name not in ("__main__", "harness", "references"):
            found[module.name.replace("_", "-")] = f"benchmarks.{module.name}"
    return found


def run(name: str, module: ModuleType) -> bool:
    """Prints the benchmark's method and figures; False when a figure is short or the run broke."""
    print(f"\n{name}", flush=True)
    print(textwrap.indent(inspect.cleandoc(module.__doc__ or ""), "  "), flush=True)
    report = Report(say=lambda line: print(line, flush=True))
    try:
        outcome = module.measure(report)
        if inspect.isawaitable(outcome):
            asyncio.run(_finish(outcome))
    except Exception:  # noqa: BLE001 - the other benchmarks still run, and this one counts as failed
        traceback.print_exc()
        print(f"{name} broke before its figures were complete", flush=True)
        return False
    return bool(report.figures) and all(figure.verdict != "short" for figure in report.figures)


async def _finish(outcome: object) -> None:
    await outcome  # type: ignore[misc]


def main(wanted: list[str]) -> int:
    known = discover()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    passed = [run(name, importlib.import_module(known[name])) for name in (wanted or known)]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main([name for word in sys.argv[1:] for name in word.replace(",", " ").split()]))
