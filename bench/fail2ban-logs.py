"""Times the matching of an unpacked Fail2Ban alone, each jail on the log of its own.

Takes its Python path, a configuration directory, a folder with a log for each enabled jail (JAIL.log), a number of
runs, and how many lines each log is to be repeated to; gives one JSON object. What is timed is Filter.processLine for
each line, the date read from the text: no reading of files, no database, no counting, no actions.
"""

import collections
import json
import os
import sys
import time

python_path, configuration, logs, runs, least_lines = sys.argv[1:6]
sys.path.insert(0, python_path)

from fail2ban.version import version  # noqa: E402
from fail2ban_filters import read_jails  # noqa: E402


def timed(it, lines):
    start = time.process_time()
    for line in lines:
        it.processLine(line)
    return time.process_time() - start


def report(it, path):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")[:-1]
    found = collections.Counter(str(each[1]) for line in lines for each in it.processLine(line))
    repeated = lines * max(1, -(-int(least_lines) // len(lines)))
    least = min(timed(it, repeated) for _ in range(int(runs)))
    return {"lines": len(lines), "found": found, "perLine": 1e6 * least / len(repeated)}


jails = {
    name: report(it, os.path.join(logs, name + ".log")) for name, (it, _) in read_jails(configuration).items()
}
print(json.dumps({"version": version, "python": sys.version.split()[0], "jails": jails}))
