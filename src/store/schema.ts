/**
 * The tables, as numbered migrations: entry N takes a database from version N to N + 1. Data, not code.
 * Times are milliseconds since the epoch. A failure row without a ban is what the window is rebuilt from.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE place (
    source TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    kept_at_ms INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE jail (
    name TEXT PRIMARY KEY,
    first_seen_ms INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE heard (
    jail TEXT PRIMARY KEY,
    boot TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE multi_line (
    ear TEXT PRIMARY KEY,
    state TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE ban (
    id INTEGER PRIMARY KEY,
    jail TEXT NOT NULL,
    target TEXT NOT NULL,
    address TEXT,
    banned_at_ms INTEGER NOT NULL,
    until_ms INTEGER,
    failures INTEGER NOT NULL,
    origin TEXT NOT NULL,
    ended_at_ms INTEGER,
    ended_why TEXT
  );
  CREATE UNIQUE INDEX ban_current ON ban (jail, target) WHERE ended_at_ms IS NULL;
  CREATE INDEX ban_target ON ban (target, banned_at_ms);
  CREATE INDEX ban_ended ON ban (ended_at_ms);

  CREATE TABLE failure (
    id INTEGER PRIMARY KEY,
    jail TEXT NOT NULL,
    target TEXT NOT NULL,
    address TEXT,
    user TEXT,
    time_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    span_seconds INTEGER NOT NULL,
    line_kind TEXT NOT NULL,
    connection TEXT,
    text TEXT NOT NULL,
    ban INTEGER
  );
  CREATE INDEX failure_open ON failure (jail, target) WHERE ban IS NULL;
  CREATE INDEX failure_time ON failure (time_ms);
  CREATE INDEX failure_address ON failure (address);
  CREATE INDEX failure_ban ON failure (ban);

  CREATE TABLE known_client (
    address TEXT NOT NULL,
    jail TEXT NOT NULL,
    last_ms INTEGER NOT NULL,
    logins INTEGER NOT NULL,
    PRIMARY KEY (address, jail)
  ) WITHOUT ROWID;
  `,
  // What `explain` and every ban look up; where address and target are one, the index of the address serves.
  `
  CREATE INDEX failure_target ON failure (target) WHERE target IS NOT address;
  CREATE INDEX ban_address ON ban (address);
  `,
  // What was heard and waits for a host name to be looked up.
  `
  CREATE TABLE waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    heard TEXT NOT NULL
  );
  `,
  // The other groups of the match, as JSON: what a shell action is told of a ban that outlived the daemon.
  `
  ALTER TABLE failure ADD COLUMN data TEXT;
  `,
  // The how-manyeth ban of its target it was: what `bantime.increment` builds on.
  `
  ALTER TABLE ban ADD COLUMN ban_count INTEGER NOT NULL DEFAULT 1;
  `,
  // What leaves the host because of a ban, by courier, and what each courier knows of its receiver.
  `
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    courier TEXT NOT NULL,
    subject TEXT NOT NULL,
    jail TEXT NOT NULL,
    ban INTEGER,
    weight INTEGER NOT NULL,
    state TEXT NOT NULL,
    written_at_ms INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    asked_at_ms INTEGER,
    doubt_since_ms INTEGER,
    ended_at_ms INTEGER,
    payload TEXT NOT NULL,
    letter TEXT,
    answer TEXT
  );
  CREATE INDEX outbox_waiting ON outbox (courier, state, jail, weight DESC, id, due_at_ms);
  CREATE INDEX outbox_expires ON outbox (courier, expires_at_ms) WHERE state = 'waiting';
  CREATE INDEX outbox_due ON outbox (courier, due_at_ms) WHERE state = 'waiting';
  CREATE INDEX outbox_subject ON outbox (courier, subject);
  CREATE INDEX outbox_asked ON outbox (courier, asked_at_ms);
  CREATE INDEX outbox_ban ON outbox (ban) WHERE state = 'waiting';
  CREATE INDEX outbox_ended ON outbox (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

  CREATE TABLE courier (
    kind TEXT PRIMARY KEY,
    memory TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  // By which filter and counting each jail ran last.
  `
  CREATE TABLE judgement (
    jail TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    since_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  // What `explain` looks up: messages are about a receiver, and because of a ban.
  `
  CREATE INDEX outbox_because ON outbox (ban);
  CREATE INDEX outbox_subject_any ON outbox (subject);
  CREATE INDEX outbox_subject_waiting ON outbox (courier, subject, id) WHERE state = 'waiting';
  `,
  // Trees in the order of addresses cost a flood four fifths of its writing, for each failure goes to another page: one of
  // them, by target, is enough. Failures are found by address where the target does not tell it, as that of an `<F-ID>`.
  `
  DROP INDEX failure_open;
  DROP INDEX failure_address;
  DROP INDEX failure_target;
  DROP INDEX failure_ban;
  CREATE INDEX failure_target ON failure (target);
  CREATE INDEX failure_address ON failure (address) WHERE target IS NOT address AND instr(target, '/') = 0;
  CREATE INDEX failure_ban ON failure (ban) WHERE ban IS NOT NULL;
  `,
  // A row for each connection: all of an ear's were written anew with every line of any of them.
  `
  CREATE TABLE connection (
    id INTEGER PRIMARY KEY,
    ear TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (ear, name)
  );
  INSERT INTO connection (ear, name, state)
    SELECT ear, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM multi_line, json_each(multi_line.state)
    WHERE json_valid(multi_line.state) ORDER BY ear, json_each.key;
  DROP TABLE multi_line;
  `,
];
