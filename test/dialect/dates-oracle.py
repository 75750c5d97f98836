"""What Fail2Ban's date detector finds: one JSON question a line, one JSON answer a line."""
import json
import logging
import sys

from fail2ban.server.datedetector import DateDetector
from fail2ban.server.mytime import MyTime

logging.disable(logging.CRITICAL)
for line in sys.stdin:
    question = json.loads(line)
    MyTime.setTime(question["now"])
    try:
        detector = DateDetector()
        detector.default_tz = question["zone"]
        for pattern in question["patterns"]:
            detector.appendTemplate(pattern)
        answers = []
        for text in question["lines"]:
            match, template = detector.matchTime(text)
            if match is None:
                answers.append([text, None])
                continue
            cut = text[: match.start(1)] + text[match.end(1) :]
            # An empty match is a date that is not asked for: the line stays whole.
            if match.start(1) == match.end(1):
                answers.append([text, None])
                continue
            found = detector.getTime(text[match.start(1) : match.end(1)], (match, template))
            answers.append([cut, None if found is None else found[0]])
        print(json.dumps({"answers": answers}))
    except Exception as error:
        print(json.dumps({"error": repr(error)}))
