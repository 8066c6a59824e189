"""CPython's event loops on the workloads of the Rust benchmark (tests/benches/peers), for its table.

    python3 bench.py [--quick] [--filter WORKLOAD]

Prints a line for each loop (asyncio, and uvloop if it is installed) and workload: the name of the loop,
the name of the workload, nanoseconds of CPU time an operation (the median of some rounds). The names are
those of the Rust benchmark, and so is what counts as one operation.
"""
import argparse
import asyncio
import statistics
import time

try:
    import uvloop
except ImportError:
    uvloop = None

MANY = 10           # producers, where there are several, and consumers alike


async def nothing():
    pass


# --- spawn ---

async def spawn_await(tasks):
    for task in [asyncio.create_task(nothing()) for _ in range(tasks)]:
        await task
    return tasks


async def spawn_forget(tasks):
    countdown = Countdown(tasks)

    async def count():
        countdown.down()

    kept = [asyncio.create_task(count()) for _ in range(tasks)]     # asyncio itself keeps none
    await countdown.zero.wait()
    return len(kept)


async def spawn_one(times):
    for _ in range(times):
        await asyncio.create_task(nothing())
    return times


async def gather(tasks):
    await asyncio.gather(*[asyncio.create_task(nothing()) for _ in range(tasks)])
    return tasks


async def node(fan_out, levels):
    if levels > 1:
        for child in [asyncio.create_task(node(fan_out, levels - 1)) for _ in range(fan_out)]:
            await child


async def chain(depth):
    await asyncio.create_task(node(1, depth))
    return depth


async def tree(levels):
    await asyncio.create_task(node(2, levels))
    return 2 ** levels - 1


# --- wake ---

class Signal:
    """One slot for one waiting task. `set` before `wait` is not lost."""

    def __init__(self):
        self.is_set = False
        self.waiter = None

    def set(self):
        self.is_set = True
        if self.waiter is not None:
            self.waiter.set_result(None)
            self.waiter = None

    async def wait(self):
        if not self.is_set:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        self.is_set = False


class Countdown:
    def __init__(self, events):
        self.left = events
        self.zero = Signal()

    def down(self):
        self.left -= 1
        if self.left == 0:
            self.zero.set()


async def yields(tasks, times):
    async def several():
        for _ in range(times):
            await asyncio.sleep(0)

    for task in [asyncio.create_task(several()) for _ in range(tasks)]:
        await task
    return tasks * times


async def ping_pong(round_trips):
    async def bounce(mine, yours):
        for _ in range(round_trips):
            await mine.wait()
            yours.set()

    ping, pong = Signal(), Signal()
    tasks = [asyncio.create_task(bounce(ping, pong)), asyncio.create_task(bounce(pong, ping))]
    ping.set()
    for task in tasks:
        await task
    return round_trips


# --- timers ---

async def arm_drop(armed, times):
    def arm(seconds):
        sleep = asyncio.sleep(seconds)
        sleep.send(None)
        return sleep

    sleeps = [arm(3600 + number / 1000) for number in range(armed)]
    start = time.thread_time_ns()
    for number in range(times):
        arm(1 + number * 7919 % 29_000 / 1000).close()
        if number % 1000 == 0:
            await asyncio.sleep(0)                  # the loop sweeps its heap once a pass
    cost = time.thread_time_ns() - start
    for sleep in sleeps:
        sleep.close()
    return times, cost


async def timeout_ready(times):
    for number in range(times):
        async with asyncio.timeout(1 + number * 7919 % 29_000 / 1000):
            await nothing()
    return times


# --- queues ---

async def queue(producers, consumers, capacity, items):
    line = asyncio.Queue(capacity)

    async def produce():
        for item in range(items // producers):
            await line.put(item)

    async def consume():
        for _ in range(items // consumers):
            await line.get()

    tasks = [asyncio.create_task(produce()) for _ in range(producers)]
    tasks += [asyncio.create_task(consume()) for _ in range(consumers)]
    for task in tasks:
        await task
    return items


WORKLOADS = {
    'spawn-await-1k': lambda: spawn_await(1_000),
    'spawn-await-100k': lambda: spawn_await(100_000),
    'spawn-forget': lambda: spawn_forget(100_000),
    'spawn-one': lambda: spawn_one(10_000),
    'gather-10k': lambda: gather(10_000),
    'gather-100k': lambda: gather(100_000),
    'chain': lambda: chain(10_000),
    'tree': lambda: tree(15),
    'yield': lambda: yields(1_000, 100),
    'ping-pong': lambda: ping_pong(10_000),
    'arm-drop-10k': lambda: arm_drop(10_000, 20_000),
    'timeout-ready': lambda: timeout_ready(10_000),
    'queue-1-1-cap-1': lambda: queue(1, 1, 1, 10_000),
    'queue-1-1-cap-64': lambda: queue(1, 1, 64, 20_000),
    'queue-1-1-cap-1024': lambda: queue(1, 1, 1024, 20_000),
    'queue-10-1-cap-64': lambda: queue(MANY, 1, 64, 20_000),
    'queue-10-10-cap-1': lambda: queue(MANY, MANY, 1, 10_000),
    'queue-10-10-cap-64': lambda: queue(MANY, MANY, 64, 20_000),
}


async def measure(workload):
    """-> nanoseconds an operation. Making and closing the loop is not measured."""
    start = time.thread_time_ns()
    result = await workload()
    cost = time.thread_time_ns() - start
    if isinstance(result, tuple):               # it has measured its own part
        result, cost = result
    return cost / result


def run(new_event_loop, workload):
    loop = new_event_loop()
    try:
        return loop.run_until_complete(measure(workload))
    finally:
        loop.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true', help='one round')
    parser.add_argument('--filter', default='', help='only workloads whose name contains this')
    options = parser.parse_args()

    loops = {'asyncio': asyncio.new_event_loop}
    if uvloop is not None:
        loops['uvloop'] = uvloop.new_event_loop
    for name, workload in WORKLOADS.items():
        if options.filter not in name or (name == 'timeout-ready' and not hasattr(asyncio, 'timeout')):
            continue
        rounds = {loop: [] for loop in loops}
        for _ in range(1 if options.quick else 5):
            for loop, new_event_loop in loops.items():
                rounds[loop].append(run(new_event_loop, workload))
        for loop, costs in rounds.items():
            print(f'{loop} {name} {statistics.median(costs):.0f}', flush=True)


if __name__ == '__main__':
    main()
