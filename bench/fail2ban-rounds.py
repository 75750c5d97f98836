"""Times the matching of an unpacked Fail2Ban alone, pass by pass, as it is asked.

Takes its Python path and a configuration directory. Each line of standard input names jails (comma between them) and a
log (tab between both): that log goes once through Filter.processLine of each jail, the date read from the text, and one
JSON object tells processor seconds, lines, and who was found how often. No reading of files is timed, no database, no
counting, no actions. The first line told is the versions.
"""

import collections
import json
import sys
import time

python_path, configuration = sys.argv[1:3]
sys.path.insert(0, python_path)

from fail2ban.version import version  # noqa: E402
from fail2ban_filters import read_jails  # noqa: E402

jails = {name: it for name, (it, _) in read_jails(configuration).items()}
logs = {}


def lines_of(path):
    if path not in logs:
        with open(path, encoding="utf-8", errors="replace") as file:
            logs[path] = file.read().split("\n")[:-1]
    return logs[path]


def timed(it, lines, found):
    start = time.process_time()
    for line in lines:
        found.extend(it.processLine(line))
    return time.process_time() - start


print(json.dumps({"version": version, "python": sys.version.split()[0]}), flush=True)
for request in sys.stdin:
    names, path = request.rstrip("\n").split("\t")
    lines = lines_of(path)
    found = []
    seconds = sum(timed(jails[name], lines, found) for name in names.split(","))
    counts = collections.Counter(str(each[1]) for each in found)
    print(json.dumps({"seconds": seconds, "lines": len(lines), "found": counts}), flush=True)
