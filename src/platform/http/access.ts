import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import './fastify.types.js';

export const PUBLIC = 'access:public';
export const ROLES = 'access:roles';
export const SCOPES = 'access:scopes';

/** Open to everybody. Everything else needs a login or a token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Open to these roles and always to `admin`. On a method it replaces what the controller says. */
export const Roles = (...roles: string[]) => SetMetadata(ROLES, roles);

/** Open to tokens of these scopes too. A token with a scope gets nowhere else, whatever its role. */
export const TokenScopes = (...scopes: string[]) => SetMetadata(SCOPES, scopes);

/** The person or token asking. Modules use it through their typed name in staff.types. */
export const CurrentViewer = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().viewer,
);
