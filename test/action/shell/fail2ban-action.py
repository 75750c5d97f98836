"""Fail2Ban's own CommandAction as an oracle: reads scenarios, one JSON object a line, and answers with the commands that
it ran in each, `+` behind those that were made to end well and `-` behind the others."""
import json
import logging
import sys

from fail2ban.server.action import CommandAction

logging.disable(logging.CRITICAL)


def commands_of(scenario):
    ran = []
    outcomes = scenario["outcomes"]

    class Recording(CommandAction):
        @staticmethod
        def executeCmd(realCmd, timeout=60, **_):
            if not realCmd:
                return True
            is_well = outcomes[len(ran) % len(outcomes)]
            is_well = is_well or (scenario["startsWell"] and realCmd.startswith("start"))
            ran.append(realCmd + (" +" if is_well else " -"))
            return is_well

    action = Recording(None, "act")
    for key, value in scenario["properties"]:
        setattr(action, key, value)
    for name, *subject in scenario["steps"]:
        step = getattr(action, "consistencyCheck" if name == "check" else name)
        try:
            if subject:
                address, family = subject
                step({"ip": address, "fid": address, "family": family, "bantime": 600})
            else:
                step()
        except RuntimeError:
            pass
    return ran


for line in sys.stdin:
    print(json.dumps(commands_of(json.loads(line))), flush=True)
