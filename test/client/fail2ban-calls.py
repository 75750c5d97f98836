"""Runs Fail2Ban's own client call by call, each in a fork, so that its modules are loaded once.

Takes JSON lines {"argv": [...], "input": "...", "until": "..."} on standard input: a call with `until` is made again
until it prints that; gives JSON lines {"status", "out", "err"}.
"""
import json
import os
import sys
import tempfile
import time

import fail2ban.client.fail2banclient as client
import fail2ban.client.beautifier  # noqa: F401
import fail2ban.client.configurator  # noqa: F401
import readline  # noqa: F401


PATIENCE_SECONDS = 30


def call(argv, text):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        child = os.fork()
        if child == 0:
            for number, stream in enumerate((given, out, err)):
                os.dup2(stream.fileno(), number)
            sys.stdin = open(0, encoding="utf-8", closefd=False)
            sys.argv = ["fail2ban-client", *argv]
            try:
                client.exec_command_line(sys.argv)
                status = 99
            except SystemExit as end:
                status = end.code
            finally:
                sys.stdout.flush()
            os._exit(status if isinstance(status, int) else 98)
        _, ended = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(ended),
            "out": out.read().decode(),
            "err": err.read().decode(),
        }


for line in sys.stdin:
    asked = json.loads(line)
    answer = call(asked["argv"], asked.get("input", ""))
    end = time.monotonic() + PATIENCE_SECONDS
    while "until" in asked and answer["out"] != asked["until"] and time.monotonic() < end:
        time.sleep(0.05)
        answer = call(asked["argv"], asked.get("input", ""))
    print(json.dumps(answer), flush=True)
