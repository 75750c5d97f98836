"""Runs fail2ban-regex for many calls, each in a process of its own forked from one that has loaded it.

Takes a JSON list of calls (lists of words) on standard input; gives a JSON list of [status, output, errors].
"""
import json
import os
import sys
import tempfile

from fail2ban.client import fail2banregex


def run(words):
    files = [tempfile.TemporaryFile() for _ in range(2)]
    child = os.fork()
    if child == 0:
        status = 0
        try:
            for number, file in enumerate(files, 1):
                os.dup2(file.fileno(), number)
            sys.argv = ["fail2ban-regex", *words]
            fail2banregex.exec_command_line()
        except SystemExit as end:
            status = end.code or 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    texts = []
    for file in files:
        file.seek(0)
        texts.append(file.read().decode("utf-8", "replace"))
        file.close()
    return [os.waitstatus_to_exitcode(ended), *texts]


print(json.dumps([run(words) for words in json.load(sys.stdin)]))
