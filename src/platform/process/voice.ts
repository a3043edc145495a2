import { pino } from 'pino';
import { withoutNumbers } from './log-privacy.js';

/** What a process says of its own start and end, beside the log. */
export interface Voice {
  say(line: string): void;
  complain(line: string): void;
}

/** For somebody who looks at the console. */
export const PLAIN: Voice = { say: (line) => console.log(line), complain: (line) => console.error(line) };

/** Written before the call returns: the process may end next. */
const linesTo = (fd: number) => pino({ hooks: { streamWrite: withoutNumbers } }, pino.destination({ dest: fd, sync: true }));

/** Where standard output is collected as the log: one JSON line an event, like all others, whatever the level of the log. */
export function jsonVoice(): Voice {
  const [out, err] = [linesTo(1), linesTo(2)];
  return { say: (line) => out.info(line), complain: (line) => err.fatal(line) };
}
