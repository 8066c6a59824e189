"""asyncio's schedule on one page: what runs when, without asyncio and without CancelledError.

Used by refqueue.py and refmodel.py; not a command.

To read it as Rust:
    coroutine        a task's future                 await signal   register, return Pending
    coro.send(None)  poll                            coro.close()   drop the future
    finally:         impl Drop: it runs at the drop as well, and must not wait
    Signal           a cell that is set once, Rc<Cell<..>>; in asyncio: Future
"""
import collections
import functools
import heapq
import types

from interp import Fail


class Handle:
    """An entry of the ready queue or of the timer heap."""

    def __init__(self, call, when=0, number=0):
        self.call, self.when, self.number, self.cancelled = call, when, number, False

    def cancel(self):
        self.cancelled = True

    def __lt__(self, other):                # equal deadlines: in arming order
        return (self.when, self.number) < (other.when, other.number)


class Loop:
    def __init__(self):
        self.ready, self.timers = collections.deque(), []
        self.now = self.passes = self.armed = 0
        self.current = None                 # the task that is being polled

    def call_soon(self, call):
        handle = Handle(call)
        self.ready.append(handle)
        return handle

    def call_at(self, when, call):
        self.armed += 1
        handle = Handle(call, when, self.armed)
        heapq.heappush(self.timers, handle)
        return handle

    def run_once(self):
        """One pass."""
        self.passes += 1
        while self.timers and self.timers[0].cancelled:
            heapq.heappop(self.timers)
        if not self.ready:                  # 1. nothing to do: sleep until the next deadline
            if not self.timers:
                raise RuntimeError(f'deadlock at t={self.now} pass={self.passes}')
            self.now = max(self.now, self.timers[0].when)
        while self.timers and self.timers[0].when <= self.now:
            self.ready.append(heapq.heappop(self.timers))   # 2. due timers: behind what is ready
        for _ in range(len(self.ready)):    # 3. a snapshot: what is added now runs in the next pass
            handle = self.ready.popleft()
            if not handle.cancelled:
                handle.call()


class Awaitable:
    """What a task can wait for: Signal, Task, Gather. Its callbacks run one pass after its end."""

    def __init__(self, loop):
        self.loop, self.state, self.value, self.callbacks = loop, 'pending', None, []

    def __await__(self):
        if not self.done():                 # what is done already does not give way
            yield self

    def done(self):
        return self.state != 'pending'

    def finish(self, state, value=None):
        if self.done():
            return False
        self.state, self.value = state, value
        for callback in self.callbacks:
            self.loop.call_soon(callback)
        return True

    def on_done(self, callback):
        if self.done():
            self.loop.call_soon(callback)
        else:
            self.callbacks.append(callback)


class Signal(Awaitable):
    def set(self):
        return self.finish('set')

    def cancel(self):                       # at once: from now on nobody can wake its task by it
        return self.finish('cancelled')


class Task(Awaitable):
    def __init__(self, loop, coro, on_drop):
        super().__init__(loop)
        self.coro, self.on_drop = coro, on_drop
        self.kill, self.waits_for = False, None
        loop.call_soon(self.step)

    def cancel(self):
        """A request. It never runs the task's own code: that happens at the task's turn."""
        if self.done():
            return False
        self.kill = True
        self.interrupt()
        return True

    def interrupt(self):
        """By a cancel or an expired timeout: pass the request on to what the task waits for. If that
        refuses, because it has finished, then the task's wake-up is on its way already."""
        if self.waits_for is not None:
            self.waits_for.cancel()

    def step(self):
        self.waits_for = None
        if self.kill:
            self.coro.close()
            self.on_drop()
            self.finish('cancelled')
            return
        self.loop.current = self
        try:
            awaited = self.coro.send(None)
        except StopIteration as end:
            if self.kill:                   # it cancelled itself in this very step
                self.finish('cancelled')
            else:
                self.finish('ok', end.value)
        except Fail as error:
            self.finish('err', error.number)
        else:
            if awaited is None:             # a bare yield
                self.loop.call_soon(self.step)
                return
            self.waits_for = awaited
            awaited.on_done(self.step)
            if self.kill:                   # it cancelled itself in this step, and waits now
                self.interrupt()


class Gather(Awaitable):
    """A callback for each child, and one more pass from the last callback to the waiting task."""

    def __init__(self, loop, children, collect):
        super().__init__(loop)
        self.children, self.collect = children, collect
        self.left, self.cancelled = len(children), False
        if not children:
            self.finish('ok', [])
        finished = [child for child in children if child.done()]
        for child in children:
            if child not in finished:
                child.on_done(functools.partial(self.child_done, child))
        for child in finished:              # these count at once
            self.child_done(child)

    def child_done(self, child):
        self.left -= 1
        if child.state != 'ok' and not self.collect:
            self.finish(child.state, child.value)       # fail fast; the other children go on
        elif self.left == 0:
            if self.cancelled:
                self.finish('cancelled')
            else:
                self.finish('ok', [child.value for child in self.children])

    def cancel(self):
        if self.done():
            return False
        accepted = [child.cancel() for child in self.children]      # all of them, in order
        self.cancelled |= any(accepted)
        return any(accepted)


@types.coroutine
def give_way():
    yield None


async def sleep(loop, ms):
    if ms == 0:
        return await give_way()
    signal = Signal(loop)
    timer = loop.call_at(loop.now + ms, signal.set)     # sets; the task runs one pass later
    try:
        await signal
    finally:
        timer.cancel()


@types.coroutine
def timeout(loop, ms, body):
    """-> True when the body came to its end, False when it was dropped."""
    task, expired = loop.current, False

    def expire():
        nonlocal expired
        expired = True
        task.interrupt()

    timer = loop.call_at(loop.now + ms, expire) if ms > 0 else loop.call_soon(expire)
    try:
        while not expired:                  # each poll looks at the deadline first,
            try:
                awaited = body.send(None)   # then polls the body
            except StopIteration:
                return True
            yield awaited
        return False
    finally:
        timer.cancel()
        body.close()
