"""Makes a database with Fail2Ban's own code: fail2ban-database.py FILE, the bans as JSON on standard input.

Each ban is {jail, id, time, bantime, matches, data, count, lifted}; a lifted one is taken out as an unban takes it out.
"""
import json
import sys

from fail2ban.server.database import Fail2BanDb
from fail2ban.server.ticket import BanTicket


class Jail:
    """As much of a jail as the database asks for."""

    def __init__(self, name):
        self.name = name
        self.actions = self

    def getBanTime(self):
        return 600


database = Fail2BanDb(sys.argv[1])
for ban in json.load(sys.stdin):
    jail = Jail(ban["jail"])
    database.addJail(jail)
    matches = [tuple(match) if isinstance(match, list) else match for match in ban.get("matches", [])]
    ticket = BanTicket(ban["id"], ban["time"], matches, ban.get("data", {}))
    ticket.setBanTime(ban["bantime"])
    ticket.setAttempt(ban.get("failures", len(matches)))
    ticket.setBanCount(ban.get("count", 1), True)
    database.addBan(jail, ticket)
    if ban.get("lifted"):
        database.delBan(jail, ticket.getID())
database.close()
