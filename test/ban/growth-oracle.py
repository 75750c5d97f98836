"""Plays lives of addresses through Fail2Ban's own filter's counter, ban manager, observer and database.

Takes on standard input {"jails": [{name, options, bantime, maxretry, findtime}], "events": [{at, jail, ip, kind}]};
gives for each event what came of it: for `attack` how many failures were needed, when the ban ends and the how-manyeth
it is; for `unban` null.
"""

import json
import random
import sys
import types

from fail2ban.server.database import Fail2BanDb
from fail2ban.server.jail import Jail
from fail2ban.server.mytime import MyTime
from fail2ban.server.observer import ObserverThread
from fail2ban.server.ticket import BanTicket, FailTicket

random.random = lambda: 0.5
asked = json.load(sys.stdin)
database = Fail2BanDb(":memory:")
observer = ObserverThread()
observer.add_timer = lambda *_: None


def jail_of(described):
    jail = Jail(described["name"], "polling", database)
    database.addJail(jail)
    jail.isAlive = types.MethodType(lambda _: True, jail)
    jail.actions.setBanTime(described["bantime"])
    jail.filter.failManager.setMaxRetry(described["maxretry"])
    jail.filter.failManager.setMaxTime(described["findtime"])
    for option, value in described["options"].items():
        jail.setBanTimeExtra(option, value)
    return jail


jails = {described["name"]: jail_of(described) for described in asked["jails"]}


def attack(jail, ip, at):
    manager = jail.filter.failManager
    for failures in range(1, manager.getMaxRetry() + 1):
        MyTime.setTime(at + failures)
        ticket = FailTicket(ip, at + failures)
        if manager.addFailure(ticket) >= manager.getMaxRetry():
            jail.filter.performBan(ip)
        else:
            observer.failureFound(jail, ticket)
        over = jail.getFailTicket()
        if over is not None and over is not False:
            return failures, over
    raise RuntimeError("no ban")


def play(event):
    jail, ip, at = jails[event["jail"]], event["ip"], event["at"]
    MyTime.setTime(at)
    for each in jails.values():
        each.actions.banManager.unBanList(at)
    manager = jail.actions.banManager
    if event["kind"] == "unban":
        if manager.getTicketByID(ip) is not None:
            database.delBan(jail, ip)
        return None
    if any(ticket.getID() == ip for ticket in manager):
        return "banned"
    failures, over = attack(jail, ip, at)
    ticket = BanTicket.wrap(over)
    if not manager.addBanTicket(ticket):
        raise RuntimeError("not banned")
    observer.banFound(ticket, jail, manager.getBanTime())
    return {
        "failures": failures,
        "seconds": ticket.getBanTime(manager.getBanTime()),
        "count": ticket.getBanCount(),
    }


print(json.dumps([play(event) for event in asked["events"]]))
