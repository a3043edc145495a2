import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DomainError, notFound } from '../kernel/errors.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { DeclaresExport, type ExportSource } from './exports.types.js';

/** The exports the modules declare, collected at boot. */
@Injectable()
export class ExportRegistry implements OnModuleInit {
  private readonly sources = new Map<string, ExportSource>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when two exports bear one code: the boot stops */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: DeclaresExport.KEY })) {
      const source = instance as ExportSource;
      if (this.sources.has(source.code)) throw new Error(`export ${source.code} is declared twice`);
      this.sources.set(source.code, source);
    }
  }

  all(): ExportSource[] {
    return [...this.sources.values()];
  }

  /** @throws DomainError not_found, role_refused */
  forUser(user: CurrentUser, code: string): ExportSource {
    const source = this.sources.get(code);
    if (!source) throw notFound('export', code);
    if (user.role !== 'admin' && !source.roles.includes(user.role)) throw new DomainError('role_refused', { status: 403 });
    return source;
  }
}
