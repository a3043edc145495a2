import type { FastifyReply, FastifyRequest } from 'fastify';
import { useLocale } from '../../platform/http/language.js';
import type { CurrentUser } from '../staff.types.js';

/** Longer ones say nothing more. */
const AGENT_LENGTH = 300;

/** A new session id for the new person: one planted before the login is worth nothing after it. */
export async function openSession(user: CurrentUser, request: FastifyRequest, reply: FastifyReply, now: Date): Promise<void> {
  await request.session.regenerate();
  request.session.userId = user.id;
  request.session.opened = { at: now.toISOString(), ip: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, AGENT_LENGTH) };
  useLocale(reply, user.locale);
}
