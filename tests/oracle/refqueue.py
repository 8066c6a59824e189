"""The queue and the event of the model: who is woken by what.

Used by refmodel.py; not a command. refloop.py says how to read it as Rust.
"""
import collections

from refloop import Signal


class Full(Exception):
    pass


class Empty(Exception):
    pass


class ShutDown(Exception):
    pass


class Queue:
    """Never hands an item over: it wakes a waiter, who looks again."""

    def __init__(self, loop, maxsize):
        self.loop, self.maxsize = loop, maxsize
        self.items, self.getters, self.putters = (collections.deque() for _ in range(3))
        self.unfinished, self.all_done, self.closed = 0, Event(loop), False

    def qsize(self):
        return len(self.items)

    def full(self):
        return 0 < self.maxsize <= len(self.items)

    def empty(self):
        return not self.items

    async def put(self, item):
        while self.full() and not self.closed:          # who lost the room waits again, at the tail
            await self.wait_in(self.putters, lambda: not self.full())
        self.put_nowait(item)

    def put_nowait(self, item):
        if self.closed:
            raise ShutDown
        if self.full():
            raise Full
        self.items.append(item)
        self.unfinished += 1
        self.all_done.clear()
        self.wake_next(self.getters)

    async def get(self):
        while self.empty() and not self.closed:
            await self.wait_in(self.getters, lambda: not self.empty())
        return self.get_nowait()

    def get_nowait(self):
        if self.empty():
            raise ShutDown if self.closed else Empty
        item = self.items.popleft()
        self.wake_next(self.putters)
        return item

    def wake_next(self, waiters):
        while waiters and not waiters.popleft().set():
            pass                                        # skips the cancelled ones

    async def wait_in(self, waiters, available):
        signal, resumed = Signal(self.loop), False
        waiters.append(signal)
        try:
            await signal
            resumed = True
        finally:
            if not resumed:                             # dropped
                if signal in waiters:
                    waiters.remove(signal)
                if signal.state == 'set' and available():
                    self.wake_next(waiters)             # we had been woken: pass it on

    def task_done(self):
        if self.unfinished == 0:
            raise ValueError
        self.unfinished -= 1
        if self.unfinished == 0:
            self.all_done.set()

    async def join(self):
        if self.unfinished > 0:
            await self.all_done.wait()                  # does not look again afterwards

    def shutdown(self, immediate):
        self.closed = True
        if immediate:
            self.unfinished = max(0, self.unfinished - len(self.items))
            self.items.clear()
            if self.unfinished == 0:
                self.all_done.set()
        for waiters in (self.getters, self.putters):
            while waiters:
                waiters.popleft().set()


class Event:
    def __init__(self, loop):
        self.loop, self.flag, self.waiters = loop, False, []

    def is_set(self):
        return self.flag

    def set(self):
        self.flag = True
        for signal in self.waiters:
            signal.set()

    def clear(self):
        self.flag = False

    async def wait(self):
        if not self.flag:                               # once: set and clear in one step wakes too
            signal = Signal(self.loop)
            self.waiters.append(signal)
            try:
                await signal
            finally:
                self.waiters.remove(signal)
