import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Locale } from '../i18n/catalogue.js';
import type { Viewer } from './authenticator.js';

export interface ChromeRequest {
  viewer: Viewer | undefined;
  locale: Locale;
  now: Date;
  /** The page asked for, without its query. */
  path: string;
}

/**
 * What one module adds to the frame around every page: values for the layout by name. `badges` (how much waits, by entry of the rail) of all parts are put together, and
 * `waitingAt`: the address that shows just what a badge counts, where the entry's own shows more.
 */
export type ChromePart = (request: ChromeRequest) => Promise<Record<string, unknown>>;

/**
 * The frame around every page. Modules that know something for it (navigation, whether calls are allowed now, the
 * demo's banner) add a part in onModuleInit; a part is asked on every page, so it must be cheap.
 */
@Injectable()
export class Chrome {
  private readonly parts: ChromePart[] = [];

  constructor(private readonly host: HttpAdapterHost) {}

  add(part: ChromePart): void {
    this.parts.push(part);
  }

  async collect(request: ChromeRequest): Promise<Record<string, unknown>> {
    const values = await Promise.all(this.parts.map((part) => part(request)));
    const waiting = Object.assign({}, ...values.map((part) => part.badges ?? {})) as Record<string, number>;
    const badges = Object.fromEntries(Object.entries(waiting).filter(([, count]) => count > 0));
    const at = Object.assign({}, ...values.map((part) => part.waitingAt ?? {})) as Record<string, string>;
    const waitingAt = Object.fromEntries(Object.entries(at).filter(([key]) => key in badges));
    return { ...(Object.assign({}, ...values) as Record<string, unknown>), badges, waitingAt };
  }

  /** Whether a page is served at this address: navigation shows no entry that leads nowhere. */
  hasPage(path: string): boolean {
    return this.host.httpAdapter.getInstance<FastifyInstance>().hasRoute({ method: 'GET', url: path });
  }
}
