# Installs this build as a package would, with the guide's jail.local; sourced by `run`.
UNIT=bailiff
QUIET_SECONDS=3

put_bailiff() {
  local to=$FS/usr/lib/bailiff each
  mkdir -p "$to/dist" "$FS/etc/bailiff"
  node "$ROOT/scripts/bundle.mjs" "$FS/usr/lib/bailiff/dist/app"
  cp -r "$ROOT/package.json" "$ROOT/config" "$to/"
  for each in $(runtime_modules); do mkdir -p "$to/$(dirname "$each")"; cp -rL "$ROOT/$each" "$to/$each"; done
  # As its postinst would: V8 takes back only what the same Node made on the same machine.
  mkdir "$to/scripts"
  cp "$ROOT"/scripts/{keep-code.mjs,code-recorder.cjs} "$to/scripts/"
  cp -r "$ROOT/packaging" "$to/"
  inside node /usr/lib/bailiff/scripts/keep-code.mjs
  printf '#!/bin/sh\nexec /usr/bin/node /usr/lib/bailiff/dist/app/cli/main.js "$@"\n' >"$FS/usr/bin/bailiff"
  chmod 755 "$FS/usr/bin/bailiff"
  cp "$ROOT/packaging/bailiff.service" "$FS/etc/systemd/system/"
  cp "$ROOT/packaging/sysusers.d/bailiff.conf" "$FS/usr/lib/sysusers.d/"
  inside systemd-sysusers
  # Where Rspamd logs, only its group reads (packaging does the same in its postinst).
  if inside getent group _rspamd >/dev/null; then
    mkdir -p "$FS/etc/systemd/system/bailiff.service.d"
    printf '[Service]\nSupplementaryGroups=_rspamd\n' >"$FS/etc/systemd/system/bailiff.service.d/rspamd.conf"
  fi
}

install_guard() {
  put_bailiff
  cp "$LAB/jail.local" "$FS/etc/bailiff/"
  if [[ $abuseipdb ]]; then
    mkdir -p "$FS/etc/bailiff/action.d"
    printf '[Init]\nabuseipdb_apikey = 0123456789abcdef\n' >"$FS/etc/bailiff/action.d/abuseipdb.local"
  fi
  if [[ $sendmail ]]; then
    mkdir -p "$FS/etc/systemd/system/bailiff.service.d"
    cp "$ROOT/packaging/sendmail.conf" "$FS/etc/systemd/system/bailiff.service.d/"
    # Each ban in a mail of its own, with its lines and whois: all that others wrote meets the mailer.
    sed -i 's/%(action_mw)s/%(action_mwl)s/' "$FS/etc/bailiff/jail.local"
    printf '[Definition]\nmailer = sendmail\nmailrate = 1000\nwhoisserver = 127.0.0.1:4343\n' >"$FS/etc/bailiff/bailiff.local"
    inside systemd-run -q --unit=lab-whois python3 /root/lab/whois.py
  fi
  inside systemctl daemon-reload
  inside systemctl start bailiff
}

# What package-lock.json installs without the development dependencies, and is there.
runtime_modules() {
  node -e '
    const { packages } = JSON.parse(require("fs").readFileSync(process.argv[1] + "/package-lock.json", "utf8"));
    for (const [path, { dev }] of Object.entries(packages))
      if (path !== "" && !dev && require("fs").existsSync(process.argv[1] + "/" + path)) console.log(path);
  ' "$ROOT"
}

wait_ready() {
  for _ in $(seq 120); do
    inside bailiff status --json >"$OUT/status-at-start.json" 2>/dev/null && return
    sleep 0.5
  done
  return 1
}

found() { sed -nE 's/.*\] Found ([0-9a-f:.]+) .*/\1/p' "$FS/var/log/bailiff/bailiff.log" | sort -u; }
