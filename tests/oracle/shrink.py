"""Makes a program smaller, as long as a command's trace of it differs from asyncio's.

    python3 shrink.py --against "path/to/scenario" FILE.json

prints the smallest program found and where the traces part. A program on which asyncio itself would
wait for ever is never kept.
"""
import argparse
import json
import sys

import against
import cmp_trace
import files
import scen
import vloop


def shrink(program, differs):
    """Tries every smaller neighbour; goes on from the first that still differs."""
    while True:
        for smaller in neighbours(program):
            if differs(smaller):
                program = smaller
                break
        else:
            return program


def neighbours(program):
    """Programs with one thing less. The old one is never changed; they share their parts."""
    tasks = program['tasks']
    for t in range(len(tasks) - 1, 0, -1):
        yield {**program, 'tasks': [without_task(ops, t) for ops in tasks[:t] + tasks[t + 1:]]}
    for t, ops in enumerate(tasks):
        for fewer in ([], *smaller_bodies(ops)):
            if fewer != ops:
                yield {**program, 'tasks': [*tasks[:t], fewer, *tasks[t + 1:]]}
    for q, maxsize in enumerate(program['queues']):
        if maxsize:
            yield {**program, 'queues': [*program['queues'][:q], 0, *program['queues'][q + 1:]]}


def smaller_bodies(ops):
    for i, op in enumerate(ops):
        for fewer in ([], *smaller_ops(op)):
            yield ops[:i] + fewer + ops[i + 1:]


def smaller_ops(op):
    """What may stand in the place of this op: lists of ops."""
    name, *args = op
    if name in ('sleep', 'work', 'timeout') and args[0] > 1:
        yield [[name, 1, *args[1:]]]
        yield [[name, args[0] - 1, *args[1:]]]
    if name == 'timeout':
        yield args[1]
        for body in smaller_bodies(args[1]):
            yield [[name, args[0], body]]
    if name in ('gather', 'gather_all'):
        for t in args[0]:
            yield [[name, [u for u in args[0] if u != t]]]


def without_task(ops, t):
    """The ops that do not name task t, with the tasks behind it renumbered."""
    def renumber(u):
        return u - 1 if u > t else u

    out = []
    for name, *args in ops:
        if name == 'timeout':
            args[1] = without_task(args[1], t)
        elif name in ('gather', 'gather_all'):
            args[0] = [renumber(u) for u in args[0] if u != t]
        elif name in ('spawn', 'join', 'cancel', 'state'):
            if args[0] == t:
                continue
            args[0] = renumber(args[0])
        out.append([name, *args])
    return out


class Difference:
    """Where the command's trace of a program parts from asyncio's, as text; empty when it does not."""

    def __init__(self, command):
        self.command = command

    def __call__(self, program):
        try:
            expected = scen.run(program)
        except vloop.Deadlock:
            return ''
        answer = against.ask(self.command, [program])
        at = cmp_trace.first_difference(expected, answer.lines)
        where = '' if at is None else cmp_trace.show(expected, answer.lines, at)
        return '\n'.join(filter(None, [where, answer.failure]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--against', required=True, metavar='COMMAND')
    parser.add_argument('file', metavar='FILE')
    args = parser.parse_args()
    difference = Difference(args.against)
    program = next(files.read_programs([args.file]))
    if not difference(program):
        sys.exit('the traces are the same')
    program = shrink(program, difference)
    print(json.dumps(program))
    print(difference(program))


if __name__ == '__main__':
    main()
