"""Rows of the hop table: waiting and being woken. (hop_ruler.py says how to read them.)

Used by hops.py; not a command.
"""
import asyncio

from hop_ruler import LONG, ends, finished_task, passes, row


# ---- callbacks, tasks, futures

@row('call_soon -> callback')
async def _(m):
    m.cause()
    m.loop.call_soon(m.effect)
    await passes(3)


@row('call_later(0) / call_at(past) -> callback')
async def _(m):
    m.cause()
    m.loop.call_later(0, m.effect)
    await passes(3)


@row('create_task -> first step')
async def _(m):
    m.cause()
    await asyncio.create_task(m.effect_now())


@row('task ends -> `await task` resumes')
async def _(m):
    await asyncio.create_task(m.cause_after(0))


@row('`await task` of a finished task')
async def _(m):
    task = await finished_task()
    m.cause()
    await task


@row('`await coro()` (no task)')
async def _(m):
    m.cause()
    await m.effect_now()


@row('sleep(0) -> resumes')
async def _(m):
    m.cause()
    await asyncio.sleep(0)


@row('sleep(n): timer fires -> resumes')
async def _(m):
    m.cause_at(5)
    await asyncio.sleep(5)


@row('Future.set_result -> awaiting task resumes')
async def _(m):
    future = m.loop.create_future()
    m.spawn(lambda: future.set_result(None))
    await future


@row('`await` of a done Future')
async def _(m):
    future = m.loop.create_future()
    future.set_result(None)
    m.cause()
    await future


# ---- events and queues

@row('Event.set -> wait() resumes')
async def _(m):
    event = asyncio.Event()
    m.spawn(event.set)
    await event.wait()


@row('Event.wait() when set')
async def _(m):
    event = asyncio.Event()
    event.set()
    m.cause()
    await event.wait()


@row('Queue.put with room / get with items / join with nothing unfinished')
async def _(m):
    queue = asyncio.Queue()
    m.cause()
    await queue.join()
    await queue.put(1)
    await queue.get()


@row('put -> blocked get() resumes')
async def _(m):
    queue = asyncio.Queue()
    m.spawn(lambda: queue.put(1))
    await queue.get()


@row('get -> blocked put() resumes')
async def _(m):
    queue = asyncio.Queue(1)
    await queue.put(1)
    m.spawn(queue.get)
    await queue.put(2)


@row('last task_done -> join() resumes')
async def _(m):
    queue = asyncio.Queue()
    await queue.put(1)
    m.spawn(queue.get, queue.task_done)
    await queue.join()


@row('Queue.shutdown -> blocked get() raises')
async def _(m):
    queue = asyncio.Queue()
    if not hasattr(queue, 'shutdown'):
        return 'n/a'
    m.spawn(queue.shutdown)
    await ends(queue.get())


# ---- several at once

@row('gather(coros): call -> first step of a child')
async def _(m):
    m.cause()
    await asyncio.gather(m.effect_now())


@row('gather: last child ends -> resumes')
async def _(m):
    await asyncio.gather(m.cause_after(1), m.cause_after(2))


@row('gather: first child fails -> resumes')
async def _(m):
    async def fail():
        await m.cause_after(1)
        raise KeyError
    await ends(asyncio.gather(asyncio.sleep(LONG), fail()))


@row('gather of finished tasks only')
async def _(m):
    task = await finished_task()
    m.cause()
    await asyncio.gather(task)


@row('gather()')
async def _(m):
    m.cause()
    await asyncio.gather()


@row('wait(ALL_COMPLETED): last task ends -> resumes')
async def _(m):
    await asyncio.wait([asyncio.create_task(m.cause_after(n)) for n in (1, 2)])


@row('wait(FIRST_COMPLETED): first task ends -> resumes')
async def _(m):
    tasks = [asyncio.create_task(m.cause_after(n)) for n in (1, 2)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


@row('wait() of finished tasks only')
async def _(m):
    task = await finished_task()
    m.cause()
    await asyncio.wait([task])


@row('wait(timeout): timer fires -> resumes')
async def _(m):
    task = asyncio.create_task(asyncio.sleep(LONG))
    m.cause_at(5)
    await asyncio.wait([task], timeout=5)


@row('as_completed: task ends -> its await resumes')
async def _(m):
    for future in asyncio.as_completed([m.cause_after(3)]):
        await future


@row('shield(task): task ends -> resumes')
async def _(m):
    await asyncio.shield(asyncio.create_task(m.cause_after(1)))


# ---- deadlines

@row('wait_for(coro, t): call -> first step of coro')
async def _(m):
    m.cause()
    await asyncio.wait_for(m.effect_now(), 5)


@row('wait_for(coro, t): coro ends -> resumes')
async def _(m):
    await asyncio.wait_for(m.cause_after(1), 5)


@row('wait_for(sleep, t): timer fires -> TimeoutError')
async def _(m):
    m.cause_at(5)
    await ends(asyncio.wait_for(asyncio.sleep(LONG), 5))


async def in_timeout(delay, awaitable):
    try:
        async with asyncio.timeout(delay):
            await awaitable
    except TimeoutError:
        pass


@row('timeout(t) around a sleep/get/wait: timer fires -> TimeoutError')
async def _(m):
    m.cause_at(5)
    await in_timeout(5, asyncio.sleep(LONG))


@row('timeout(t) around `await task`: timer fires -> TimeoutError')
async def _(m):
    m.cause_at(5)
    await in_timeout(5, asyncio.create_task(asyncio.sleep(LONG)))


@row('timeout(t) around gather: timer fires -> TimeoutError')
async def _(m):
    m.cause_at(5)
    await in_timeout(5, asyncio.gather(asyncio.sleep(LONG), asyncio.sleep(LONG)))


@row('timeout(0) around a sleep: entry -> TimeoutError')
async def _(m):
    m.cause()
    await in_timeout(0, asyncio.sleep(LONG))
