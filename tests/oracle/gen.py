"""Random scenario programs: they always end, and their tasks collide all the time.

    python3 gen.py --seed S --count N [--profile default|core]

prints the programs of the seeds S, S+1, ..., S+N-1, one a line; the program of seed S is named sS.

Why they end: no loops; `join` and `gather` name only tasks with a larger number than one's own, so
no two tasks wait for each other; each task is spawned by one op; and main is a timeout around its
body, then a cancel of every task, then a join of every task. Nothing in the language swallows a
cancellation.

Why they collide: sleeps are few and short, so that deadlines coincide; queues are small, and most of
the traffic goes through one; tasks have roles (producer, consumer, waiter, canceller).
"""
import argparse
import json
import random

# What a program may have besides the core: the op `work`, timeouts of 0 ms, `shutdown` of queues.
PROFILES = {'default': ('work', 'timeout0', 'shutdown'), 'core': ()}

# One of these is the program's stock of durations.
DURATIONS = ([1, 2], [1, 2, 3], [2, 4, 6], [5, 10], [1, 2, 3, 5, 8], [10], [3, 6, 9], [1])

# How often each op is chosen, where any op will do.
WEIGHTS = {
    'sleep': 10, 'yield': 7, 'put': 10, 'get': 10, 'log': 2, 'try_put': 3, 'try_get': 3, 'task_done': 3,
    'qjoin': 2, 'qsize': 1, 'set': 4, 'wait': 4, 'clear': 2, 'is_set': 1, 'state': 2, 'join': 4,
    'gather': 4, 'gather_all': 2, 'cancel': 4, 'timeout': 7, 'work': 4, 'shutdown': 1,
}
MAX_DEPTH = 3           # of timeouts in timeouts


def make(seed, profile='default'):
    """-> the program of this seed."""
    return Generator(seed, PROFILES[profile]).program()


class Generator:
    def __init__(self, seed, features):
        self.name = f's{seed}'
        self.random = r = random.Random(f'asyncio-oracle-{seed}')
        self.size = r.choice([1, 1, 2, 2, 3, 3, 4, 5])
        self.durations = r.choice(DURATIONS)
        self.tasks = r.randint(2, 4 + 4 * self.size)
        self.queues = [r.choice([0, 0, 1, 1, 1, 2, 3]) for _ in range(r.choice([1, 1, 1, 2, 2, 3]))]
        self.events = r.choice([1, 1, 2])
        self.cancels = r.random() < .8
        self.zero_timeouts = 'timeout0' in features and r.random() < .25
        self.works = 'work' in features and r.random() < .4
        self.shuts_down = 'shutdown' in features and r.random() < .35
        self.one_duration = r.random() < .2
        self.items = 0          # put so far: each item is a new number
        self.parent = {}        # who spawns a task

    def program(self):
        r = self.random
        children = range(1, self.tasks)
        for t in children:
            self.parent[t] = 0 if r.random() < .6 else r.randrange(t)
        bodies = {t: self.body(t) for t in children}
        bodies[0] = self.main_body()
        for t in reversed(children):
            body = bodies[self.parent[t]]
            # Mostly at the start, so that the task is there when others name it.
            body.insert(0 if r.random() < .85 else r.randint(0, len(body)), ['spawn', t])
        limit = r.choice([4, 8, 20]) * max(self.durations)
        main = [['timeout', limit, bodies[0]], *(['cancel', t] for t in children),
                *(['join', t] for t in children)]
        return {'v': 1, 'name': self.name, 'queues': self.queues, 'events': self.events,
                'tasks': [main, *(bodies[t] for t in children)]}

    # ---- whole bodies

    def main_body(self):
        r = self.random
        ops = self.any_ops(0, r.randint(0, 2 + self.size))
        children = [t for t in range(1, self.tasks) if self.parent[t] == 0]
        way = r.random()
        if way < .35:
            ops.append(['gather', children if r.random() < .5 else self.some_of(children)])
        elif way < .5:
            ops.append(['gather_all', children])
        elif way < .7:
            ops += [['join', t] for t in self.some_of(children)]
        elif way < .85:
            ops.append(['qjoin', 0])
        else:
            ops.append(['sleep', 10 * max(self.durations)])
        return ops

    def some_of(self, tasks):
        return self.random.sample(tasks, self.random.randint(1, len(tasks)))

    def body(self, t):
        r = self.random
        length = r.randint(1, 3 + 2 * self.size)
        roles = {self.producer: 5, self.consumer: 6, self.any_ops: 6, self.waiter: 1.5,
                 self.canceller: 1.5 if self.cancels else 0}
        role = r.choices(list(roles), list(roles.values()))[0]
        ops = role(t, length)
        if self.works and r.random() < .3:
            # Run past somebody's deadline, then wake him.
            at = r.randint(0, len(ops))
            ops[at:at] = [['work', self.duration()], *[['yield']] * r.choice([0, 0, 1, 2]), self.waker()]
        if r.random() < .12:
            ops.append(['fail', r.randrange(1, 100)])
        return ops

    def producer(self, t, length):
        r, q, ops = self.random, self.queue(), []
        for _ in range(length):
            if r.random() < .5:
                ops.append(self.op_sleep())
            ops.append(['put', q, self.item()])
            if r.random() < .15:
                ops.append(self.any_op(t))
        if r.random() < .3:
            ops.append(['qjoin', q])
        return ops

    def consumer(self, t, length):
        r, q, ops = self.random, self.queue(), []
        for _ in range(length):
            if r.random() < .4:
                ops.append(self.op_sleep())
            get = ['get', q]
            ops.append(['timeout', r.choice(self.durations), [get]] if r.random() < .25 else get)
            if r.random() < .6:
                ops.append(['task_done', q])
        return ops

    def waiter(self, t, length):
        r = self.random
        ops = [self.op_wait()]
        if r.random() < .5:
            ops = [['timeout', r.choice(self.durations), ops]]
        return ops + self.any_ops(t, r.randint(0, 3))

    def canceller(self, t, length):
        r, ops = self.random, []
        for _ in range(r.randint(1, 4)):
            if r.random() < .8:
                ops.append(self.op_sleep() if r.random() < .7 else ['yield'])
            if r.random() < .6:
                # Wake somebody and cancel, perhaps the same one, in one step.
                ops += [self.waker() for _ in range(r.choice([1, 1, 2]))]
            ops.append(self.op_cancel())
            if r.random() < .3:
                ops.append(self.waker())
            if r.random() < .3:
                last, *numbers = ops[-1]
                ops.append(['state', numbers[0] if last == 'cancel' else r.randrange(self.tasks)])
            if r.random() < .4:
                ops.append(self.any_op(t))
        return ops

    # ---- single ops

    def any_ops(self, t, count, depth=0):
        return [self.any_op(t, depth) for _ in range(count)]

    def any_op(self, t, depth=0):
        possible = {'cancel': self.cancels, 'timeout': depth < MAX_DEPTH, 'work': self.works,
                    'shutdown': self.shuts_down}
        names = [name for name in WEIGHTS if possible.get(name, True)]
        while True:
            name = self.random.choices(names, [WEIGHTS[name] for name in names])[0]
            if name == 'timeout':
                return self.op_timeout(t, depth)
            if name not in ('join', 'gather', 'gather_all'):
                return getattr(self, f'op_{name}')()
            op = getattr(self, f'op_{name}')(self.awaitable(t))
            if op:                      # else there is nobody to wait for
                return op

    def waker(self):
        """An op that may wake another task and does not wait itself."""
        r, q = self.random, self.queue()
        ops = [['try_put', q, self.item()], ['try_put', q, self.item()], ['try_get', q], ['try_get', q],
               self.op_set(), ['task_done', q]]
        if self.shuts_down and r.random() < .3:
            ops = [['shutdown', q, r.choice([0, 0, 1])]]
        return r.choice(ops)

    def awaitable(self, t):
        """Tasks that t may wait for: larger numbers, mostly its own children."""
        larger = range(t + 1, self.tasks)
        children = [u for u in larger if self.parent[u] == t]
        return children if children and self.random.random() < .75 else list(larger)

    def duration(self):
        return self.durations[0] if self.one_duration else self.random.choice(self.durations)

    def queue(self):
        return 0 if self.random.random() < .7 else self.random.randrange(len(self.queues))

    def item(self):
        self.items += 1
        return self.items

    def op_sleep(self):
        return ['sleep', self.duration() if self.random.random() < .93 else 0]

    def op_yield(self):
        return ['yield']

    def op_work(self):
        return ['work', self.random.choice([1, 1, 2, self.duration()])]

    def op_timeout(self, t, depth):
        r = self.random
        if self.zero_timeouts and r.random() < .2:
            ms = 0
        elif r.random() < .8:
            ms = r.choice(self.durations)
        else:
            ms = 2 * r.choice(self.durations)
        return ['timeout', ms, self.any_ops(t, r.randint(1, 3), depth + 1)]

    def op_log(self):
        return ['log', self.random.randrange(100)]

    def op_join(self, tasks):
        return ['join', self.random.choice(tasks)] if tasks else None

    def op_gather(self, tasks):
        chosen = self.a_few_of(tasks)
        return ['gather', chosen] if chosen or self.random.random() < .1 else None

    def op_gather_all(self, tasks):
        chosen = self.a_few_of(tasks)
        return ['gather_all', chosen] if chosen else None

    def a_few_of(self, tasks):
        return self.random.sample(tasks, min(len(tasks), self.random.choice([1, 2, 2, 3, 4])))

    def op_cancel(self):
        return ['cancel', self.random.randrange(1, self.tasks)]

    def op_state(self):
        return ['state', self.random.randrange(self.tasks)]

    def op_put(self):
        return ['put', self.queue(), self.item()]

    def op_get(self):
        return ['get', self.queue()]

    def op_try_put(self):
        return ['try_put', self.queue(), self.item()]

    def op_try_get(self):
        return ['try_get', self.queue()]

    def op_task_done(self):
        return ['task_done', self.queue()]

    def op_qjoin(self):
        return ['qjoin', self.queue()]

    def op_qsize(self):
        return ['qsize', self.queue()]

    def op_shutdown(self):
        return ['shutdown', self.queue(), self.random.choice([0, 0, 1])]

    def op_set(self):
        return ['set', self.random.randrange(self.events)]

    def op_clear(self):
        return ['clear', self.random.randrange(self.events)]

    def op_is_set(self):
        return ['is_set', self.random.randrange(self.events)]

    def op_wait(self):
        return ['wait', self.random.randrange(self.events)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--seed', type=int, required=True)
    parser.add_argument('--count', type=int, default=1)
    parser.add_argument('--profile', choices=PROFILES, default='default')
    args = parser.parse_args()
    for seed in range(args.seed, args.seed + args.count):
        print(json.dumps(make(seed, args.profile), separators=(',', ':')))


if __name__ == '__main__':
    main()
