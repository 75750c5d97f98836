"""Times the matching of an installed or unpacked Fail2Ban alone, on recorded lines.

Takes its Python path, a configuration directory, a journal export, Apache's error log, a number of runs, and whether
the entries are given as lines of the journal or, with their date in front, of a file; gives one JSON object. The jails are read, and their filters set, by Fail2Ban's own code. What is timed is Filter.processLine for
each line and each jail that hears it: no journal, no database, no counting, no actions. Lines are made beforehand.
"""

import json
import sys
import time
from datetime import datetime, timezone

python_path, configuration, export, error_log, runs, logtype = sys.argv[1:7]
sys.path.insert(0, python_path)

from fail2ban.client.jailreader import JailReader  # noqa: E402
from fail2ban.version import version  # noqa: E402
from fail2ban_filters import read_jails  # noqa: E402


def journal_matches(jails):
    """The jails with their journal matches; filters for files are read again with that backend."""
    if logtype == "journal":
        return jails
    read = JailReader.getOptions

    def with_files(self, addOpts=None):
        return read(self, {**(addOpts or {}), "backend": "polling"})

    JailReader.getOptions = with_files
    return {name: (it, jails[name][1]) for name, (it, _) in read_jails(configuration).items()}


def fits(matches, entry):
    """journalctl's grammar: `+` is or; within, values of one field are or, fields are and."""
    for match in matches:
        group = {}
        groups = [group]
        for word in match:
            if word == "+":
                group = {}
                groups.append(group)
            else:
                field, _, value = word.partition("=")
                group.setdefault(field, set()).add(value)
        if any(group and all(entry.get(field) in values for field, values in group.items()) for group in groups):
            return True
    return False


def entries(path):
    entry = {}
    with open(path, "rb") as file:
        while line := file.readline():
            if line == b"\n":
                yield entry
                entry = {}
                continue
            name, equals, value = line[:-1].partition(b"=")
            if not equals:
                value = file.read(int.from_bytes(file.read(8), "little"))
                file.read(1)
            entry.setdefault(name.decode(), value.decode("utf-8", "replace"))


def journal_line(entry):
    """The line and its time as Fail2Ban's systemd backend hands them to processLine."""
    micros = int(entry.get("_SOURCE_REALTIME_TIMESTAMP") or entry["__REALTIME_TIMESTAMP"])
    identifier = entry.get("SYSLOG_IDENTIFIER") or entry.get("_COMM")
    pid = entry.get("SYSLOG_PID") or entry.get("_PID")
    words = [entry["_HOSTNAME"]] if "_HOSTNAME" in entry else []
    if identifier:
        words.append(f"{identifier}[{pid}]:" if pid else f"{identifier}:")
    words.append(entry.get("MESSAGE", ""))
    stamp = datetime.fromtimestamp(micros / 1e6, timezone.utc).isoformat() + " "
    return ("", stamp, " ".join(words).replace("\n", "\\n")), micros / 1e6


def main():
    jails = journal_matches(read_jails(configuration))
    heard = []
    count = 0
    for entry in entries(export):
        if "MESSAGE" not in entry:
            continue
        count += 1
        line, when = journal_line(entry)
        for name, (it, matches) in jails.items():
            if fits(matches, entry):
                heard.append((name, it, line, when) if logtype == "journal" else (name, it, line[1] + line[2], None))
    # The guide points this jail at the journal, where Apache does not log: it is given the file all the same.
    apache = jails.get("apache-auth")
    if apache is not None:
        with open(error_log, encoding="utf-8", errors="replace") as file:
            for text in file:
                count += 1
                heard.append(("apache-auth", apache[0], text.rstrip("\n"), None))
    seconds = []
    found = {}
    for _ in range(int(runs) + 1):
        found = dict.fromkeys(jails, 0)
        start = time.process_time()
        for name, it, line, when in heard:
            found[name] += len(it.processLine(line, when))
        seconds.append(time.process_time() - start)
    print(
        json.dumps(
            {
                "version": version,
                "python": sys.version.split()[0],
                "lines": count,
                "matchings": len(heard),
                # The first run warms up its caches.
                "seconds": seconds[1:],
                "found": found,
            }
        )
    )


main()
