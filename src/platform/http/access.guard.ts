import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { PUBLIC, ROLES, SCOPES } from './access.js';
import { Authenticator, type Viewer } from './authenticator.js';
import { isApi } from './request-kind.js';

const BEARER = /^Bearer\s+(\S+)$/i;

/** Nobody passes unless a route says so: pages by session, the API by bearer token (and, for reading, by session). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const targets = [context.getHandler(), context.getClass()];
    const viewer = await this.identify(request);
    request.viewer = viewer && { ...viewer, requestId: String(request.id), ip: request.ip };
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    if (!request.viewer) throw new DomainError(isApi(request) ? 'unauthenticated' : 'login_required', { status: 401 });
    const scopes = this.reflector.getAllAndOverride<string[] | undefined>(SCOPES, targets);
    if (request.viewer.scope && !scopes?.includes(request.viewer.scope)) throw new DomainError('scope_refused', { status: 403 });
    const roles = this.reflector.getAllAndOverride<string[] | undefined>(ROLES, targets);
    if (roles && request.viewer.role !== 'admin' && !roles.includes(request.viewer.role)) throw new DomainError('role_refused', { status: 403 });
    return true;
  }

  private async identify(request: FastifyRequest): Promise<Viewer | undefined> {
    const token = isApi(request) ? BEARER.exec(request.headers.authorization ?? '')?.[1] : undefined;
    if (token) return this.authenticator.byToken(token);
    const userId = request.session.userId;
    return userId ? this.authenticator.bySession(userId) : undefined;
  }
}
