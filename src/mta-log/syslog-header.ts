/** The header of a syslog line: as RFC 3164 §4.1 has it, or with an RFC 3339 timestamp, as rsyslog and journals write it. */

export interface SyslogLine {
  readonly machine: string;
  /** As in `postfix/dane/smtp`. */
  readonly program: string;
  /** Empty where there is none. */
  readonly pid: string;
  readonly text: string;
}

/** Anchored, and each part ends where the next begins: no line makes it slow. */
const header =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,24}(?:Z|[+-]\d\d:?\d\d)?) (\S{1,255}) ([^\s:[]{1,255})(?:\[(\d{1,10})\])?: /;

export function readSyslogHeader(line: string): SyslogLine | undefined {
  const found = header.exec(line);
  if (found === null) return undefined;
  const [whole, machine = '', program = '', pid = ''] = found;
  return { machine, program, pid, text: line.slice(whole.length) };
}
