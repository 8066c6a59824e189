"""Rows of the hop table: cancelling; then barging, task groups, eager tasks. (hop_ruler.py says how to
read them.)

Used by hops.py; not a command.
"""
import asyncio

from hop_ruler import LONG, ends, passes, row


# ---- cancel: until the task gets the CancelledError, and in brackets until its joiner resumes

async def cancel_in(m, wait, *, passes_before=5):
    """Cancels a task that is blocked in wait()."""
    async def victim():
        try:
            await wait()
        finally:
            m.effect()
    task = asyncio.create_task(victim())
    await passes(passes_before)
    m.cause()
    task.cancel()
    await ends(task)
    joiner = m.loop.passes - m.start
    # A task that has not started ends at its first step, without running; its joiner is one later.
    return f'{joiner - 1 if m.end is None else m.hops()} ({joiner})'


async def long_sleep():
    await asyncio.sleep(LONG)


async def task_in_task():
    await asyncio.create_task(long_sleep())


async def task_in_task_in_task():
    await asyncio.create_task(task_in_task())


@row('cancel of a sleeping task -> CancelledError raised in it (-> its joiner)')
async def _(m):
    return await cancel_in(m, long_sleep)


@row('cancel of a task blocked in Queue.get (-> its joiner)')
async def _(m):
    return await cancel_in(m, asyncio.Queue().get)


@row('cancel of a task between two sleep(0) (-> its joiner)')
async def _(m):
    return await cancel_in(m, lambda: passes(LONG))


@row('cancel of a task that has not started (-> its joiner)')
async def _(m):
    return await cancel_in(m, long_sleep, passes_before=0)


@row('cancel of a task blocked in `await task` (-> its joiner)')
async def _(m):
    return await cancel_in(m, task_in_task)


@row('cancel of a task blocked in `await task` of a task blocked in `await task`')
async def _(m):
    return await cancel_in(m, task_in_task_in_task)


@row('cancel of a task blocked in gather (-> its joiner)')
async def _(m):
    return await cancel_in(m, lambda: asyncio.gather(long_sleep(), long_sleep()))


@row('cancel of a task blocked in gather(return_exceptions=True)')
async def _(m):
    return await cancel_in(
        m, lambda: asyncio.gather(long_sleep(), long_sleep(), return_exceptions=True))


@row('cancel of a task blocked in shield(task)')
async def _(m):
    return await cancel_in(m, lambda: asyncio.shield(long_sleep()))


@row('cancel of a task blocked in wait_for(sleep)')
async def _(m):
    return await cancel_in(m, lambda: asyncio.wait_for(long_sleep(), LONG))


async def cancel_itself(m):
    m.cause()
    asyncio.current_task().cancel()


@row('a task cancels itself, then sleeps: CancelledError after')
async def _(m):
    async def body():
        await cancel_itself(m)
        try:
            await long_sleep()
        finally:
            m.effect()
    await ends(asyncio.create_task(body()))


@row('a task cancels itself, then returns: its end is')
async def _(m):
    task = asyncio.create_task(cancel_itself(m))
    await ends(task)
    return end_of(task)


def end_of(task):
    return 'cancelled' if task.cancelled() else 'ok'


# ---- who comes first: the one who waits, or the one who comes along in the same step

@row('Lock.release -> waiting acquire() resumes')
async def _(m):
    lock = asyncio.Lock()
    await lock.acquire()
    m.spawn(lock.release)
    await lock.acquire()


async def release_and_acquire(lock):
    log = []

    async def use(name):
        async with lock:
            log.append(name)
    await lock.acquire()
    waiter = asyncio.create_task(use('waiter'))
    await passes(1)
    lock.release()
    await use('barger')
    await waiter
    return '+'.join(log)


@row('Lock: release, then acquire() again in the same step while another waits')
async def _(m):
    return await release_and_acquire(asyncio.Lock())


@row('Semaphore: release, then acquire() again in the same step while another waits')
async def _(m):
    return await release_and_acquire(asyncio.Semaphore(1))


@row('Queue: put, then get() again in the same step while another waits in get()')
async def _(m):
    queue, log = asyncio.Queue(), []

    async def use(name):
        await queue.get()
        log.append(name)
    waiter = asyncio.create_task(use('waiter'))
    await passes(1)
    await queue.put(1)
    await use('barger')
    await queue.put(2)
    await waiter
    return '+'.join(log)


@row('Condition.notify + release -> wait() resumes')
async def _(m):
    condition = asyncio.Condition()

    async def notify():
        async with condition:
            condition.notify()
            m.cause()
    async with condition:
        task = asyncio.create_task(notify())
        await condition.wait()
        m.effect()
    await task


# ---- task groups

@row('TaskGroup: last child ends -> __aexit__ resumes')
async def _(m):
    async with asyncio.TaskGroup() as group:
        group.create_task(m.cause_after(1))
        group.create_task(m.cause_after(2))


@row('TaskGroup: child fails -> sibling is cancelled / group raises')
async def _(m):
    async def fail():
        await m.cause_after(1)
        raise KeyError

    async def sibling():
        try:
            await long_sleep()
        finally:
            m.effect()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(sibling())
            group.create_task(fail())
    except ExceptionGroup:
        return f'{m.hops()} / {m.loop.passes - m.start}'


# ---- a getter that is cancelled near the put that would wake it

async def get(m, queue):
    await queue.get()
    m.effect()


@row('getter cancelled after being woken: next getter resumes, counted from the put')
async def _(m):
    queue = asyncio.Queue()
    first = asyncio.create_task(queue.get())
    second = asyncio.create_task(get(m, queue))
    await passes(1)
    m.cause()
    await queue.put(1)
    first.cancel()
    await second


@row('getter cancelled before the put (same step): next getter resumes, counted from the put')
async def _(m):
    queue = asyncio.Queue()
    first = asyncio.create_task(queue.get())
    second = asyncio.create_task(get(m, queue))
    await passes(1)
    m.cause()
    first.cancel()
    await queue.put(1)
    await second


# ---- eager tasks

@row('eager_task_factory: create_task -> first step')
async def _(m):
    if not hasattr(asyncio, 'eager_task_factory'):
        return 'n/a'
    m.loop.set_task_factory(asyncio.eager_task_factory)
    m.cause()
    await asyncio.create_task(m.effect_now())
    return f'{m.hops()} (await of it: {m.loop.passes - m.start})'


@row('eager_task_factory: gather of coros that never wait')
async def _(m):
    if not hasattr(asyncio, 'eager_task_factory'):
        return 'n/a'
    m.loop.set_task_factory(asyncio.eager_task_factory)
    m.cause()
    await asyncio.gather(passes(0), passes(0))


# ---- a request that asyncio loses

@row('cancel lost: gather cancelled while another child fails first; the task gets')
async def _(m):
    got = []

    async def fail():
        await passes(1)
        raise KeyError

    async def gatherer():
        try:
            await asyncio.gather(fail(), long_sleep())
        except BaseException as error:
            got.append(type(error).__name__)
        got.append(asyncio.current_task().cancelling())
    task = asyncio.create_task(gatherer())
    await passes(3)
    task.cancel()
    await ends(task)
    return f'{got[0]}, cancelling()={got[1]}, ends {end_of(task)}'
