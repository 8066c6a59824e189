"""Runs a command on a terminal of its own, types into it, and prints what is on that terminal.

    terminal.py COLUMNS ROWS TYPED COMMAND...

TYPED holds lines; each is typed when the command has written its prompt, which ends with "> ". The command
must end within a minute; its exit status is that of this program.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PROMPT = b"> "


def main(columns, rows, typed, *command):
    child, terminal = pty.fork()
    if child == 0:
        size = struct.pack("HHHH", int(rows), int(columns), 0, 0)
        fcntl.ioctl(sys.stdout, termios.TIOCSWINSZ, size)
        os.execvp(command[0], command)
    lines = typed.encode().splitlines(keepends=True)
    unanswered = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            written = os.read(terminal, 65536)
        except OSError:  # Linux says so at the end
            written = b""
        if not written:
            break
        sys.stdout.buffer.write(written)
        unanswered += written
        if unanswered.endswith(PROMPT) and lines:
            os.write(terminal, lines.pop(0))
            unanswered = b""
    else:
        os.kill(child, 9)
        sys.exit("terminal.py: the command has not ended")
    sys.stdout.buffer.flush()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


sys.exit(main(*sys.argv[1:]))
