"""The interpreter of scenario programs: what each op does, and what its line in the trace says.

Used by scen.py and refmodel.py; not a command.

A `world` gives it tasks, queues, events and time. In scen.py the world is CPython's asyncio, in
refmodel.py it is a model on one page. The interpreter never decides who runs next, so the traces of
the two worlds differ only where their schedules do. A world has:

    stamp()                 the text "<ms> <pass>" that begins a line
    spawn(coro, on_drop)    -> handle; on_drop is called when a cancellation has thrown coro away
    run_until_done(handle)
    outcome(handle)         -> (state, value): ('pending', None), ('ok', n), ('err', n), ('cancelled', None)
    join(handle)            waits, never raises
    gather(handles)         waits -> (state, value), the value of 'ok' is a list
    gather_all(handles)     waits -> the outcomes
    sleep(ms), work(ms)
    timeout(ms, coro)       waits -> True, or False when coro was thrown away
    Queue(maxsize), Event() with asyncio's methods;  Full, Empty, ShutDown  the queue's exceptions
"""


class Fail(Exception):
    """How the `fail` op ends its task."""

    def __init__(self, number):
        self.number = number


class Scenario:
    """One run of one program: what its tasks share."""

    def __init__(self, program, world):
        self.world = world
        self.bodies = program['tasks']
        self.queues = [world.Queue(maxsize) for maxsize in program['queues']]
        self.events = [world.Event() for _ in range(program['events'])]
        self.handles = {}               # of the tasks spawned so far
        self.trace = []
        self.over = False

    def run(self):
        """-> the trace, a list of lines."""
        self.world.run_until_done(self.spawn(0))
        return self.trace

    def spawn(self, t):
        # The line `end cancelled` cannot be written by the body itself: the body of a task that
        # is cancelled before its first step never runs.
        body = Body(self, t)
        self.handles[t] = self.world.spawn(body.run(), lambda: body.emit('end cancelled'))
        return self.handles[t]

    def emit(self, t, text):
        if self.over:                   # the trace stops at main's end
            return
        self.trace.append(f'{self.world.stamp()} t{t} {text}')
        self.over = t == 0 and text.startswith('end ')


class Body:
    """One task: runs its ops one after the other."""

    def __init__(self, scenario, t):
        self.scenario, self.world, self.t = scenario, scenario.world, t
        self.acc = 0                    # the task's register, and its result

    def emit(self, text):
        self.scenario.emit(self.t, text)

    async def run(self):
        self.emit('start')
        try:
            await self.run_ops(self.scenario.bodies[self.t])
        except Fail as error:
            self.emit(f'end err {error.number}')
            raise
        self.emit(f'end ok {self.acc}')
        return self.acc

    async def run_ops(self, ops):
        for op in ops:
            outcome = await getattr(self, f'op_{op[0]}')(*op[1:])
            self.emit(describe(op) + (f' {outcome}' if outcome else ''))

    # ---- time

    async def op_sleep(self, ms):
        await self.world.sleep(ms)

    async def op_yield(self):
        await self.world.sleep(0)

    async def op_work(self, ms):
        self.world.work(ms)

    async def op_timeout(self, ms, ops):
        return 'ok' if await self.world.timeout(ms, self.run_ops(ops)) else 'expired'

    # ---- tasks

    async def op_log(self, n):
        pass

    async def op_fail(self, n):
        raise Fail(n)

    async def op_spawn(self, t):
        self.scenario.spawn(t)

    async def op_join(self, t):
        handle = self.scenario.handles.get(t)
        if handle is None:
            return 'none'
        await self.world.join(handle)
        state, value = self.world.outcome(handle)
        if state == 'ok':
            self.acc = value
        return words(state, value)

    async def op_cancel(self, t):
        handle = self.scenario.handles.get(t)
        return 'none' if handle is None else yes_no(handle.cancel())

    async def op_state(self, t):
        handle = self.scenario.handles.get(t)
        return 'none' if handle is None else words(*self.world.outcome(handle))

    async def op_gather(self, ts):
        handles = [self.scenario.handles.get(t) for t in ts]
        if None in handles:
            return 'none'
        state, value = await self.world.gather(handles)
        if state == 'ok':
            self.acc = sum(value)
            value = ','.join(map(str, value)) or '-'
        return words(state, value)

    async def op_gather_all(self, ts):
        handles = [self.scenario.handles.get(t) for t in ts]
        if None in handles:
            return 'none'
        outcomes = await self.world.gather_all(handles)
        return ','.join(words(*outcome, between=':') for outcome in outcomes) or '-'

    # ---- queues

    async def op_put(self, q, value):
        try:
            await self.scenario.queues[q].put(value)
        except self.world.ShutDown:
            return 'shutdown'

    async def op_get(self, q):
        try:
            self.acc = await self.scenario.queues[q].get()
        except self.world.ShutDown:
            return 'shutdown'
        return str(self.acc)

    async def op_try_put(self, q, value):
        try:
            self.scenario.queues[q].put_nowait(value)
        except self.world.Full:
            return 'full'
        except self.world.ShutDown:
            return 'shutdown'
        return 'ok'

    async def op_try_get(self, q):
        try:
            self.acc = self.scenario.queues[q].get_nowait()
        except self.world.Empty:
            return 'empty'
        except self.world.ShutDown:
            return 'shutdown'
        return str(self.acc)

    async def op_task_done(self, q):
        try:
            self.scenario.queues[q].task_done()
        except ValueError:
            return 'too_many'
        return 'ok'

    async def op_qjoin(self, q):
        await self.scenario.queues[q].join()

    async def op_qsize(self, q):
        return str(self.scenario.queues[q].qsize())

    async def op_shutdown(self, q, immediate):
        self.scenario.queues[q].shutdown(bool(immediate))

    # ---- events

    async def op_set(self, e):
        self.scenario.events[e].set()

    async def op_clear(self, e):
        self.scenario.events[e].clear()

    async def op_is_set(self, e):
        return yes_no(self.scenario.events[e].is_set())

    async def op_wait(self, e):
        await self.scenario.events[e].wait()


# ---- the words of a trace line

# The first number of these ops names a task, a queue or an event.
LETTERS = {
    't': ('spawn', 'join', 'cancel', 'state', 'gather', 'gather_all'),
    'q': ('put', 'get', 'try_put', 'try_get', 'task_done', 'qjoin', 'qsize', 'shutdown'),
    'e': ('set', 'clear', 'is_set', 'wait'),
}
LETTER = {name: letter for letter, names in LETTERS.items() for name in names}


def describe(op):
    """The op's name and its numbers, without the body of a block: `put q0 7`, `gather t1,t2`."""
    name, *numbers = op
    if name == 'timeout':
        numbers = numbers[:1]
    if name in LETTER:
        first = numbers[0] if isinstance(numbers[0], list) else [numbers[0]]
        numbers[0] = ','.join(f'{LETTER[name]}{n}' for n in first) or '-'
    return ' '.join([name, *map(str, numbers)])


def words(state, value, between=' '):
    return state if value is None else f'{state}{between}{value}'


def yes_no(flag):
    return 'true' if flag else 'false'
