"""Starts everything, waits until it is healthy, restarts what dies, stops in order.

Workers are started together with the servers and load their code meanwhile; they begin when the servers
answer (`workers.up.child`). Nothing survives the supervisor: when it is killed, the kernel sends its
children SIGTERM.
"""

import asyncio
import signal
import time
from collections.abc import Coroutine, Iterable
from typing import Any

from infra.settings import Settings
from workers.up import checks, frontend, logs, processes
from workers.up.checks import CannotStart
from workers.up.console import Console
from workers.up.health import get, reachable
from workers.up.lock import AlreadyRunning, FolderLock
from workers.up.process import Child, Spec, how_it_ended

READY_WITHIN_S = 90.0
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_AFTER_S = 60.0
"""A child that lived this long starts its next restarts without the grown delay."""


def supervise(settings: Settings) -> int:
    """Run until told to stop; raises CannotStart, with nothing left running, when it can't."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(settings)
    checks.check_folder(settings)
    try:
        with FolderLock(settings.data):
            checks.check(settings)
            checks.check_reachable(settings)
            console.hello()
            if not settings.skip_frontend:
                console.built(frontend.build(settings.data / "logs" / "frontend.log", console.say))
            return asyncio.run(Supervisor(settings, console).run())
    except AlreadyRunning as running:
        raise CannotStart(f"{running} Another copy needs its own KAIBO_DATA and ports.") from None
    except KeyboardInterrupt:
        console.say("given up before anything was started")
        return 130


class Supervisor:
    """The children of one copy."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._children: dict[str, Child] = {}
        self._stopping = asyncio.Event()

    async def run(self) -> int:
        """Start, keep running, stop; raises CannotStart when the start fails."""
        self._listen_for_signals()
        try:
            if await self._unless_stopped(self._start()):
                await self._unless_stopped(self._keep_running())
        finally:
            self._stopping.set()
            await self._stop()
        return 0

    async def _start(self) -> None:
        began = time.monotonic()
        servers = [self._child(spec) for spec in processes.servers(self._settings)]
        workers = [self._child(spec) for spec in processes.workers(self._settings)]
        for child in (*servers, *workers):
            logs.rotate(child.spec.log)
            await child.start()
        await self._until_ready(servers)
        for child in workers:
            await child.begin()
        await self._until_ready(workers)
        self._console.ready(time.monotonic() - began)

    async def _until_ready(self, children: Iterable[Child]) -> None:
        """Raises CannotStart when one of them dies or takes too long."""
        waits = [asyncio.ensure_future(self._ready_or_dead(child)) for child in children]
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await asyncio.gather(*waits)
        except TimeoutError:
            raise CannotStart(
                f"Not everything was ready after {READY_WITHIN_S:.0f} s; the logs are in "
                f"{self._settings.data / 'logs'}."
            ) from None
        finally:
            for wait in waits:
                wait.cancel()

    async def _ready_or_dead(self, child: Child) -> None:
        began = time.monotonic()
        ready = asyncio.ensure_future(child.spec.ready())
        exited = asyncio.ensure_future(child.exited())
        try:
            await asyncio.wait((ready, exited), return_when=asyncio.FIRST_COMPLETED)
            if exited.done():
                raise CannotStart(
                    f"{child.name} stopped while starting ({how_it_ended(exited.result())}); "
                    f"{child.spec.log} ends with: {child.last_words()}"
                )
            await ready
            self._console.started(child.name, time.monotonic() - began)
        finally:
            ready.cancel()
            exited.cancel()

    async def _keep_running(self) -> None:
        async with asyncio.TaskGroup() as group:
            if self._settings.demo:
                demo = self._child(processes.demo(self._settings))
                await demo.start()
                await demo.begin()
                group.create_task(self._tell_when_on_air())
            for child in list(self._children.values()):
                group.create_task(self._keep(child))
            group.create_task(logs.keep_small([child.spec.log for child in self._children.values()]))

    async def _keep(self, child: Child) -> None:
        """Start it again whenever it ends, each time later than before."""
        delay = FIRST_DELAY_S
        while True:
            code = await child.exited()
            child.kill()
            if child.age_s > STEADY_AFTER_S:
                delay = FIRST_DELAY_S
            self._console.warn(f"{child.name} stopped ({how_it_ended(code)}); it starts again in {delay:g} s")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_S)
            await child.start()
            await child.begin()
            try:
                await self._until_ready([child])
            except CannotStart as reason:
                self._console.warn(str(reason))

    async def _tell_when_on_air(self) -> None:
        host, port = reachable(self._settings.host), self._settings.web_port
        while b'"items":[{' not in await get(host, port, "/v1/feed?tab=live"):
            await asyncio.sleep(0.25)
        self._console.on_air()

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do the work, or give it up when told to stop; False when it was given up."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return False
        task.result()
        return True

    async def _stop(self) -> None:
        if any(child.running for child in self._children.values()):
            self._console.say("stopping")
        for row in processes.STOP_ORDER:
            children = [self._children[name] for name in row if name in self._children]
            for child, willing in zip(
                children, await asyncio.gather(*(child.stop() for child in children)), strict=True
            ):
                if not willing:
                    self._console.warn(f"{child.name} did not stop by itself and was killed")
        self._console.stopped()

    def _child(self, spec: Spec) -> Child:
        child = Child(spec)
        self._children[spec.name] = child
        return child

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        """The first asks for an orderly stop, the next ends it at once."""
        if self._stopping.is_set():
            for child in self._children.values():
                child.kill()
        self._stopping.set()
