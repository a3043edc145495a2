import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../database/database.js';
import { sql } from '../database/sql.js';
import './fastify.types.js';
import { isApi } from './request-kind.js';
import { uploadDigest } from './upload.js';

interface Ticket {
  actor: string;
  key: string;
  route: string;
  hash: string;
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

interface Kept {
  route: string;
  hash: string;
  status: number | null;
  body: unknown;
  headers: Record<string, string>;
}

const KEY = /^[\x21-\x7e]{1,200}$/;
const WAIT_MS = 50;
const PATIENCE = 200;
const ABANDONED_MS = 15 * 60_000;

/** What answers say beside their body. */
const KEPT_HEADERS = ['x-reason'];

const NOT_KEPT = 'idempotency:not-kept';

/** For answers that must not be stored: the request happens each time it is sent. */
export const AnswerNotKept = () => SetMetadata(NOT_KEPT, true);

/**
 * An API POST with an `Idempotency-Key` happens once; the same request again gets the answer of the first. A refused
 * request changed nothing, so its key is free again. The same key with another request is 422 `idempotency_key_reused`.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http' || this.reflector.get<boolean | undefined>(NOT_KEPT, context.getHandler())) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const ticket = ticketOf(request);
    if (!ticket) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (!(await this.open(ticket))) return this.replay(ticket, { request, reply });
    return of(await this.perform(ticket, next, { request, reply }));
  }

  private async perform(ticket: Ticket, next: CallHandler, { request, reply }: Exchange): Promise<unknown> {
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      if (reply.statusCode < 400) await this.keep(ticket, body, { request, reply });
      else await this.forget(ticket);
      return body;
    } catch (error) {
      await this.forget(ticket);
      throw error;
    }
  }

  private async keep(ticket: Ticket, body: unknown, { request, reply }: Exchange): Promise<void> {
    const headers = Object.fromEntries(KEPT_HEADERS.flatMap((name) => (reply.hasHeader(name) ? [[name, reply.getHeader(name)]] : [])));
    await this.database.run(sql`
      update platform.idempotency set status = ${reply.statusCode}, body = ${JSON.stringify(body ?? null)}::jsonb, headers = ${JSON.stringify(headers)}::jsonb,
             request_hash = ${request.uploadDigest ?? ticket.hash}
      where actor = ${ticket.actor} and key = ${ticket.key}`);
  }

  private async forget({ actor, key }: Ticket): Promise<void> {
    await this.database.run(sql`delete from platform.idempotency where actor = ${actor} and key = ${key}`);
  }

  private async open(ticket: Ticket): Promise<boolean> {
    const now = this.clock.now();
    // A request that a crash cut off is taken up again by its repetition.
    const made = await this.database.run(sql`insert into platform.idempotency as kept (actor, key, route, request_hash, created_at)
      values (${ticket.actor}, ${ticket.key}, ${ticket.route}, ${ticket.hash}, ${now})
      on conflict (actor, key) do update set created_at = excluded.created_at
      where kept.status is null and kept.created_at < ${new Date(now.getTime() - ABANDONED_MS)}
        and kept.route = excluded.route and kept.request_hash = excluded.request_hash`);
    return made === 1;
  }

  private async replay(ticket: Ticket, { request, reply }: Exchange): Promise<Observable<unknown>> {
    const file = request.isMultipart() ? await uploadDigest(request) : undefined;
    for (let tries = 0; tries < PATIENCE; tries++) {
      const kept = await this.database.maybe<Kept>(sql`select route, request_hash as hash, status, body, headers from platform.idempotency
        where actor = ${ticket.actor} and key = ${ticket.key}`);
      if (!kept) break;
      // of a file that is still on its way in no more is known than its length
      const hash = kept.status === null ? ticket.hash : (file ?? ticket.hash);
      if (kept.route !== ticket.route || kept.hash !== hash) throw new DomainError('idempotency_key_reused', { param: 'Idempotency-Key' });
      if (kept.status !== null) {
        void reply.code(kept.status).headers(kept.headers).header('idempotent-replayed', 'true');
        return of(kept.body);
      }
      await pause(WAIT_MS);
    }
    throw new DomainError('idempotency_in_progress', { status: 409, param: 'Idempotency-Key' });
  }
}

function ticketOf(request: FastifyRequest): Ticket | undefined {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || !isApi(request) || key === undefined || !request.viewer) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) throw new DomainError('idempotency_key_invalid', { status: 400, param: 'Idempotency-Key' });
  const text = JSON.stringify(request.body ?? request.headers['content-length'] ?? null);
  return { actor: request.viewer.id, key, route: `POST ${request.url}`, hash: createHash('sha256').update(text).digest('base64url') };
}
