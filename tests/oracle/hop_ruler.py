"""What the experiments behind hops.py have in common: a ruler that counts loop passes.

Used by hop_rows.py and hop_rows_cancel.py; not a command.

An experiment is a row of the table. It gets a Ruler, marks the pass of the cause with m.cause(), and
the effect is m.effect(), or else the experiment's end. For timers the cause is the pass in which the
timer's callback runs: another timer, armed just before for the same time, marks it. An experiment that
has more to say than one number returns it.
"""
import asyncio

LONG = 99       # a sleep that never ends by itself here
ROWS = []       # (name, experiment)


def row(name):
    def add(experiment):
        ROWS.append((name, experiment))
    return add


class Ruler:
    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.end = None

    def cause(self):
        self.start = self.loop.passes

    def effect(self):
        self.end = self.loop.passes

    def hops(self):
        return (self.end or self.loop.passes) - self.start

    # What the experiments are made of.

    def cause_at(self, delay):
        self.loop.call_later(delay, self.cause)

    async def cause_after(self, delay):
        """Body of a task: its last act is the cause."""
        await asyncio.sleep(delay)
        self.cause()

    async def effect_now(self):
        """Body of a task: its first step is the effect."""
        self.effect()

    def spawn(self, *acts):
        """A task that marks the cause and, in the same step, does something."""
        async def causing():
            self.cause()
            for act in acts:
                result = act()
                if asyncio.iscoroutine(result):
                    await result
        return asyncio.create_task(causing())


async def passes(n):
    for _ in range(n):
        await asyncio.sleep(0)


async def finished_task():
    task = asyncio.create_task(asyncio.sleep(0))
    await passes(3)
    return task


async def ends(awaitable):
    """Waits; how it ended does not matter."""
    try:
        await awaitable
    except (Exception, asyncio.CancelledError):
        pass
