"""How many loop passes lie between a cause and its effect in asyncio: the table.

    python3 hops.py                                     for this Python
    python3 hops.py python3.11 python3.12 python3.13    a column for each; rows that differ have a *

The experiments are in hop_rows.py and hop_rows_cancel.py.
"""
import asyncio
import json
import os
import platform
import subprocess
import sys

import hop_rows                 # these two fill ROWS, in this order
import hop_rows_cancel
import vloop
from hop_ruler import ROWS, Ruler


async def measure(experiment):
    ruler = Ruler()
    result = await experiment(ruler)
    return str(ruler.hops() if result is None else result)


def column():
    """-> this Python's version, and {row: hops}."""
    hops = {}
    for name, experiment in ROWS:
        with asyncio.Runner(loop_factory=vloop.VirtualLoop) as runner:
            hops[name] = runner.run(measure(experiment))
    return platform.python_version(), hops


def column_of(python):
    """The same, of another Python."""
    code = 'import hops, json; print(json.dumps(hops.column()))'
    here = os.path.dirname(os.path.abspath(__file__))
    done = subprocess.run([python, '-c', code], cwd=here, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def table(columns):
    """-> its lines."""
    versions, hops = zip(*columns)
    width = max(len(name) for name, _ in ROWS)
    yield line('  ', '', versions, width)
    for name, _ in ROWS:
        values = [column[name] for column in hops]
        differ = len(set(values) - {'n/a'}) > 1
        yield line('* ' if differ else '  ', name, values, width)


def line(mark, name, values, width):
    return '  '.join([f'{mark}{name:{width}}', *(f'{value:>8}' for value in values)])


if __name__ == '__main__':
    pythons = sys.argv[1:]
    print('\n'.join(table([column_of(python) for python in pythons] if pythons else [column()])))
