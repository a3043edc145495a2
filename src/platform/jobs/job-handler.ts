import type { EventType } from './define-event.js';
import type { Job, JobOptions } from './define-job.js';

/** What a decorated method takes part in; the registry collects these at boot. */
export type Duty =
  | { kind: 'job'; job: Job<object> }
  | { kind: 'event'; event: string; subscriber: string; options: JobOptions }
  | { kind: 'every-minute'; name: string; options: JobOptions }
  | { kind: 'daily'; name: string; time: string; options: JobOptions };

type Handler<P> = (payload: P) => Promise<void>;
type HandlerDecorator<P> = <T extends Handler<P>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>) => void;

const DUTIES = Symbol('starcare:duties');

export const dutiesOf = (method: object): readonly Duty[] => (Reflect.getMetadata(DUTIES, method) as Duty[] | undefined) ?? [];

function carries<P>(duty: Duty): HandlerDecorator<P> {
  return (_target, _key, descriptor) => {
    const method = descriptor.value;
    if (method) Reflect.defineMetadata(DUTIES, [...dutiesOf(method), duty], method);
  };
}

/**
 * The method runs the job's rows, at least once each: a unique constraint must make a second run harmless.
 * The row goes when the promise resolves; a rejection is tried again with back-off.
 */
export const HandlesJob = <P extends object>(job: Job<P>): HandlerDecorator<P> => carries<P>({ kind: 'job', job });

/**
 * The method hears of each event, at least once, after the commit that announced it.
 * @param subscriber unique in the whole product, `<module>.<verb-thing>`; it becomes a job of that name.
 */
export const OnEvent = <P extends object>(event: EventType<P>, subscriber: string, options: JobOptions = {}): HandlerDecorator<P> =>
  carries<P>({ kind: 'event', event: event.name, subscriber, options });

/**
 * The method is called with each minute of the Clock (its first instant), once over all processes. A minute is left out while the
 * run before it is not over, or when no process lived: ask what is due now, do not count minutes.
 */
export const EveryMinute = (name: string, options: JobOptions = {}): HandlerDecorator<Date> => carries<Date>({ kind: 'every-minute', name, options });

/**
 * The method is called once a day with the instant of `time` in Asia/Shanghai; later that day when no process lived at that time.
 * @param time 'HH:MM'
 */
export const DailyAt = (time: string, name: string, options: JobOptions = {}): HandlerDecorator<Date> => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw new Error(`schedule ${name}: ${time} is no time of day (HH:MM)`);
  return carries<Date>({ kind: 'daily', name, time, options });
};
