"""Runs scenario programs on CPython's asyncio, on the virtual clock, and prints their traces.

    python3 scen.py FILE...             the traces (files.py says what a file may be)
    python3 scen.py < programs.jsonl
    python3 scen.py --record FILE...    one line a program: {"program": ..., "trace": [line, ...]}
"""
import argparse
import asyncio
import collections.abc
import json

import compat
import files
import vloop
from interp import Fail, Scenario


class World:
    """asyncio, as interp.py wants it."""

    Queue, Event = compat.Queue, asyncio.Event
    Full, Empty, ShutDown = asyncio.QueueFull, asyncio.QueueEmpty, compat.QueueShutDown

    def __init__(self, loop):
        self.loop = loop
        self.sleep, self.work = asyncio.sleep, loop.work
        loop.set_exception_handler(lambda *_: None)     # a failed task that nobody awaits is no news

    def stamp(self):
        return f'{self.loop.now()} {self.loop.passes}'

    def spawn(self, coro, on_drop):
        return self.loop.create_task(Guarded(coro, on_drop))

    def run_until_done(self, task):
        try:
            self.loop.run_until_complete(task)
        except (Fail, asyncio.CancelledError):
            pass                                        # how main ends stands in the trace

    @staticmethod
    def outcome(future):
        if not future.done():
            return 'pending', None
        if future.cancelled():
            return 'cancelled', None
        error = future.exception()
        if error is None:
            return 'ok', future.result()
        if isinstance(error, asyncio.CancelledError):   # a gather with a cancelled child
            return 'cancelled', None
        return 'err', error.number

    async def join(self, future):
        """Waits, and takes an unhappy end for a value. Only our own cancellation goes through."""
        if future.done():
            return
        try:
            await future
        except (Fail, asyncio.CancelledError):
            pass
        raise_if_cancelled()

    async def gather(self, tasks):
        future = compat.gather(tasks, return_exceptions=False)
        await self.join(future)
        state, value = self.outcome(future)
        return (state, [task.result() for task in tasks]) if state == 'ok' else (state, value)

    async def gather_all(self, tasks):
        await self.join(compat.gather(tasks, return_exceptions=True))
        return [self.outcome(task) for task in tasks]

    async def timeout(self, ms, coro):
        try:
            async with asyncio.timeout(ms):
                await coro
        except TimeoutError:
            raise_if_cancelled()
            return False
        return True


def raise_if_cancelled():
    """Makes a request to cancel stick: in scenarios it always happens, as a drop does in Rust.

    asyncio can lose one, because it delivers it as an exception and another exception may come first:
    - a task blocked in a gather is cancelled, and a child's failure reaches the gather before;
    - a task cancels itself, then enters a timeout that expires in the pass in which the request
      arrives: the timeout takes the CancelledError for its own.
    In both cases `cancelling()` still knows."""
    if asyncio.current_task().cancelling():
        raise asyncio.CancelledError


class Guarded(collections.abc.Coroutine):
    """A coroutine that says when a cancellation has thrown it away, even before its first step. In
    Rust: a guard inside the future, whose Drop writes the line."""

    def __init__(self, coro, on_drop):
        self.coro, self.on_drop = coro, on_drop

    def send(self, value):
        return self.step(self.coro.send, value)

    def throw(self, *error):
        return self.step(self.coro.throw, *error)

    def step(self, resume, *args):
        try:
            return resume(*args)
        except asyncio.CancelledError:
            self.on_drop()
            raise

    def close(self):
        self.coro.close()

    def __await__(self):
        raise TypeError('only for tasks')


def run(program, make_loop=vloop.VirtualLoop):
    """-> the trace, a list of lines."""
    with asyncio.Runner(loop_factory=make_loop) as runner:      # cancels what is left at the end
        return Scenario(program, World(runner.get_loop())).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('files', nargs='*', metavar='FILE')
    parser.add_argument('--record', action='store_true', help='print program and trace as JSON')
    args = parser.parse_args()
    programs = files.read_programs(args.files)
    if args.record:
        for program in programs:
            print(json.dumps({'program': program, 'trace': run(program)}, separators=(',', ':')))
    else:
        files.print_traces(programs, run)


if __name__ == '__main__':
    main()
