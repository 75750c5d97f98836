# Installs Debian's fail2ban in Bailiff's place, to compare; sourced by `run`.
UNIT=fail2ban
QUIET_SECONDS=10

put_fail2ban() {
  local debs=$BASE/debs
  if ! ls "$debs"/fail2ban_*.deb >/dev/null 2>&1; then
    mkdir -p "$debs"
    # The gold root has no resolver of its own; it borrows the machine's for the download.
    DEBS=$debs GOLD=$BASE/gold unshare -m bash -euc '
      mount --bind /etc/resolv.conf "$GOLD/etc/resolv.conf"
      mount --bind /etc/hosts "$GOLD/etc/hosts"
      mount -t tmpfs tmpfs "$GOLD/mnt"; mount --bind "$DEBS" "$GOLD/mnt"
      chroot "$GOLD" sh -c "cd /mnt && apt-get -o APT::Sandbox::User=root download fail2ban"
    ' >"$OUT/download.txt" 2>&1 || die "fail2ban cannot be downloaded: $(tail -n 3 "$OUT/download.txt")"
  fi
  cp "$debs"/fail2ban_*.deb "$FS/root/"
  inside sh -c 'dpkg --force-depends -i /root/fail2ban_*.deb' >"$OUT/install.txt" 2>&1 || true
}

install_guard() {
  put_fail2ban
  cp "$LAB/jail.local" "$FS/etc/fail2ban/jail.local"
  # recidive's log has to be there before the start, or Fail2Ban refuses the whole configuration.
  touch "$FS/var/log/fail2ban.log"
  inside systemctl restart fail2ban
}

wait_ready() {
  for _ in $(seq 120); do
    inside fail2ban-client ping >/dev/null 2>&1 && return
    sleep 0.5
  done
  return 1
}

found() { sed -nE 's/.*\] Found ([0-9a-f:.]+) .*/\1/p' "$FS/var/log/fail2ban.log" | sort -u; }
