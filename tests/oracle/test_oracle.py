"""Tests of the oracle itself: does it still give what ../data has recorded, and does it notice mistakes?

    python3 test_oracle.py
"""
import contextlib
import glob
import json
import os
import shlex
import subprocess
import sys
import unittest

import against
import check
import cmp_trace
import files
import gen
import hops
import interp
import refmodel
import run_prog
import scen
import shrink
import vloop

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, '..', 'data')
LATE = '2:1,10:1,13:1,18:1,22:1'        # the delays of the recorded real run

# A command that is wrong: its queue wakes the newest waiter first.
LAST_COME_FIRST_SERVED = f'''
import sys; sys.path.insert(0, {HERE!r})
import refmodel, refqueue
def wake_next(queue, waiters):
    while waiters and not waiters.pop().set():
        pass
refqueue.Queue.wake_next = wake_next
refmodel.main()
'''


def data(*names):
    with open(os.path.join(DATA, *names)) as file:
        return file.read()


def python(*args, stdin=None):
    """Runs one of our commands -> its standard output."""
    done = subprocess.run([sys.executable, *args], cwd=HERE, input=stdin, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(code):
    return shlex.join([sys.executable, '-c', code])


class Recorded(unittest.TestCase):
    maxDiff = None

    def test_samples(self):
        for line in data('samples.jsonl').splitlines():
            sample = json.loads(line)
            program = sample['program']
            self.assertEqual(scen.run(program), sample['trace'], program['name'])
            self.assertEqual(refmodel.run(program), sample['trace'], program['name'])

    def test_samples_can_be_made_again(self):
        programs = python('gen.py', '--seed', '0', '--count', '300')
        self.assertEqual(python('scen.py', '--record', stdin=programs), data('samples.jsonl'))

    def test_directed(self):
        for path in glob.glob(os.path.join(DATA, 'directed', '*.json')):
            program, = files.read_programs([path])
            trace = cmp_trace.read(path.replace('.json', '.trace'))
            wrong = cmp_trace.read(path.replace('.json', '.wrong'))
            self.assertEqual(scen.run(program), trace, path)
            self.assertEqual(refmodel.run(program), trace, path)
            level = cmp_trace.LEVELS[program['level']]
            self.assertIsNotNone(cmp_trace.first_difference(trace, wrong, level), path)

    def test_founding_program(self):
        for seed in (0, 1, 2, 3, 444):
            lines = run_prog.show_run((seed, 5, 10))
            self.assertEqual(lines, data('founding', f's{seed}_p5_c10.txt').splitlines())

    def test_founding_program_on_the_recorded_clock(self):
        late = run_prog.parse_late(LATE)
        lines = run_prog.show_run((444, 5, 10), late)
        self.assertEqual(lines, data('founding', 'recorded_s444_p5_c10_late.txt').splitlines())
        lines = run_prog.show_run((444, 5, 10), late, plain=True)
        self.assertEqual(lines, data('founding', 'recorded_out_normalised.txt').splitlines())

    def test_hops(self):
        header, *rows = data('hops_table.txt').splitlines()
        version, column = hops.column()
        if version not in header:
            self.skipTest(f'no column for Python {version}')
        at = header.split().index(version)
        width = len('  ') + max(map(len, column))
        recorded = {row[2:width].rstrip(): values(row[width:])[at] for row in rows}
        self.assertEqual(column, recorded)

    def test_random_numbers(self):
        self.assertEqual(python('mt_vectors.py'), data('mt_seed444.txt'))


def values(text):
    """The columns of a row: they are at least two spaces apart."""
    return [value.strip() for value in text.split('  ') if value.strip()]


class Output(unittest.TestCase):
    programs = [gen.make(seed) for seed in (1, 2)]
    traces = [scen.run(program) for program in programs]

    def test_one_program_has_no_header(self):
        out = python('scen.py', stdin=json.dumps(self.programs[0]))
        self.assertEqual(out.splitlines(), self.traces[0])

    def test_several_programs_have_headers(self):
        entries = [self.programs[0], {'program': self.programs[1]}]
        lines = ''.join(json.dumps(entry) + '\n' for entry in entries)
        expected = ['# s1', *self.traces[0], '# s2', *self.traces[1]]
        self.assertEqual(python('scen.py', stdin=lines).splitlines(), expected)
        self.assertEqual(python('refmodel.py', stdin=lines).splitlines(), expected)

    def test_many_founding_runs(self):
        out = python('run_prog.py', '7:2:3', '1:3:0').splitlines()
        at = out.index('# 1 3 0')
        self.assertEqual(out[:at], ['# 7 2 3', *run_prog.show_run((7, 2, 3))])
        self.assertTrue(out[-1].startswith('# deadlock t='), out[-1])     # nobody takes the items

    def test_every_op_can_be_run(self):
        ops = {name.removeprefix('op_') for name in dir(interp.Body) if name.startswith('op_')}
        self.assertEqual(ops, {*gen.WEIGHTS, 'spawn', 'fail'})

    def test_deadlock(self):
        program = {'name': 'stuck', 'queues': [0], 'events': 0, 'tasks': [[['get', 0]]]}
        self.assertRaises(vloop.Deadlock, scen.run, program)
        self.assertRaises(RuntimeError, refmodel.run, program)

    def test_main_that_fails_or_is_cancelled(self):
        for op, end in ((['fail', 7], 'end err 7'), (['cancel', 0], 'end cancelled')):
            program = {'name': 'end', 'queues': [], 'events': 0, 'tasks': [[op, ['yield']]]}
            trace = scen.run(program)
            self.assertTrue(trace[-1].endswith(end), trace)
            self.assertEqual(refmodel.run(program), trace)


class Comparison(unittest.TestCase):
    def test_levels(self):
        trace = ['0 1 t0 start', '5 4 t0 sleep 5', '5 4 t0 end ok 0']
        same = {
            'strict': trace,
            'dense': ['0 1 t0 start', '5 3 t0 sleep 5', '5 3 t0 end ok 0'],     # another empty pass
            'order': ['0 1 t0 start', '5 3 t0 sleep 5', '5 4 t0 end ok 0'],
        }
        for i, level in enumerate(same):
            for j, other in enumerate(same.values()):
                at = cmp_trace.first_difference(trace, other, cmp_trace.LEVELS[level])
                self.assertEqual(at is None, j <= i, (level, other))

    def test_a_missing_line_is_a_difference(self):
        self.assertEqual(cmp_trace.first_difference(['0 1 t0 start'], []), 0)

    def test_check_agrees_with_the_model(self):
        seeds = range(5000, 5100)
        events, report = check.check_batch(against.REFMODEL, 'default', seeds)
        self.assertEqual(report, '')
        self.assertEqual(events, sum(len(scen.run(gen.make(seed))) for seed in seeds))

    def test_check_of_a_single_program(self):
        self.assertEqual(check.check_batch(against.REFMODEL, 'default', range(3, 4))[1], '')

    def test_batches_cover_every_seed(self):
        seeds = [seed for batch in check.batches(10, 2500) for seed in batch]
        self.assertEqual(seeds, list(range(10, 2510)))

    def test_check_finds_a_mistake_and_shrink_makes_it_small(self):
        wrong = command(LAST_COME_FIRST_SERVED)
        _, report = check.check_batch(wrong, 'default', range(100))
        first, program, *_ = report.splitlines()
        self.assertRegex(first, r's\d+ differs')
        self.assertEqual(json.loads(program)['name'], first.split()[0])
        # Not the program itself (that takes a while), but one that is nearly small already.
        program = json.loads(data('directed', 'waiters_lifo.json'))
        program['tasks'][0].insert(0, ['timeout', 9, [['log', 1], ['sleep', 3]]])
        difference = shrink.Difference(wrong)
        self.assertIn('differs', difference(program))
        small = shrink.shrink(program, difference)
        self.assertNotIn('timeout', json.dumps(small))
        self.assertIn('differs', difference(small))

    def test_check_reports_a_command_that_fails(self):
        code = 'import sys; sys.exit("no such op")'
        _, report = check.check_batch(command(code), 'default', range(3))
        self.assertIn('s0 differs', report)
        self.assertIn('exit status 1', report)
        self.assertIn('no such op', report)

    def test_check_reports_a_command_that_is_not_there(self):
        _, report = check.check_batch('/no/such/command', 'default', range(3))
        self.assertIn('/no/such/command', report)


class Shrinking(unittest.TestCase):
    def test_neighbours_are_smaller_and_runnable(self):
        for seed in range(4):
            program = gen.make(seed)
            before = json.dumps(program)
            for smaller in shrink.neighbours(program):
                self.assertNotEqual(json.dumps(smaller), before)
                with contextlib.suppress(vloop.Deadlock):
                    trace = scen.run(smaller)
                    self.assertEqual(refmodel.run(smaller), trace)
            self.assertEqual(json.dumps(program), before)       # it was not changed

    def test_shrinks_to_what_matters(self):
        def differs(program):
            return 'qsize' in json.dumps(program['tasks'])

        program = next(p for p in map(gen.make, range(100)) if differs(p))
        small = shrink.shrink(program, differs)
        self.assertEqual(sum(map(len, small['tasks'])), 1)


if __name__ == '__main__':
    unittest.main()
