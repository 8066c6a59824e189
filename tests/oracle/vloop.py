"""CPython's own event loop on a virtual clock.

Used by scen.py, run_prog.py and hops.py; not a command.

Everything that decides *order* in asyncio is left alone: `_run_once`, the ready queue, the timer
heap, Future, Task, gather, Queue, timeout are CPython's own code. Exactly three things change, the
three through which the wall clock gets into the loop:

1. `time()` returns a number that we keep, not time.monotonic().
2. `select(timeout)` does not block. It moves the clock to the next deadline and reports no I/O: the
   best case of what the real call may do, which promises only not to come back early. Running a
   callback takes no time.
3. `call_at()` numbers the timers, so that equal deadlines fire in the order in which they were armed.
   asyncio leaves that order undefined. On a real clock equal deadlines hardly occur: the clock moves
   on between two calls, so the timer armed first is due first. Our rule is the limit of that, as
   the time between two calls goes to zero.

The unit of time is whatever the program uses (milliseconds in scenarios, seconds in the founding
program): asyncio never asks. Whole numbers keep sums exact, so that an equal deadline is really equal.
faithful.py checks all this against two other clocks.
"""
import asyncio
import heapq
import selectors
from asyncio import events


class Deadlock(RuntimeError):
    """Nothing is ready and no timer is armed: a real loop would now sleep for ever."""


class VirtualSelector(selectors.SelectSelector):
    """Asks its loop to move the clock instead of asking the system to wait."""

    loop = None

    def select(self, timeout=None):
        if timeout is None:
            raise Deadlock(f'at t={self.loop.now()} pass={self.loop.passes}')
        if timeout > 0:
            self.loop.jump_to_next_deadline()
        return []


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts its passes, the calls of `_run_once`: 1 while the first one runs."""

    def __init__(self, selector):
        super().__init__(selector)
        selector.loop = self
        self.passes = 0

    def _run_once(self):
        self.passes += 1
        super()._run_once()


class NumberedTimer(events.TimerHandle):
    """Of two timers with the same deadline, the one with the smaller number fires first."""

    __slots__ = ['_number']

    def __lt__(self, other):
        return (self._when, self._number) < (other._when, other._number)


class VirtualLoop(CountingLoop):
    """`late` makes the clock imperfect on purpose: {k: d} lets the k-th sleep of the loop (from 0)
    end d after the deadline. That is how a recorded real run can be told again."""

    def __init__(self, late=None):
        super().__init__(VirtualSelector())
        self.late = late or {}
        self._now = self._jumps = self._armed = 0

    def now(self):
        return self._now

    def time(self):
        return self._now

    def work(self, duration):
        """The running task keeps the processor busy: time goes by and nothing else runs."""
        self._now += duration

    def jump_to_next_deadline(self):
        self._now = self._scheduled[0]._when + self.late.get(self._jumps, 0)
        self._jumps += 1

    def call_at(self, when, callback, *args, context=None):
        self._check_closed()
        timer = NumberedTimer(when, callback, args, self, context)
        timer._number = self.number()
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def number(self):
        self._armed += 1
        return self._armed
