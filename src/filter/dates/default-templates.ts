/**
 * The datepatterns that are tried where a filter names none. Data only.
 * The forms are those that Fail2Ban's jail.conf(5) promises; each is tried at the beginning of a line before it is
 * looked for anywhere.
 */
export const DEFAULT_DATEPATTERNS: readonly string[] = [
  // 2026-11-22 15:39:41,355 +0100, 2026-11-22T15:39:41.355728+01:00, 2026/11/22 15:39:41
  '%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?',
  // Nov 22 15:39:41, Sun Nov 22 15:39:41.355728 2026
  '(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  // Sun Nov 22 2026 15:39:41
  '(?:%a )?%b %d %ExY %k:%M:%S(?:\\.%f)?',
  // 22/11/2026 15:39:41, 22-11-26 15:39:41
  '%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S',
  // 22/Nov/2026:15:39:41 +0100, 22-Nov-2026 15:39:41.355
  '%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\\.%f)?(?: %z)?',
  // 11/22/2026:15:39:41
  '%m/%d/%ExY:%H:%M:%S',
  // 11-22-2026 15:39:41.355
  '%m-%d-%ExY %k:%M:%S(?:\\.%f)?',
  'EPOCH',
  '{^LN-BEG}%H:%M:%S',
  // <11/22/26@15:39:41>
  '^<%m/%d/%Exy@%H:%M:%S>',
  // 261122 15:39:41
  '%Exy%Exm%Exd  ?%H:%M:%S',
  // Nov 22, 2026 3:39:41 PM
  '%b %d, %ExY %I:%M:%S %p',
  // Nov-22-26 15:39:41
  '^%b-%d-%Exy %k:%M:%S',
  // 20261122T153941
  '%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\\s*%z)?',
  // CET Nov 22 15:39:41
  '(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  // +01:00 Nov 22 15:39:41
  '(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  'TAI64N',
];
