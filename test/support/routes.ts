import { RequestMethod } from '@nestjs/common';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { PUBLIC } from '../../src/platform/http/access.js';
import type { TestApp } from './test-app.js';

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With its parameters: `/api/v1/customers/:id`. */
  path: string;
  open: boolean;
}

/** Every route the controllers register: a new one is walked without a word here. */
export function routesOf(test: TestApp): Route[] {
  const said = test.app.get(Reflector);
  const controllers = [...test.app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const type = metatype as new () => object;
    const base = said.get<string | undefined>('path', type) ?? '';
    const { constructor: _, ...own } = Object.getOwnPropertyDescriptors(type.prototype);
    const handlers = Object.values(own).map((one) => one.value as unknown);
    return handlers.flatMap((handler): Route[] => {
      const path = typeof handler === 'function' ? said.get<string | string[] | undefined>('path', handler) : undefined;
      if (typeof handler !== 'function' || path === undefined) return [];
      const method = (RequestMethod[said.get<number>('method', handler)] ?? '').toLowerCase() as Route['method'];
      const open = said.getAllAndOverride<boolean | undefined>(PUBLIC, [handler, type]) ?? false;
      return [path].flat().map((each) => ({ method, path: `/${base}/${each}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, ''), open }));
    });
  });
}
