import { Injectable, RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { PUBLIC, ROLES } from './access.js';

/** One address that is served, and who may ask for it. */
export interface RouteRight {
  method: string;
  /** With its parameters: `/api/v1/customers/:id`. */
  path: string;
  /** Besides `admin`; null: everybody who has logged in. */
  roles: readonly string[] | null;
  /** Nobody has to log in for it. */
  open: boolean;
}

type Handler = () => unknown;
type Target = new () => object;

/** What the guard goes by, read from the same metadata: every address that the controllers register, inherited ones too. */
@Injectable()
export class RouteAccess {
  private readonly scanner = new MetadataScanner();
  private known: readonly RouteRight[] | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly reflector: Reflector,
  ) {}

  /** What the page of roles tells of. */
  behindLogin(): readonly RouteRight[] {
    return this.all().filter(({ open }) => !open);
  }

  all(): readonly RouteRight[] {
    this.known ??= this.read();
    return this.known;
  }

  private read(): RouteRight[] {
    const controllers = [...this.modules.values()].flatMap((module) => [...module.controllers.values()]);
    const rights = controllers.flatMap(({ metatype }) => this.ofController(metatype as Target));
    return rights.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method.localeCompare(b.method)));
  }

  private ofController(controller: Target): RouteRight[] {
    // as Nest finds them: inherited ones are served too
    const prototype = controller.prototype as Record<string, Handler>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => this.ofHandler(controller, prototype[name] as Handler));
  }

  private ofHandler(controller: Target, handler: Handler): RouteRight[] {
    const path = this.reflector.get<string | string[] | undefined>('path', handler);
    if (path === undefined) return [];
    const open = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [handler, controller]) ?? false;
    const method = RequestMethod[this.reflector.get<number>('method', handler)] ?? '';
    const roles = this.reflector.getAllAndOverride<string[] | undefined>(ROLES, [handler, controller]) ?? null;
    const bases = [this.reflector.get<string | string[] | undefined>('path', controller) ?? ''].flat();
    return bases.flatMap((base) => [path].flat().map((each) => ({ method, path: joined(base, each), roles, open })));
  }
}

const joined = (base: string, path: string): string => `/${base}/${path}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
