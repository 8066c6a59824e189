"""asyncio's own timer heap, pass by pass. It prints what stage 7 prints, to the letter.

Two things are not asyncio's: the clock, a number that jumps to the first deadline when nothing is
ready, and the notes of what happens in each pass.
"""
import asyncio
import selectors


class Selector(selectors.SelectSelector):
    """Where asyncio would sleep, the clock jumps."""

    def select(self, timeout=None):
        self.loop.now += timeout
        return []


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__(Selector())
        self._selector.loop = self
        self.now = self.passes = 0
        self.line = ''

    def time(self):
        return self.now

    def note(self, what):
        self.line += ' ' + what

    def call_at(self, when, callback, *args, context=None):
        def timer(*args):
            self.note('timer')
            callback(*args)
        return super().call_at(when, timer, *args, context=context)

    def _run_once(self):
        self.passes += 1
        super()._run_once()
        if self.line:
            print(f'  {self.now} s  pass {self.passes:2}:{self.line:11}  {self.describe()}')
            self.line = ''

    def describe(self):
        return f'timers: {len(self._scheduled)}, cancelled: {self._timer_cancelled_count}'


def note(what):
    asyncio.get_running_loop().note(what)


async def noted(name, coroutine):
    """Awaits something, and notes when the task goes on."""
    await coroutine
    note(name)


async def a():
    note('A')
    await noted('A', asyncio.sleep(2))


async def b():
    note('B')
    await noted('B', asyncio.sleep(1))
    await noted('B', asyncio.sleep(2))


async def c():
    note('C')
    async with asyncio.timeout(5):
        await noted('C', asyncio.sleep(0))


async def sleepers():
    note('main')
    tasks = [asyncio.create_task(task) for task in (a(), b(), c())]
    await noted('main', asyncio.sleep(4))
    assert all(task.done() for task in tasks)


async def other():
    note('other')
    await noted('other', asyncio.sleep(10))


async def requests():
    """Requests, one after the other, each with a time limit; none is ever late."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(other())  # it is due before all those limits
    await asyncio.sleep(0)
    for number in range(1, 251):
        async with asyncio.timeout(60):
            await asyncio.sleep(0)
        if number in (1, 50, 99, 100, 101, 150, 200, 250):
            print(f'  after request {number:3}        {loop.describe()}')
    await task


def run(title, main):
    print(title)
    loop = Loop()
    loop.run_until_complete(main)
    loop.close()


run('four sleepers:', sleepers())
run('requests with a time limit:', requests())
