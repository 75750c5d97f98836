"""What CPython's re answers: one JSON question a line, one JSON answer a line."""
import json
import re
import sys

for line in sys.stdin:
    question = json.loads(line)
    try:
        expression = re.compile(question["pattern"], re.MULTILINE if question["multiline"] else 0)
    except (re.error, OverflowError, RecursionError) as error:
        print(json.dumps({"error": str(error)}))
        continue
    answers = []
    for text in question["texts"]:
        match = expression.search(text)
        groups = [] if match is None else range(expression.groups + 1)
        answers.append(None if match is None else [match.span(group) for group in groups])
    print(json.dumps({"names": dict(expression.groupindex), "answers": answers}))
