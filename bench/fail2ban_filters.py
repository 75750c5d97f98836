"""The filters of Fail2Ban's jails as its server sets them, without a server. Its modules have to be on the path."""

from fail2ban.client.jailsreader import JailsReader
from fail2ban.server.filter import Filter


class NoJail:
    """What a Filter asks of its jail while it matches."""

    def __init__(self, name):
        self.name = name
        self.database = None

    def getMaxLines(self):
        return 1


def filter_of(reader, name):
    """The filter of one jail as the server sets it, and its journal match (a list of lists of FIELD=value)."""
    it = Filter(NoJail(name))
    it.checkFindTime = False
    matches = []
    for command in reader.convert(allow_no_files=True):
        if command[0] not in ("set", "multi-set") or command[1] != name:
            continue
        option, values = command[2], command[3] if command[0] == "multi-set" else [command[3]]
        for value in values:
            if option == "usedns":
                it.setUseDns(value)
            elif option == "prefregex":
                it.prefRegex = value
            elif option == "addfailregex":
                it.addFailRegex(value)
            elif option == "addignoreregex":
                it.addIgnoreRegex(value)
            elif option == "maxlines":
                it.setMaxLines(value)
            elif option == "datepattern":
                it.setDatePattern(value)
            elif option == "addjournalmatch":
                matches.append(command[3:])
                break
    return it, matches


def read_jails(configuration):
    """By name: the filter and the journal matches of each jail that is enabled."""
    reader = JailsReader(basedir=configuration, force_enable=False)
    reader.read()
    reader.getOptions()
    return {jail.getName(): filter_of(jail, jail.getName()) for jail in reader.jails if jail.isEnabled()}
