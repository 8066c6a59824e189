"""The model: asyncio's order of events without asyncio. Same command line and output as scen.py.

    python3 refmodel.py FILE...         traces
    python3 check.py                    are they asyncio's? on random programs

The schedule is in refloop.py, the queue and the event are in refqueue.py.
"""
import argparse
import functools

import files
from interp import Scenario
from refloop import Gather, Loop, Task, sleep, timeout
from refqueue import Empty, Event, Full, Queue, ShutDown


class World:
    """The model, as interp.py wants it."""

    Full, Empty, ShutDown = Full, Empty, ShutDown

    def __init__(self):
        self.loop, self.tasks = Loop(), []
        self.Queue = functools.partial(Queue, self.loop)
        self.Event = functools.partial(Event, self.loop)
        self.sleep = functools.partial(sleep, self.loop)
        self.timeout = functools.partial(timeout, self.loop)

    def stamp(self):
        return f'{self.loop.now} {self.loop.passes}'

    def work(self, ms):
        self.loop.now += ms

    def spawn(self, coro, on_drop):
        task = Task(self.loop, coro, on_drop)
        self.tasks.append(task)
        return task

    def run_until_done(self, task):
        while not task.done():
            self.loop.run_once()
        for task in self.tasks:             # nobody waits for the others
            task.coro.close()

    @staticmethod
    def outcome(task):
        return task.state, task.value

    async def join(self, task):
        await task

    async def gather(self, tasks):
        gather = Gather(self.loop, tasks, collect=False)
        await gather
        return gather.state, gather.value

    async def gather_all(self, tasks):
        await Gather(self.loop, tasks, collect=True)
        return [self.outcome(task) for task in tasks]


def run(program):
    """-> the trace, a list of lines."""
    return Scenario(program, World()).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('files', nargs='*', metavar='FILE')
    files.print_traces(files.read_programs(parser.parse_args().files), run)


if __name__ == '__main__':
    main()
