"""Fail2Ban's own CommandAction with the options that fail2ban-client -d tells it: reads that dump, bans and unbans one IPv4
and one IPv6 address with every action in it, and answers with the scripts that it would have run and their variables."""
import ast
import json
import logging
import sys

from fail2ban.server.action import CommandAction
from fail2ban.server.ipdns import IPAddr

logging.disable(logging.CRITICAL)
ran = []


class Recording(CommandAction):
    @staticmethod
    def executeCmd(realCmd, timeout=60, **_):
        script, *values = realCmd if isinstance(realCmd, list) else [realCmd]
        if script:
            ran.append([script, values])
        return True


def told(address, family):
    subject = json.loads(sys.argv[1])
    groups = subject.pop("groups")
    return {**subject, "ip": address, "ip-rev": str(IPAddr(address).getPTR("")), "fid": address, "family": family, "F-*": groups}


answer = {}
for line in sys.stdin:
    command = ast.literal_eval(line)
    if command[0] != "multi-set" or command[2] != "action":
        continue
    _, jail, _, name, options = command
    action = Recording(None, name)
    for key, value in options:
        setattr(action, key, value)
    ran.clear()
    subjects = [("192.0.2.1", "inet4"), ("2001:db8::1", "inet6")]
    action.start()
    for subject in subjects:
        action.ban(told(*subject))
    for subject in subjects:
        action.unban(told(*subject))
    action.flush()
    action.stop()
    answer[f"{jail}/{name}"] = list(ran)
print(json.dumps(answer))
