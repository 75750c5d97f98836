/**
 * Seconds east of UTC for what a stamp says about its zone: `Z`, `+0200`, `UTC+02:00`, `CEST`.
 * Abbreviations have one fixed meaning each; unknown ones give undefined.
 */
const HOURS: ReadonlyMap<string, number> = new Map([
  ...Object.entries({
    Z: 0,
    UTC: 0,
    GMT: 0,
    WET: 0,
    WEST: 1,
    BST: 1,
    IST: 5.5,
    CET: 1,
    CEST: 2,
    MET: 1,
    MEST: 2,
  }),
  ...Object.entries({
    EET: 2,
    EEST: 3,
    MSK: 3,
    TRT: 3,
    SAST: 2,
    CAT: 2,
    EAT: 3,
    WAT: 1,
    GST: 4,
    PKT: 5,
    NPT: 5.75,
  }),
  ...Object.entries({
    ICT: 7,
    WIB: 7,
    SGT: 8,
    HKT: 8,
    PHT: 8,
    AWST: 8,
    JST: 9,
    KST: 9,
    ACST: 9.5,
    ACDT: 10.5,
  }),
  ...Object.entries({
    AEST: 10,
    AEDT: 11,
    NZST: 12,
    NZDT: 13,
    AST: -4,
    ADT: -3,
    NST: -3.5,
    NDT: -2.5,
    EST: -5,
    EDT: -4,
  }),
  ...Object.entries({
    CST: -6,
    CDT: -5,
    MST: -7,
    MDT: -6,
    PST: -8,
    PDT: -7,
    AKST: -9,
    AKDT: -8,
    HST: -10,
    BRT: -3,
    ART: -3,
  }),
]);

export function zoneSeconds(text: string): number | undefined {
  const found = /^([A-Z]*)(?:([+-])(\d\d):?(\d\d)?)?$/.exec(text.toUpperCase());
  if (found === null) return undefined;
  const [, name = '', sign, hours = '0', minutes = '0'] = found;
  const base = name === '' ? 0 : HOURS.get(name);
  if (base === undefined) return undefined;
  const offset = Number(hours) * 3600 + Number(minutes) * 60;
  return base * 3600 + (sign === '-' ? -offset : offset);
}
