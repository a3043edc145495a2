import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { PUBLIC } from '../../src/platform/http/access.js';
import type { TestApp } from './test-app.js';

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With its parameters: `/api/v1/customers/:id`. */
  path: string;
  open: boolean;
}

type Handler = () => unknown;
type Controller = new () => Record<string, Handler>;

/** Every route the controllers register, inherited ones too: a new one is walked without a word here. */
export function routesOf(test: TestApp): Route[] {
  const said = test.app.get(Reflector);
  const controllers = [...test.app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const type = metatype as Controller;
    const bases = [said.get<string | string[] | undefined>('path', type) ?? ''].flat();
    const handlers = new MetadataScanner().getAllMethodNames(type.prototype).map((name) => type.prototype[name] as Handler);
    return handlers.flatMap((handler): Route[] => {
      const path = said.get<string | string[] | undefined>('path', handler);
      if (path === undefined) return [];
      const method = (RequestMethod[said.get<number>('method', handler)] ?? '').toLowerCase() as Route['method'];
      const open = said.getAllAndOverride<boolean | undefined>(PUBLIC, [handler, type]) ?? false;
      return bases.flatMap((base) => [path].flat().map((each) => ({ method, path: joined(base, each), open })));
    });
  });
}

const joined = (base: string, path: string): string => `/${base}/${path}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
